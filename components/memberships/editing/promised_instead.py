"""What a plan includes by now in place of what some of its members were promised: they don't get it beside that.

Staff may put into the plan themselves what an experiment gave, or another in place of the one that it replaced. Belongs
in the transaction that changes the plan, with its row locked, before its members follow.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import clock, database
from components.memberships.benefits import benefit_families
from components.memberships.benefits.kinds import kind
from components.memberships.editing.tables import PlanVariant


async def leave_out(plan_id: UUID, benefit_id: UUID, *, settings: str, at: datetime | None = None) -> None:
    """The plan includes this benefit from the instant on. Whoever was promised the same already has it, and gets what
    that stood for as everybody does, if the plan still includes it; whoever was promised more than one that the plan
    then no longer includes was promised it instead of this."""
    now = clock.now()
    for one in await database.fetch_as(_Promised, _OF_KIND, plan_id, benefit_id, at or now):
        is_same = kind(one.kind).load(one.settings) == kind(one.kind).load(settings)
        if is_same and (at is None or at <= now):
            without = [each for each in one.without if each not in one.included]
        elif is_same or (one.without and not one.included):
            without = list(one.without)
        else:
            continue
        await PlanVariant.update({PlanVariant.without: [*without, benefit_id]}).where(PlanVariant.id == one.id)
        await benefit_families.count_as(one.benefit, [benefit_id])


class _Promised(NamedTuple):
    """`included`: those of `without` that the plan includes at the instant."""

    id: UUID
    benefit: UUID
    kind: str
    settings: str
    without: Sequence[UUID]
    included: Sequence[UUID]


_OF_KIND = """
SELECT w.id, w.benefit, b.kind, v.settings::text AS settings, w.without, ARRAY(SELECT pb.benefit FROM plan_benefit pb
  WHERE pb.plan = w.plan AND pb.benefit = ANY (w.without) AND holds(pb.from_at, pb.until_at, $3)) AS included
FROM plan_variant w JOIN benefit b ON b.id = w.benefit
JOIN benefit_version v ON v.benefit = b.id AND v.until_at IS NULL
WHERE w.plan = $1 AND b.kind = (SELECT kind FROM benefit WHERE id = $2) AND $2 <> ALL (w.without)
ORDER BY w.id FOR UPDATE OF w"""


async def begins_never(plan_id: UUID, benefit_id: UUID) -> None:
    """It was to be included from a day on, and no longer is: it stands for nothing that was promised."""
    await database.execute(_FORGET, plan_id, benefit_id)


_FORGET = """
UPDATE plan_variant w SET without = array_remove(without, $2) WHERE plan = $1 AND $2 = ANY (without)
  AND NOT EXISTS (SELECT FROM plan_benefit pb WHERE pb.plan = $1 AND pb.benefit = $2
    AND (pb.until_at IS NULL OR pb.until_at > pb.from_at))"""
