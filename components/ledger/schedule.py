"""Scheduled work of the ledger: pending cashback becomes available, and old credit expires."""

from functools import partial

from components.foundation import clock
from components.foundation.operations import one_by_one
from components.ledger import cashback, credit, lots

AT_A_TIME = 500


async def release_and_expire() -> None:
    """Each lot in its own transaction; what one run cannot process waits for the next."""
    await one_by_one.steps(_release, _expire, what="part of the ledger's day")


async def _release() -> None:
    due, now = partial(lots.due_lots, most=AT_A_TIME), clock.now()
    await one_by_one.each_in_lots(
        lambda last: due(now, after=last), lambda row: cashback.release_pending(row.id, row.person),
        what="pending cashback",
    )  # fmt: skip


async def _expire() -> None:
    over, now = partial(lots.expired_lots, most=AT_A_TIME), clock.now()
    await one_by_one.each_in_lots(
        lambda last: over(now, after=last), lambda row: credit.expire(row.id, row.person), what="expired credit"
    )
