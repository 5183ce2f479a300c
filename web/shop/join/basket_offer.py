"""The membership offer in the basket: what joining would take off, whether it pays, and how to join at once."""

from dataclasses import dataclass

from components.checkout.basket import basket_fee_code, priced_basket
from components.checkout.basket.priced_basket import PricedBasket
from components.foundation import formatting
from components.foundation.formatting import money
from components.foundation.languages.words import N_, _
from components.memberships.benefits.combined_effects import best_delivery, context_of
from components.memberships.billing import trials
from components.memberships.discounts.fee_codes import FeeCode
from components.memberships.entitlements.customer_entitlements import MembershipOnHold
from components.memberships.plans import lead_plan, reverse_charges
from components.memberships.plans.plan_catalogue import PlanView
from components.pricing.quotes import Quote
from web.shop.join.join_options import shopper_of
from web.shop.join.membership_estimate import Estimate, estimate_of
from web.shop.join.on_hold_text import on_hold_text
from web.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class BasketMembershipOffer:
    """`words` are the verdict, `note` says what it is based on. A member `is_on_hold` has nothing to join."""

    title: str
    words: str
    points: tuple[str, ...]
    action: str
    href: str
    note: str
    is_on_hold: bool = False


async def estimate_for(basket: PricedBasket, visitor: Visitor) -> Estimate | None:
    """Which plan this basket is offered, for a non-member."""
    return None if visitor.has_membership else await estimate_of(visitor, basket.context)


def members_quote(basket: PricedBasket, visitor: Visitor, found: Estimate | None) -> Quote | None:
    """The same basket at the prices of the plan it is offered, for a non-member: of plans that differ it is the one
    that the verdict and the button name."""
    if visitor.is_member:
        return None
    if found is None:
        return basket.quote_for(lead_plan.context(visitor.at), lead_plan.free_delivery(visitor.at))
    effects = found.plan.all_effects
    return basket.quote_for(context_of(effects), best_delivery(effects))


def members_name(visitor: Visitor, found: Estimate | None) -> str:
    """What the prices of `members_quote` are had with. Whoever is on hold has a plan, which this does not name."""
    if visitor.standing.on_hold:
        return _club()
    return lead_plan.name_of(found.plan, visitor.at) if found else lead_plan.name_at_prices(visitor.at)


async def club_offer(
    basket: PricedBasket, visitor: Visitor, found: Estimate | None, theirs: Quote | None
) -> BasketMembershipOffer | None:
    """`theirs` is the members' quote by the plan that was `found`."""
    plan = lead_plan.current_plan(visitor.at)
    if theirs is None or plan is None:
        return None
    mine = basket.quote_for(visitor.price_context, visitor.standing.free_delivery)
    goods, delivery = mine.goods - theirs.goods, mine.delivery - theirs.delivery
    if goods <= 0 and delivery <= 0:
        return None
    if visitor.standing.on_hold:
        return _on_hold(visitor.standing.on_hold, goods, delivery)
    named = found.plan if found else await reverse_charges.plan_for(plan, visitor.person_id)
    code = await _fee_code(named, basket, visitor)
    action, href = await _way(found, basket, visitor)
    return BasketMembershipOffer(
        title=_("Save %(sum)s on this basket with %(club)s", sum=money(goods + delivery), club=_club()),
        words=found.words if found else "",
        points=(*_savings(goods, delivery), _costs(named), *([_with_code(code)] if code else [])),
        action=action,
        href=href,
        note=" ".join(part for part in (_without_code(code), found.more if found else "") if part),
    )


def _on_hold(held: MembershipOnHold, goods: int, delivery: int) -> BasketMembershipOffer:
    said = on_hold_text(held)
    return BasketMembershipOffer(
        title=said.title,
        words=" ".join([said.words, _("This basket would be %(sum)s less with them.", sum=money(goods + delivery))]),
        points=_savings(goods, delivery),
        action=said.action,
        href=said.href,
        note="",
        is_on_hold=True,
    )


def _costs(plan: PlanView) -> str:
    return _("%(plan)s costs %(price)s", plan=plan.name, price=plan.price_words)


async def _fee_code(plan: PlanView, basket: PricedBasket, visitor: Visitor) -> FeeCode | None:
    """The code in the basket, where it is taken off this plan's fee."""
    stored = basket.context.fee_coupon
    if stored is None:
        return None
    days = await trials.days_for(visitor.person_id, plan)
    return basket_fee_code.joining(basket.shopper, plan, stored, trial_days=days).code


def _with_code(code: FeeCode) -> str:
    first = money(code.first_fee)
    return _("With %(code)s your first payment for it is %(sum)s", code=code.code, sum=first)


def _without_code(code: FeeCode | None) -> str:
    return _("What it costs is given without %(code)s.", code=code.code) if code else ""


def _savings(goods: int, delivery: int) -> tuple[str, ...]:
    points = [_("Member prices: %(sum)s", sum=money(goods))] if goods > 0 else []
    return (*points, *([_("Delivery: %(sum)s", sum=money(delivery))] if delivery > 0 else []))


async def _way(found: Estimate | None, basket: PricedBasket, visitor: Visitor) -> tuple[str, str]:
    """A link to join with this order where it pays, else to the club's benefits."""
    if found is None or not found.is_yes or not found.may_join_here:
        return _("See the benefits of %(club)s", club=_club()), "/join"
    charged = await _charged(found.plan.slug, basket, visitor)
    words = N_("Join and pay %(sum)s now")
    if basket.is_untaxed_yet and not basket.quote.there.inclusive:
        words = N_("Join and pay %(sum)s plus tax now")
    return _(words, sum=money(charged)), f"/checkout?join={found.plan.slug}"


def _club() -> str:
    return formatting.club_name()


async def _charged(plan_slug: str, basket: PricedBasket, visitor: Visitor) -> int:
    """The order at member prices and the fee, as the checkout will show them first."""
    return priced_basket.price(basket.context, await shopper_of(visitor, plan_slug, basket.context)).charged
