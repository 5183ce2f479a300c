"""Rewards of an order, passed to the benefits: cashback, gifts for spending, and their reversal after refunds."""

from datetime import datetime
from uuid import UUID

from components.foundation import database
from components.memberships import benefit_events
from components.memberships.benefits.events import Purchase, PurchaseRefunded
from components.orders import queries
from components.orders.facts import OrderPaid, OrderRefunded, RefundFailed
from components.orders.history import customer_spend
from components.orders.tables import Order
from components.orders.views import OrderView
from components.payments import disputes
from components.payments.facts import DisputeMirrored


async def order_paid(fact: OrderPaid) -> None:
    """May run twice, and after a refund: what was refunded by then is reversed again."""
    order = await queries.by_id(fact.order_id)
    if order is None or order.person is None or order.paid_at is None:
        return
    await benefit_events.order_paid(
        Purchase(
            order_id=order.id,
            number=order.number,
            person_id=order.person,
            base=paid_in_money(order),
            spending=await _spending(order),
            paid_at=order.paid_at,
            returns_until=benefit_events.return_deadline(order.paid_at, days=order.days_to_return),
        )
    )
    if order.refunds or await disputes.of_order(order.id):
        await _given_back(order.id)


async def dispute_decided(fact: DisputeMirrored) -> None:
    """Who has the money back keeps no reward for having paid it; one that is won after all gives it back."""
    if fact.status in ("won", "lost"):
        for order_id in await disputes.orders_of(fact.dispute_id):
            await _given_back(order_id)


async def order_refunded(fact: OrderRefunded | RefundFailed) -> None:
    """May run twice, in any order of the refunds: all that was refunded by now is reversed, and no more."""
    await _given_back(fact.order_id)


def paid_in_money(order: OrderView) -> int:
    """The amount paid for goods, before tax and without delivery, less the share paid with store credit."""
    goods = sum(line.total - (line.tax if order.tax_is_included else 0) for line in order.lines)
    return goods * order.to_pay // order.total if order.total else 0


async def _spending(order: OrderView) -> tuple[tuple[datetime, int], ...]:
    """What the order's person has paid for goods so far, less refunds."""
    return tuple((one.at, one.amount) for one in await customer_spend.of_person(order.person)) if order.person else ()


async def _given_back(order_id: UUID) -> None:
    """With the order locked: of two at once the second counts what the first saw, and never less."""
    async with database.transaction():
        await database.locked(Order, Order.id == order_id)
        order = await queries.by_id(order_id)
        if order is not None:
            await benefit_events.order_refunded(await _come_back(order))


async def _come_back(order: OrderView) -> PurchaseRefunded:
    lost = sum(one.amount for one in await disputes.of_order(order.id) if one.status == "lost")
    made = [refund for refund in order.refunds if refund.status == "succeeded"]
    back = {part.line for refund in made if refund.restocks for part in refund.lines}
    gifts: tuple[UUID, ...] = tuple(line.gift for line in order.lines if line.gift and line.id in back)
    return PurchaseRefunded(
        order_id=order.id,
        number=order.number,
        person_id=order.person,
        refunded=min(sum(refund.amount for refund in made) + _of_order(order, lost), order.total),
        total=order.total,
        spending=await _spending(order),
        gifts=gifts,
    )


def _of_order(order: OrderView, lost: int) -> int:
    """The order's part of what was lost, where a membership was paid with it."""
    return lost * order.to_pay // order.charged if order.charged else 0
