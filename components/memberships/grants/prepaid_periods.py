"""When a prepaid membership starts and ends: after the person's current one, for the length of its plan."""

from datetime import datetime
from uuid import UUID

from components.foundation import clock, database, intervals
from components.memberships.plans.plan_catalogue import PlanView


class OpenEnded(Exception):
    """The person has a membership without an end date; what comes after waits until it ends."""


async def starts_at(person_id: UUID) -> datetime:
    """The first instant from now on without a membership other than the free tier. Raises `OpenEnded`."""
    rows = await database.fetch(
        """SELECT starts_at, ends_at FROM membership
        WHERE holder = $1 AND source <> 'free' AND (ends_at IS NULL OR (ends_at > $2 AND ends_at > starts_at))
        ORDER BY starts_at""",
        person_id, clock.now(),
    )  # fmt: skip
    if any(row["ends_at"] is None for row in rows):
        raise OpenEnded
    return max((row["ends_at"] for row in rows), default=clock.now())


def ends_at(plan: PlanView, starts_at: datetime) -> datetime | None:
    """None for life."""
    return None if plan.interval == "life" else starts_at + intervals.of(plan.interval, plan.interval_count)
