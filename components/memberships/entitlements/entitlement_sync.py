"""From plan benefits to entitlements: from now on a membership holds exactly what its plan includes, or what it was
promised instead of a part of that (its variant).

The same rule for a membership that starts, one whose end moves, and a plan whose benefits change. What was held until
now stays as it was written; what ended earlier for a reason of its own stays ended. Belongs in the transaction that
changed the membership or the plan's benefits, with the plan's row locked.
"""

from uuid import UUID

from components.foundation import clock, database, ids
from components.memberships.tables import Membership

WANTED = """
SELECT m.id AS membership, m.holder, m.source, pb.benefit,
  GREATEST(pb.from_at, m.starts_at) AS from_at, LEAST(pb.until_at, m.ends_at) AS until_at
FROM membership m JOIN (
  SELECT plan, benefit, from_at, until_at, NULL::uuid AS variant FROM plan_benefit
  UNION ALL SELECT plan, benefit, '-infinity', NULL, id FROM plan_variant
) pb ON pb.plan = m.plan AND (pb.variant IS NULL OR pb.variant = m.variant)
LEFT JOIN plan_variant u ON u.id = m.variant
WHERE (pb.variant IS NOT NULL OR u.id IS NULL OR pb.benefit <> ALL (u.without))
  AND (pb.until_at IS NULL OR pb.until_at > GREATEST(pb.from_at, m.starts_at, $1))
  AND (m.ends_at IS NULL OR m.ends_at > GREATEST(pb.from_at, m.starts_at, $1))
"""
"""Every period from $1 on in which a membership and a benefit of its plan are both active, or of its variant."""

_IS_RIGHT = """w.membership = e.membership AND w.benefit = e.benefit AND (e.until_at IS NULL OR e.until_at > e.from_at)
  AND holds('-infinity', e.until_at, $1) AND w.from_at <= GREATEST($1, e.from_at)
  AND (w.until_at IS NULL OR w.until_at > GREATEST($1, e.from_at)) AND e.from_at <= GREATEST($1, w.from_at)"""
"""Whether the entitlement e matches the wanted period w, apart from its end."""

_CUT = """
WITH wanted AS ({wanted})
UPDATE entitlement e SET until_at = GREATEST($1, e.from_at) FROM membership m
WHERE m.id = e.membership AND {which} AND (e.until_at IS NULL OR e.until_at > GREATEST($1, e.from_at))
  AND NOT EXISTS (SELECT FROM wanted w WHERE {is_right})
"""
_MOVE = """
WITH wanted AS ({wanted})
UPDATE entitlement e SET until_at = w.until_at FROM wanted w
WHERE {is_right} AND e.until_at IS DISTINCT FROM w.until_at
"""
_MISSING = """
WITH wanted AS ({wanted})
SELECT w.membership, w.holder, w.benefit, GREATEST($1, w.from_at) AS from_at, w.until_at, w.source FROM wanted w
WHERE NOT EXISTS (SELECT FROM entitlement e WHERE {is_right})
"""


async def sync_plan(plan_id: UUID) -> None:
    """All memberships of the plan that are active or start later."""
    await _follow("m.plan = $2", plan_id)


async def sync_membership(membership: Membership) -> None:
    """Its plan's benefits, within its own start and end."""
    await _follow("m.id = $2", membership.id)


async def _follow(which: str, key: UUID) -> None:
    now = clock.now()
    parts = {"wanted": f"{WANTED} AND {which}", "which": which, "is_right": _IS_RIGHT}
    await database.execute(_CUT.format(**parts), now, key)
    await database.execute(_MOVE.format(**parts), now, key)
    missing = await database.fetch_rows(_MISSING.format(**parts), now, key)
    await database.execute_many(_INSERT, [(ids.new(), *row) for row in missing])


_INSERT = """
INSERT INTO entitlement (id, membership, person, benefit, from_at, until_at, because_of)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
