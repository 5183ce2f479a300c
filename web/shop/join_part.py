"""Joining with an order, as the checkout offers it: plans to choose from, and what each would change here."""

from dataclasses import dataclass

from components import checkout
from components.checkout import Shopper, Shown, Terms
from components.foundation.money import Money
from components.memberships import PlanView
from components.memberships.standing import best_delivery, context_of
from web.shop.lines import Row
from web.templating import money
from web.visitor import Visitor

NOT_NOW = ("", "Not now")
CHANGED = "These are the prices with the choice you made. Look at the new total, then pay."
KNOWN = "You have an account with this e-mail already. Sign in first, and join from here with one click."

More = dict[str, tuple[str, Money | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPart:
    """Small words and the fee beside each plan; `note` says what joining here means."""

    more: More
    note: str


def plain_shopper(visitor: Visitor) -> Shopper:
    return Shopper(visitor.person_id, visitor.standing, visitor.at)


async def shopper_of(visitor: Visitor, plan_slug: str) -> Shopper:
    """The visitor, with what the plan gives if she joins with this order."""
    shopper = plain_shopper(visitor)
    return await checkout.joining.shopper_who_joins(shopper, plan_slug) if plan_slug else shopper


def join_choices(visitor: Visitor) -> list[tuple[str, str]]:
    plans = checkout.joining.plans(plain_shopper(visitor))
    return [NOT_NOW, *((plan.slug, plan.name) for plan in plans)] if plans else []


def offered(visitor: Visitor, shown: Shown, known: Terms) -> JoinPart | None:
    """None when there is nothing to join, or nothing to buy."""
    plans = checkout.joining.plans(plain_shopper(visitor))
    if not plans or not shown.quote.lines:
        return None
    mine = checkout.quote_for(
        shown, known, context=visitor.price_context, benefit=visitor.standing.free_delivery, at=visitor.at
    )
    more: More = {NOT_NOW[0]: ("", None)}
    for plan in plans:
        theirs = checkout.quote_for(
            shown, known, context=context_of(plan.shares), benefit=best_delivery(plan.shares), at=visitor.at
        )
        more[plan.slug] = (_words(plan, mine.total - theirs.total), plan.price)
    return JoinPart(more=more, note=_note(visitor))


def fee_rows(shown: Shown) -> list[Row]:
    """The fee that is paid along with the goods, as a line of the sum."""
    plan = shown.joins
    return [(f"{plan.name}, {plan.price_words}", plan.price, "")] if plan else []


def _words(plan: PlanView, saved: int) -> str:
    if saved <= 0:
        return f"{plan.price_words}. Nothing in this order gets cheaper."
    left = saved - plan.price.amount
    pays = f"That is {money(left)} more than the fee" if left >= 0 else "That alone does not pay the fee"
    return f"{plan.price_words}. This order costs {money(saved)} less. {pays}."


def _note(visitor: Visitor) -> str:
    if visitor.is_signed_in:
        return "The fee is paid together with this order, which has member prices already. It renews until you cancel."
    return (
        "The fee is paid together with this order, which has member prices already. It renews until you cancel. "
        "You get an account with the e-mail above."
    )
