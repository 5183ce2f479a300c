"""Joining with an order, as offered in the checkout: the plans to choose from, and what each would change here."""

from dataclasses import dataclass

from components.checkout.basket.membership_fee import JoinsWithOrder
from components.checkout.basket.priced_basket import PricedBasket, Shopper
from components.checkout.placement import membership_with_order
from components.foundation.formatting import day, money
from components.foundation.money import Money
from components.memberships.benefits.combined_effects import best_delivery, context_of
from components.memberships.billing import trials
from components.pricing import domestic_tax, fee_tax
from web.shop.lines import Row, fee_tax_rows
from web.visitor import Visitor

NOT_NOW = ("", "Not now")
CHANGED = "These are the prices with your choice. Please check the new total before you pay."

More = dict[str, tuple[str, Money | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinOptions:
    """Text beside each plan, and the amount paid now; `note` says what joining here means, `then` what follows."""

    more: More
    note: str
    then: str


def plain_shopper(visitor: Visitor) -> Shopper:
    return Shopper(visitor.person_id, visitor.standing, visitor.at, email=visitor.confirmed_email)


async def shopper_of(visitor: Visitor, plan_slug: str) -> Shopper:
    """The visitor, with the plan's benefits if they join with this order."""
    shopper = plain_shopper(visitor)
    if not plan_slug:
        return shopper
    return await membership_with_order.as_member(shopper, plan_slug)


def join_choices(visitor: Visitor) -> list[tuple[str, str]]:
    plans = membership_with_order.plans_offered(plain_shopper(visitor))
    return [NOT_NOW, *((plan.slug, plan.name) for plan in plans)] if plans else []


async def join_plans(visitor: Visitor, basket: PricedBasket) -> JoinOptions | None:
    """None when there is nothing to join, or nothing to buy."""
    plans = membership_with_order.plans_offered(plain_shopper(visitor))
    if not plans or not basket.quote.lines:
        return None
    mine = basket.quote_for(visitor.price_context, visitor.standing.free_delivery)
    more: More = {NOT_NOW[0]: ("", None)}
    for plan in plans:
        theirs = basket.quote_for(context_of(plan.all_effects), best_delivery(plan.all_effects))
        joins = JoinsWithOrder(plan, await trials.days_for(visitor.person_id, plan))
        more[plan.slug] = (_words(joins, mine.total - theirs.total), Money(joins.fee, plan.price.currency))
    return JoinOptions(more=more, note=_note(visitor, basket.joins), then=_then(basket.joins, visitor))


def fee_rows(basket: PricedBasket) -> list[Row]:
    """The fee that is paid along with the goods, as a line of the total."""
    joins = basket.joins
    if joins is None:
        return []
    currency = joins.plan.price.currency
    taxes = fee_tax.shares(joins.fee, joins.plan.tax_category, domestic_tax.at_home())
    return [
        (joins.words, Money(joins.fee, currency), ""),
        *fee_tax_rows([(each.tax.name, each.tax.rate_bp, each.amount) for each in taxes], currency),
    ]


def _words(joins: JoinsWithOrder, saved: int) -> str:
    free = f"{joins.trial_days} days free, then " if joins.trial_days else ""
    said = f"{free}{joins.plan.price_words}."
    if saved <= 0:
        return f"{said} Nothing in this order would be cheaper."
    less = f"{said} You save {money(saved)} on this order."
    return less if joins.trial_days else f"{less} {_pays(saved - joins.fee)}"


def _pays(left: int) -> str:
    """Whether the order's savings cover the fee due with it; `left` is the difference, in minor units."""
    return f"That is {money(left)} more than the fee." if left >= 0 else "This order alone won’t cover the fee."


def _note(visitor: Visitor, joins: JoinsWithOrder | None) -> str:
    account = "" if visitor.is_signed_in else " You’ll need an account: we’ll e-mail you a code before you pay."
    if joins and joins.trial_days:
        trial = "The trial starts with this order, which already has member prices. One trial per person."
        return f"{trial} If you cancel, this order’s price does not change.{account}"
    had_one = "You have already had a trial, so the fee is due now. " if joins and joins.plan.trial_days else ""
    fee = "You pay the fee together with this order, which already has member prices."
    return f"{had_one}{fee} Your membership renews until you cancel.{account}"


def _then(joins: JoinsWithOrder | None, visitor: Visitor) -> str:
    """What will be charged later, next to the total that is paid now."""
    if joins is None or not joins.trial_days:
        return ""
    first = day(joins.first_fee_at(visitor.at))
    return (
        f"You pay nothing for {joins.plan.name} today. Your card is saved: the first {money(joins.plan.price)} is "
        f"charged on {first}, then {joins.plan.price_words}, unless you cancel before then."
    )
