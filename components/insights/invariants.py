"""All invariants of the shop, by component; and the movements compared with the rows."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from components.behaviour import invariants as behaviour
from components.catalog import invariants as catalog
from components.checkout import invariants as checkout
from components.consents import invariants as consents
from components.content import invariants as content
from components.foundation import clock, database
from components.foundation.consistency import audit_invariants, invariant_walks
from components.foundation.consistency.all_references import all_references
from components.foundation.consistency.invariant_rules import Invariant, References, references
from components.foundation.consistency.invariant_walks import Broken
from components.foundation.consistency.table_keys import Extent
from components.insights import order_invariants, reward_invariants
from components.insights.billing_invariants import BILLING, EMAILS
from components.insights.movements import movement_invariants
from components.insights.rollups import kept_invariants
from components.insights.tables import CheckedUntil, Movement
from components.invoices import invariants as invoices
from components.ledger import invariants as ledger
from components.memberships import invariants as memberships
from components.messaging import invariants as messaging
from components.orders import invariants as orders
from components.payments import invariants as payments
from components.payments.billing_requests import late_requests
from components.people import invariants as people
from components.pricing import invariants as pricing

FIGURES = "figures"
NEWS_SECONDS = 120
"""At night: for so long what has arrived may take to be worked off."""


@dataclass(frozen=True)
class Part:
    """One part of the shop, and its currently broken invariants."""

    name: str
    found: tuple[Broken, ...]

    @property
    def broken(self) -> tuple[str, ...]:
        return tuple(one.words for one in self.found)


REFERENCES = references((Movement,), [(Movement.person, "person")])
"""Rows that must be there, of other components too."""


def parts() -> dict[str, tuple[Invariant | References, ...]]:
    """Every rule of the shop, by part."""
    return {
        "catalogue and stock": catalog.RULES,
        "coupons": pricing.RULES,
        "payments": payments.RULES,
        "orders": (*orders.RULES, *order_invariants.ORDERS),
        "invoices": invoices.RULES,
        "checkout": checkout.RULES,
        "memberships": (*memberships.RULES, *BILLING),
        "ledger": ledger.RULES,
        "gifts and codes": reward_invariants.REWARDS,
        "people and journal": (*people.RULES, *content.RULES),
        "visits": behaviour.RULES,
        "emails": (*EMAILS, *messaging.RULES, *consents.RULES),
        "audit log": audit_invariants.RULES,
        "what rows refer to": all_references(),
        FIGURES: movement_invariants.RULES,
    }


async def examine(extent: Extent | None = None) -> AsyncIterator[Part]:
    """Everything, or as much as the extent says."""
    extent = extent or Extent()
    for name, rules in parts().items():
        found = await invariant_walks.broken(rules, extent)
        if name == FIGURES:
            found += await movement_invariants.against_payments(extent)
            found += await kept_invariants.against_rows(extent)
        yield Part(name, tuple(found))


async def overdue() -> AsyncIterator[Part]:
    """What is true of the present moment only, and not of the data: a backup may hold it in good order."""
    late = [Broken("overdue requests to Stripe", words) for words in await late_requests.in_words()]
    yield Part("requests to Stripe", tuple(late))
    failed = await database.fetch_rows(_FAILED_JOBS)
    words = [f"{task}: {times} failed, see /staff/jobs" for task, times in failed]
    yield Part("background jobs", tuple(Broken("failed jobs", each) for each in words))


_FAILED_JOBS = """
SELECT task_name, count(*) AS times FROM insights_jobs WHERE status = 'failed' GROUP BY task_name ORDER BY task_name
"""


async def in_passing() -> Extent:
    """What is new since the last check, and a sample of the rest of each large table."""
    rows = await CheckedUntil.select(CheckedUntil.checked_table, CheckedUntil.key)
    return Extent(is_full=False, since={row["checked_table"]: row["key"] for row in rows})


async def remember(extent: Extent) -> None:
    """Nothing was broken: the next check in passing begins where this one ended, but for what it did not finish."""
    rows = [(table, key, clock.now()) for table, key in extent.newest.items() if table not in extent.unfinished]
    await database.execute_many(_REMEMBER, rows)


_REMEMBER = """
INSERT INTO checked_until (checked_table, key, at) VALUES ($1, $2, $3)
ON CONFLICT (checked_table) DO UPDATE SET key = greatest(checked_until.key, excluded.key), at = excluded.at"""


async def nightly() -> list[str]:
    """A check in passing, as a sentence for each thing that is broken, and for each that could not be checked."""
    extent = await in_passing()
    extent.patience = NEWS_SECONDS
    found = [words async for part in examine(extent) for words in part.broken]
    if not found:
        await remember(extent)
    return [*found, *extent.unchecked, *extent.put_off]


async def invariants() -> list[str]:
    """The movement ledger is consistent, and equals what was paid for, month by month and to the penny.

    While facts are queued, what they report may not be recorded yet.
    """
    found = await invariant_walks.broken(movement_invariants.RULES)
    return [one.words for one in [*found, *await movement_invariants.against_payments()]]
