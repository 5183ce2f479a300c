"""Memberships that ran and ended in another system, imported so that a member's history is complete."""

from datetime import datetime
from uuid import UUID

from components.foundation import database, ids
from components.memberships import holdings
from components.memberships.offers import PlanView
from components.memberships.tables import PaidPeriod, Subscription

LAST_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


async def bring_in(
    payer: UUID, plan: PlanView, *, started_at: datetime, ended_at: datetime, reason: str
) -> Subscription:
    """A subscription that is over, with its periods as paid there. No `reason` means that the payment failed.

    It does not exist at Stripe. Active ones are not imported this way: somebody has to go on billing them.
    """
    made = Subscription(
        id=ids.new(), payer=payer, plan_version=plan.version_id, status="cancelled", created_at=started_at,
        started_at=started_at, cancel_at=ended_at if reason else None, cancel_reason=reason or None, ended_at=ended_at,
    )  # fmt: skip
    paid = periods(started_at, ended_at, interval=plan.interval, count=plan.interval_count)
    made.current_period_start, made.current_period_end = paid[-1]
    async with database.transaction():
        await Subscription.insert(made)
        await PaidPeriod.insert(*[_period(made, plan, number, span) for number, span in enumerate(paid)])
        await holdings.begin(
            payer, plan_id=plan.id, source="subscription", source_id=made.id, starts_at=started_at, ends_at=ended_at
        )
    return made


def periods(start: datetime, end: datetime, *, interval: str, count: int) -> list[tuple[datetime, datetime]]:
    """The billing periods from `start` that had begun before `end`; the last one may have been cut short.

    Each is counted from the first day: 31 January, 28 February, 31 March.
    """
    found: list[tuple[datetime, datetime]] = []
    months = count * (12 if interval == "year" else 1)
    while (begins := months_later(start, months * len(found))) < end:
        found.append((begins, min(months_later(start, months * (len(found) + 1)), end)))
    return found


def months_later(start: datetime, months: int) -> datetime:
    """The same day so many months later, or the last of a month that is too short for it."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    leap = month == 1 and ((year % 4 == 0 and year % 100 != 0) or year % 400 == 0)
    return start.replace(year=year, month=month + 1, day=min(start.day, LAST_DAYS[month] + leap))


def _period(made: Subscription, plan: PlanView, number: int, span: tuple[datetime, datetime]) -> PaidPeriod:
    return PaidPeriod(
        id=ids.new(), subscription=made.id, invoice=f"elsewhere:{made.id}:{number + 1}",
        starts_at=span[0], ends_at=span[1],
        amount=plan.price.amount, currency=plan.price.currency, paid_at=span[0],
    )  # fmt: skip
