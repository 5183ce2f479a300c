"""`python -m tests.operate.counting`: how many orders are paid in the shop of the environment's data folder."""

from components.foundation import database
from components.foundation.operations import terminal


async def count() -> None:
    print(await database.fetch_value("SELECT count(*) FROM orders WHERE paid_at IS NOT NULL"))


if __name__ == "__main__":
    terminal.run(count)
