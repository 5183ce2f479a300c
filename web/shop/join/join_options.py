"""Joining with an order, as offered in the checkout: the plans to choose from, and what each would change here."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.checkout.basket import basket_fee_code, joinable_plans
from components.checkout.basket.basket_context import BasketContext
from components.checkout.basket.membership_fee import JoinsWithOrder
from components.checkout.basket.priced_basket import PricedBasket, Shopper
from components.checkout.placement import membership_with_order
from components.foundation.formatting import day, money
from components.foundation.languages.words import N_, _, n_
from components.foundation.money import Money
from components.memberships.benefits.combined_effects import best_delivery, context_of
from components.memberships.billing import trials
from components.memberships.plans import reverse_charges
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.plans.reverse_charges import FeeOfBusiness
from components.pricing import fee_destination
from web.shop.join.plan_offer_text import offer_words
from web.shop.lines import Row, coupon_row, fee_tax_rows
from web.visitor import Visitor

NOT_NOW = ("", N_("Not now"))
CHANGED = N_("These are the prices with your choice. Please check the new total before you pay.")

More = dict[str, tuple[str, Money | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinOptions:
    """Text beside each plan, and the amount paid now; `note` says what joining here means, `then` what follows.

    `full` are plans without a place for them; where there is no other, nothing is chosen.
    """

    more: More
    note: str
    then: str
    full: tuple[PlanView, ...] = ()


def plain_shopper(visitor: Visitor) -> Shopper:
    return Shopper(visitor.person_id, visitor.standing, visitor.at, email=visitor.confirmed_email)


async def shopper_of(visitor: Visitor, plan_slug: str, context: BasketContext) -> Shopper:
    """The visitor, with the plan's benefits if they join with this order; its fee with the code in the basket."""
    shopper = plain_shopper(visitor)
    if not plan_slug:
        return shopper
    return await membership_with_order.as_member(shopper, plan_slug, context.fee_coupon)


async def join_choices(visitor: Visitor) -> list[tuple[str, str]]:
    plans = await joinable_plans.offered(plain_shopper(visitor))
    return [(NOT_NOW[0], _(NOT_NOW[1])), *((plan.slug, plan.name) for plan in plans)] if plans else []


async def join_plans(visitor: Visitor, basket: PricedBasket) -> JoinOptions | None:
    """None when there is nothing to join, or nothing to buy."""
    plans, full = (
        await joinable_plans.offered(plain_shopper(visitor)),
        await joinable_plans.full(plain_shopper(visitor)),
    )
    if not (plans or full) or not basket.quote.lines:
        return None
    if not plans:
        return JoinOptions(more={}, note="", then="", full=full)
    mine = basket.quote_for(visitor.price_context, visitor.standing.free_delivery)
    more: More = {NOT_NOW[0]: ("", None)}
    business = await reverse_charges.of_payer(visitor.person_id)
    for offered in plans:
        plan = await reverse_charges.price_for(offered, business)
        theirs = basket.quote_for(context_of(plan.all_effects), best_delivery(plan.all_effects))
        days = await trials.days_for(visitor.person_id, plan)
        joins = basket_fee_code.joining(basket.shopper, plan, basket.context.fee_coupon, trial_days=days)
        said = " ".join(
            filter(None, (_words(joins, mine.total - theirs.total), await offer_words(plan, visitor.person_id)))
        )
        more[plan.slug] = (said, Money(joins.fee, plan.price.currency))
    note = " ".join(filter(None, [_note(visitor, basket.joins, plans), _tax_note(basket, business)]))
    return JoinOptions(more=more, note=note, then=_then(basket.joins, visitor), full=full)


def fee_rows(basket: PricedBasket) -> list[Row]:
    """The fee that is paid along with the goods, as a line of the total."""
    joins = basket.joins
    if joins is None:
        return []
    currency = joins.plan.price.currency
    there = fee_destination.of((basket.buyer.country, basket.buyer.region))
    taxes = joins.taxes(there)
    return [
        (joins.words, Money(joins.whole_fee, currency), ""),
        *coupon_row(joins.code.code if joins.code else "", joins.off, currency),
        *fee_tax_rows([(each.tax.name, each.tax.rate_bp, each.amount) for each in taxes], currency),
    ]


def _words(joins: JoinsWithOrder, saved: int) -> str:
    said = f"{joins.plan.price_words}."
    if joins.trial_days:
        said = n_(
            "%(num)s day free, then %(price)s.",
            "%(num)s days free, then %(price)s.",
            joins.trial_days,
            price=joins.plan.price_words,
        )
    if joins.off and joins.code:
        said = " ".join([said, _("%(sum)s today with %(code)s.", sum=money(joins.fee), code=joins.code.code)])
    if saved <= 0:
        return " ".join([said, _("Nothing in this order would be cheaper.")])
    less = " ".join([said, _("You save %(sum)s on this order.", sum=money(saved))])
    return less if joins.trial_days else f"{less} {_pays(saved - joins.fee)}"


def _pays(left: int) -> str:
    """Whether the order's savings cover the fee due with it; `left` is the difference, in minor units."""
    if left < 0:
        return _("This order alone won’t cover the fee.")
    if left == 0:
        return _("That is exactly the fee.")
    return _("That is %(sum)s more than the fee.", sum=money(left))


def _note(visitor: Visitor, joins: JoinsWithOrder | None, plans: Sequence[PlanView]) -> str:
    said: list[str] = []
    if joins and joins.trial_days:
        said += [_("The trial starts with this order, which already has member prices. One trial per person.")]
        said += [_("If you cancel, this order’s price does not change.")]
    else:
        if joins and joins.plan.trial_days:
            said += [_("You have already had a trial, so the fee is due now.")]
        said += [_("You pay the fee together with this order, which already has member prices.")]
        said += [_ends(joins.plan)] if joins else [_ends(plans[0])] if all(plan.renews for plan in plans) else []
    if not visitor.is_signed_in:
        said += [_("You’ll need an account: we’ll e-mail you a code before you pay.")]
    return " ".join(said)


def _ends(plan: PlanView) -> str:
    if plan.renews:
        return _("Your membership renews until you cancel.")
    return _("It doesn’t renew.") if plan.interval == "life" else _("It doesn’t renew and ends automatically.")


def _tax_note(basket: PricedBasket, business: FeeOfBusiness | None) -> str:
    """Why there is no tax in the fee; or how a business whose order has none pays a fee without."""
    if basket.joins is None:
        return ""
    if basket.joins.plan.is_net:
        return business.there.note if business else ""
    buyer = basket.buyer
    if fee_destination.of_business((buyer.country, buyer.region), buyer.vat_number) is None:
        return ""
    return _(
        "The fee has its tax in it: it is without tax once your VAT number is in the invoice address of your account."
    )


def _then(joins: JoinsWithOrder | None, visitor: Visitor) -> str:
    """What will be charged later, next to the total that is paid now."""
    if joins is None or not joins.trial_days:
        return ""
    if joins.code is not None:
        return _(
            "You pay nothing for %(plan)s today. Your card is saved: the first %(sum)s is charged on %(day)s, unless "
            "you cancel before then.",
            plan=joins.plan.name,
            sum=money(joins.code.first_fee),
            day=day(joins.first_fee_at(visitor.at)),
        )
    return _(
        "You pay nothing for %(plan)s today. Your card is saved: the first %(sum)s is charged on %(day)s, "
        "then %(price)s, unless you cancel before then.",
        plan=joins.plan.name,
        sum=money(joins.plan.price),
        day=day(joins.first_fee_at(visitor.at)),
        price=joins.plan.price_words,
    )
