"""Rules that hold between orders and the mirror of Stripe: an order is paid exactly when its money is there."""

from uuid import UUID

from components.foundation import database
from components.orders import completion, flags
from components.orders.tables import Order
from components.payments.checkout_sessions import pages
from components.payments.differences.difference_rules import AtStripe, DifferenceRule, Found, amount_words
from components.payments.tables import CheckoutSession

NO_MONEY = "Marked as paid, but Stripe has no payment for it. Check before you ship it."


async def order_without_money(seen: AtStripe) -> list[Found]:
    """Also an order whose payment is Stripe's, but was never captured."""
    found = []
    for order_id in await database.fetch_values(_PAID, seen.since, NO_MONEY):
        known = await pages.for_order(order_id)
        if known is None or not known.is_paid or not _is_captured(known, seen):
            found.append(Found(str(order_id), "paid", "no captured payment", order_id))
    return found


def _is_captured(page: CheckoutSession, seen: AtStripe) -> bool:
    """A payment that Stripe did not list is older, or was for an invoice: its mirror is believed."""
    intent = seen.intents.get(page.payment_intent or "")
    return intent is None or intent.received >= page.amount


_PAID = """
SELECT id FROM orders WHERE paid_at >= $1 AND position($2 IN flag) = 0 AND total - credit > 0
  AND coalesce(payment_reference, '') NOT LIKE 'elsewhere:%'
"""


async def flag_order(subject: str) -> str:
    """Read once more; if the money is still not there, staff must look at it before it is sent."""
    page = await pages.for_order(UUID(subject))
    if page is not None:
        page = await pages.sync(page)
    async with database.transaction():
        order = await database.locked(Order, Order.id == UUID(subject))
        if order is None:
            return "There is no such order any more."
        await flags.raise_flag(order, NO_MONEY)
    return f"Order {order.number} is flagged: check it before it is shipped."


async def money_without_order(seen: AtStripe) -> list[Found]:
    """Its payment is recorded here, and the order still waits."""
    unpaid = Order.paid_at.is_null() & (Order.placed_at >= seen.since)
    found = []
    for order_id in await Order.select(Order.id).where(unpaid).output(as_list=True):
        page = await pages.for_order(order_id)
        if page is not None and page.paid_at is not None and seen.is_settled(page.paid_at):
            found.append(
                Found(str(order_id), "not paid", f"{amount_words(page.amount, page.currency)} received", order_id)
            )
    return found


async def complete_order(subject: str) -> str:
    order = await completion.complete(UUID(subject))
    if order.is_paid:
        return f"Order {order.number} is paid now."
    return f"Order {order.number} is flagged: the amount received is not its total."


ORDER_RULES = (
    DifferenceRule(
        "order_without_money",
        "An order is paid here without captured money",
        "Flag the order",
        order_without_money,
        flag_order,
    ),
    DifferenceRule(
        "money_without_order",
        "Money arrived for an order that isn’t paid here",
        "Complete the order",
        money_without_order,
        complete_order,
    ),
)
