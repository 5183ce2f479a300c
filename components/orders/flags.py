"""Flags: orders that staff must look at, and why. Each reason is a line of its own."""

from uuid import UUID

from components.foundation import audit, clock, database, outbox
from components.foundation.database import transaction
from components.foundation.refusals import NotFound, Refusal
from components.orders.facts import OrderFlagged
from components.orders.tables import Order


class FlaggedMeanwhile(Refusal):
    message = "Something else about this order needs attention since you opened this page. Nothing was marked."
    status = 409


async def raise_flag(order: Order, words: str) -> None:
    """Within the transaction that holds the order. Said beside what it is flagged for already, and once."""
    known, one = order.flag.splitlines(), " ".join(words.split())
    if one not in known:
        order.flagged_at, order.flag = clock.now(), "\n".join([*known, one])
        await order.save(columns=[Order.flagged_at, Order.flag])
        await outbox.announce(OrderFlagged(order.id))


def lower(order: Order, beginning: str) -> None:
    """Within the transaction that holds the order and saves it: what begins so is dealt with, other reasons stay."""
    order.flag = "\n".join(one for one in order.flag.splitlines() if not one.startswith(beginning))
    order.flagged_at = order.flagged_at if order.flag else None


async def note(order_id: UUID, words: str) -> None:
    """Flag the order for staff. May be repeated."""
    async with transaction():
        order = await database.locked(Order, Order.id == order_id)
        if order is not None:
            await raise_flag(order, words)


async def clear(order_id: UUID, *, seen: str, by: UUID) -> None:
    """Staff have dealt with what they have `seen`. Raises `FlaggedMeanwhile` where that isn't all of it."""
    async with transaction():
        order = await database.locked(Order, Order.id == order_id)
        if order is None:
            raise NotFound("We could not find this order.")
        if not order.is_flagged:
            return
        if order.flag != seen:
            raise FlaggedMeanwhile
        order.flagged_at, order.flag = None, ""
        await order.save(columns=[Order.flagged_at, Order.flag])
        await audit.record(by, "issue resolved", "order", order.number, before={"flag": seen})
