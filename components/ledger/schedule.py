"""What the ledger has done at fixed times: cashback may be spent once its waiting is over, and what is too old goes."""

from components.foundation import clock
from components.ledger import cashback, credit, lots

AT_A_TIME = 500


async def move_on() -> None:
    """Each lot in a transaction of its own; those that a minute could not reach wait for the next."""
    while due := await lots.due(clock.now(), most=AT_A_TIME):
        for row in due:
            await cashback.ripen(row["id"], row["person"])
    while over := await lots.over(clock.now(), most=AT_A_TIME):
        for row in over:
            await credit.expire(row["id"], row["person"])
