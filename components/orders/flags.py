"""Flags: orders that staff must look at, and why."""

from uuid import UUID

from components.foundation import audit, clock, database, outbox
from components.foundation.database import transaction
from components.foundation.refusals import NotFound
from components.orders.facts import OrderFlagged
from components.orders.tables import Order


async def raise_flag(order: Order, words: str) -> None:
    """Within the transaction that holds the order. An existing flag stays as it is."""
    if not order.is_flagged:
        order.flagged_at, order.flag = clock.now(), words
        await order.save(columns=[Order.flagged_at, Order.flag])
        await outbox.announce(OrderFlagged(order.id))


async def note(order_id: UUID, words: str) -> None:
    """Flag the order for staff. An existing flag stays as it is."""
    async with transaction():
        order = await database.locked(Order, Order.id == order_id)
        if order is not None:
            await raise_flag(order, words)


async def clear(order_id: UUID, *, by: UUID) -> None:
    """Staff have dealt with it."""
    async with transaction():
        order = await database.locked(Order, Order.id == order_id)
        if order is None:
            raise NotFound("We could not find this order.")
        if order.is_flagged:
            words = order.flag
            order.flagged_at, order.flag = None, ""
            await order.save(columns=[Order.flagged_at, Order.flag])
            await audit.record(by, "issue resolved", "order", order.number, before={"flag": words})
