"""All invariants of the shop, by component; and the movements compared with the rows."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from components.catalog import invariants as catalog_invariants
from components.checkout import invariants as checkout_invariants
from components.foundation import database
from components.insights import order_invariants
from components.insights.movements import movement_invariants
from components.ledger import invariants as ledger_invariants
from components.memberships import invariants as membership_invariants
from components.payments import invariants as payment_invariants
from components.payments.billing_requests import late_requests
from components.pricing import invariants as pricing_invariants

_ORPHANED_LETTERS = "SELECT key, count(*) AS times FROM insights_emails GROUP BY key HAVING count(*) > 1"


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


async def overdue() -> AsyncIterator[Part]:
    """What is true of the present moment only, and not of the data: a backup may hold it in good order."""
    yield Part("requests to Stripe", tuple(await late_requests.in_words()))
    failed = await database.fetch_rows(_FAILED_JOBS)
    yield Part("background jobs", tuple(f"{task}: {times} failed, see /staff/jobs" for task, times in failed))


_FAILED_JOBS = """
SELECT task_name, count(*) AS times FROM insights_jobs WHERE status = 'failed' GROUP BY task_name ORDER BY task_name
"""


async def _emails() -> list[str]:
    return [f"E-mail {row['key']} was created {row['times']} times" for row in await database.fetch(_ORPHANED_LETTERS)]


async def invariants() -> list[str]:
    """The movement ledger is consistent, and equals what was paid for, month by month and to the penny.

    While facts are queued, what they report may not be recorded yet.
    """
    broken = await movement_invariants.chains()
    if await database.fetch_value("SELECT EXISTS (SELECT FROM insights_jobs WHERE status IN ('todo', 'doing'))"):
        return broken
    return [*broken, *await movement_invariants.against_payments()]
