"""Removing a benefit from a plan: who is affected, and whether it is already scheduled."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database
from components.memberships import promises, publishing
from components.memberships.revisions import Pair, Revision


@dataclass(frozen=True, slots=True)
class Hit:
    """How many people hold the benefit because of this plan now, and how many of them keep it from another one."""

    holders: int
    keep: int


async def hit(plan_id: UUID, benefit_id: UUID) -> Hit:
    row = await database.fetch_one(
        """WITH held AS (SELECT e.person, bool_or(m.plan = $1) AS here, bool_or(m.plan <> $1) AS elsewhere
          FROM entitlement e JOIN membership m ON m.id = e.membership
          WHERE e.benefit = $2 AND e.from_at <= $3 AND (e.until_at IS NULL OR e.until_at > $3) GROUP BY e.person)
        SELECT count(*) FILTER (WHERE here) AS holders, count(*) FILTER (WHERE here AND elsewhere) AS keep FROM held""",
        plan_id, benefit_id, clock.now(),
    )  # fmt: skip
    return Hit(**row) if row else Hit(0, 0)


async def planned(plan_id: UUID) -> dict[UUID, datetime]:
    """When the plan stops including what, by benefit, where that is scheduled for the future."""
    rows = await database.fetch(
        "SELECT benefit, until_at FROM plan_benefit WHERE plan = $1 AND until_at > $2 AND until_at > from_at",
        plan_id, clock.now(),
    )  # fmt: skip
    return {row["benefit"]: row["until_at"] for row in rows}


async def take_back(plan_id: UUID, benefit_id: UUID, *, at: datetime | None, name: str, by: UUID) -> None:
    """Now, or from a future instant; anyone who joins before then holds it until then.

    Raises `DateHasPassed`, `NotAsDrafted`, `Contradictory` or `Scheduled`.
    """
    if at is None:
        await promises.take_back(plan_id, benefit_id, by=by)
    else:
        await publishing.publish(_of(plan_id, benefit_id), from_at=at, name=name, by=by)


async def keep(plan_id: UUID, benefit_id: UUID, *, name: str, by: UUID) -> bool:
    """Cancel a scheduled removal; returns whether there was one."""
    at = (await planned(plan_id)).get(benefit_id)
    if at is None:
        return False
    await publishing.withdraw(_of(plan_id, benefit_id), from_at=at, name=name, by=by)
    return True


def _of(plan_id: UUID, benefit_id: UUID) -> Revision:
    return Revision(taken_back=(Pair(plan_id, benefit_id),))
