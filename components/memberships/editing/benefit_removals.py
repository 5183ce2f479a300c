"""Removing a benefit from a plan: who is affected, and whether it is already scheduled."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database
from components.memberships.editing import plan_benefits, scheduled_changes
from components.memberships.editing.plan_revisions import Pair, Revision
from components.memberships.tables import PlanBenefit


@dataclass(frozen=True, slots=True)
class AffectedMembers:
    """How many people hold the benefit because of this plan now, and how many of them keep it from another one."""

    holders: int
    keep: int


async def people_affected(plan_id: UUID, benefit_id: UUID) -> AffectedMembers:
    (found,) = await database.fetch_as(AffectedMembers, _AFFECTED, plan_id, benefit_id, clock.now())
    return found


_AFFECTED = """
WITH held AS (SELECT e.person, bool_or(m.plan = $1) AS here, bool_or(m.plan <> $1) AS elsewhere
  FROM entitlement e JOIN membership m ON m.id = e.membership
  WHERE e.benefit = $2 AND holds(e.from_at, e.until_at, $3) GROUP BY e.person)
SELECT count(*) FILTER (WHERE here) AS holders, count(*) FILTER (WHERE here AND elsewhere) AS keep FROM held
"""


async def scheduled_removals(plan_id: UUID) -> dict[UUID, datetime]:
    """When the plan stops including what, by benefit, where that is scheduled for the future."""
    until_at = PlanBenefit.until_at
    ends = (PlanBenefit.plan == plan_id) & (until_at > clock.now()) & (until_at > PlanBenefit.from_at)
    rows = await PlanBenefit.select(PlanBenefit.benefit, until_at).where(ends)
    return {row["benefit"]: row["until_at"] for row in rows}


async def remove(plan_id: UUID, benefit_id: UUID, *, at: datetime | None, name: str, by: UUID) -> None:
    """Now, or from a future instant; anyone who joins before then holds it until then.

    Raises `DateHasPassed`, `NotAsDrafted`, `Contradictory` or `Scheduled`.
    """
    if at is None:
        await plan_benefits.detach(plan_id, benefit_id, by=by)
    else:
        await scheduled_changes.publish(_of(plan_id, benefit_id), from_at=at, name=name, by=by)


async def cancel_removal(plan_id: UUID, benefit_id: UUID, *, name: str, by: UUID) -> bool:
    """Cancel a scheduled removal; returns whether there was one."""
    at = (await scheduled_removals(plan_id)).get(benefit_id)
    if at is None:
        return False
    await scheduled_changes.withdraw(_of(plan_id, benefit_id), from_at=at, name=name, by=by)
    return True


def _of(plan_id: UUID, benefit_id: UUID) -> Revision:
    return Revision(taken_back=(Pair(plan_id, benefit_id),))
