"""When a prepaid membership starts and ends: after the person's current one, for the length of its plan."""

from datetime import datetime
from uuid import UUID

from components.foundation import clock, intervals
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Membership


class OpenEnded(Exception):
    """The person has a membership without an end date; what comes after waits until it ends."""


async def starts_at(person_id: UUID) -> datetime:
    """The first instant from now on without a membership other than the free tier. Raises `OpenEnded`."""
    now, ends_at = clock.now(), Membership.ends_at
    is_hers = (Membership.holder == person_id) & (Membership.source != "free")
    still_runs = ends_at.is_null() | ((ends_at > now) & (ends_at > Membership.starts_at))
    ends = await Membership.select(ends_at).where(is_hers & still_runs).output(as_list=True)
    if any(end is None for end in ends):
        raise OpenEnded
    return max(ends, default=now)


def ends_at(plan: PlanView, starts_at: datetime) -> datetime | None:
    """None for life."""
    return None if plan.interval == "life" else intervals.later(starts_at, plan.interval, plan.interval_count)
