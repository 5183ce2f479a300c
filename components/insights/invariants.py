"""All invariants of the shop, by component; and the movements compared with the rows."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from components.catalog import invariants as catalog_invariants
from components.checkout import invariants as checkout_invariants
from components.foundation import clock, database
from components.insights import order_invariants
from components.insights.movements.mrr import per_month
from components.ledger import invariants as ledger_invariants
from components.memberships import invariants as membership_invariants
from components.payments import invariants as payment_invariants
from components.pricing import invariants as pricing_invariants

_ORPHANED_LETTERS = "SELECT key, count(*) AS times FROM insights_emails GROUP BY key HAVING count(*) > 1"
_BROKEN_CHAIN = """
SELECT person, turn FROM (
  SELECT person, turn, amount, balance, lag(balance, 1, 0::bigint) OVER (PARTITION BY person ORDER BY turn) AS before,
    row_number() OVER (PARTITION BY person ORDER BY turn) AS place FROM movement) chain
WHERE balance <> before + amount OR turn <> place
"""
_AGAINST_ROWS = """
SELECT s.payer, s.price, s.interval, s.interval_count
FROM insights_memberships m JOIN insights_subscriptions s ON s.id = m.source_id
WHERE m.source = 'subscription' AND holds(m.starts_at, m.ends_at, $1)
  AND s.status IN ('active', 'past_due')
"""


@dataclass(frozen=True)
class Part:
    """One part of the shop, and its currently broken invariants."""

    name: str
    broken: tuple[str, ...]


async def examine() -> AsyncIterator[Part]:
    for name, invariants in _parts():
        yield Part(name, tuple(await invariants()))


def _parts() -> tuple[tuple[str, Callable[[], Awaitable[list[str]]]], ...]:
    return (
        ("catalogue and stock", catalog_invariants.invariants),
        ("coupons", pricing_invariants.invariants),
        ("payments", payment_invariants.invariants),
        ("orders", order_invariants.of_orders),
        ("checkout", checkout_invariants.invariants),
        ("memberships", membership_invariants.invariants),
        ("ledger", ledger_invariants.invariants),
        ("gifts and codes", order_invariants.of_rewards),
        ("emails", _emails),
        ("figures", invariants),
    )


async def _emails() -> list[str]:
    return [f"E-mail {row['key']} was created {row['times']} times" for row in await database.fetch(_ORPHANED_LETTERS)]


async def invariants() -> list[str]:
    """The movement ledger is consistent, and its sum equals the running subscriptions, to the penny.

    A membership that began or ended in the last few minutes may not be recorded yet: its fact is still queued.
    """
    broken = [
        f"Movement {row['turn']} of {row['person']} does not follow the one before it"
        for row in await database.fetch(_BROKEN_CHAIN)
    ]
    if await database.fetch_value("SELECT EXISTS (SELECT FROM insights_jobs WHERE status IN ('todo', 'doing'))"):
        return broken
    noted = {row["person"]: row["sum"] for row in await database.fetch(
        "SELECT person, sum(amount)::bigint AS sum FROM movement GROUP BY person HAVING sum(amount) <> 0")}  # fmt: skip
    running: dict[object, int] = {}
    for payer, price, interval, count in await database.fetch_rows(_AGAINST_ROWS, clock.now()):
        running[payer] = running.get(payer, 0) + per_month(price, interval=interval, count=count)
    for person in noted.keys() | {payer for payer, fee in running.items() if fee}:
        if noted.get(person, 0) != running.get(person, 0):
            broken.append(
                f"{person} pays {running.get(person, 0)} a month; the movements add up to {noted.get(person, 0)}"
            )
    return broken
