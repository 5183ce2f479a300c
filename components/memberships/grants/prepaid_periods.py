"""When what was paid beforehand begins and ends: after what she has already, for the length of its plan."""

from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock
from components.memberships.grants.imported_memberships import months_later
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Membership


class OpenEnded(Exception):
    """She has a membership that goes on until she ends it; what comes after waits for that."""


async def starts_at(person_id: UUID) -> datetime:
    """The first instant from now on at which she has no membership but the free tier. Raises `OpenEnded`."""
    now, ends_at = clock.now(), Membership.ends_at
    is_hers = (Membership.holder == person_id) & (Membership.source != "free")
    still_runs = ends_at.is_null() | ((ends_at > now) & (ends_at > Membership.starts_at))
    ends = await Membership.select(ends_at).where(is_hers & still_runs).output(as_list=True)
    if any(end is None for end in ends):
        raise OpenEnded
    return max(ends, default=now)


def ends_at(plan: PlanView, starts_at: datetime) -> datetime | None:
    """None for life."""
    if plan.interval == "life":
        return None
    if plan.interval == "week":
        return starts_at + timedelta(weeks=plan.interval_count)
    return months_later(starts_at, plan.interval_count * (12 if plan.interval == "year" else 1))
