"""Scheduled work of the ledger: pending cashback becomes available, and old credit expires."""

from components.foundation import clock
from components.ledger import cashback, credit, lots

AT_A_TIME = 500


async def release_and_expire() -> None:
    """Each lot in its own transaction; what one run cannot process waits for the next."""
    while due := await lots.due_lots(clock.now(), most=AT_A_TIME):
        for row in due:
            await cashback.release_pending(row.id, row.person)
    while over := await lots.expired_lots(clock.now(), most=AT_A_TIME):
        for row in over:
            await credit.expire(row.id, row.person)
