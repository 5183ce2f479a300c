"""Scheduled work of the ledger: pending cashback becomes available, and old credit expires."""

from components.foundation import clock
from components.ledger import cashback, credit, lots

AT_A_TIME = 500


async def move_on() -> None:
    """Each lot in its own transaction; what one run cannot process waits for the next."""
    while due := await lots.due(clock.now(), most=AT_A_TIME):
        for row in due:
            await cashback.ripen(row["id"], row["person"])
    while over := await lots.over(clock.now(), most=AT_A_TIME):
        for row in over:
            await credit.expire(row["id"], row["person"])
