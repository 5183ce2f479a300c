"""Scheduled work of the ledger: pending cashback becomes available, and old credit expires."""

from components.foundation import clock
from components.foundation.operations import one_by_one
from components.ledger import cashback, credit, lots

AT_A_TIME = 500


async def release_and_expire() -> None:
    """Each lot in its own transaction; what one run cannot process waits for the next."""
    await one_by_one.each((_release, _expire), lambda part: part(), what="part of the ledger's day")


async def _release() -> None:
    while due := await lots.due_lots(clock.now(), most=AT_A_TIME):
        await one_by_one.each(due, lambda row: cashback.release_pending(row.id, row.person), what="pending cashback")


async def _expire() -> None:
    while over := await lots.expired_lots(clock.now(), most=AT_A_TIME):
        await one_by_one.each(over, lambda row: credit.expire(row.id, row.person), what="expired credit")
