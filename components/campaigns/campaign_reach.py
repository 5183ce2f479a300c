"""How many a campaign would reach now, and why others of its segment would not get it."""

from dataclasses import dataclass

import asyncpg

from components.campaigns import audience
from components.campaigns.tables import Campaign
from components.foundation import database
from components.segments import segments


@dataclass(frozen=True, slots=True)
class Reach:
    """`chosen`: all of its segment, or all who agreed where it has none. Of them `disagreed` did not agree to its
    kind, e-mails to `unreachable` come back, `held_out` are kept to compare with, and `gets` get it."""

    chosen: int
    disagreed: int
    unreachable: int
    held_out: int
    gets: int


async def reach_soon(campaign: Campaign) -> Reach | None:
    """For somebody who waits: None if it takes long."""
    try:
        async with database.transaction():
            await database.fetch_value("SELECT set_config('statement_timeout', $1, true)", segments.PATIENCE)
            return await reach(campaign)
    except (asyncpg.QueryCanceledError, TimeoutError):
        return None


async def reach(campaign: Campaign) -> Reach:
    """Raises `NotFound` where its segment is gone."""
    condition, args = await audience.of_segment(campaign)
    kind, number, holdout = (f"${len(args) + place}" for place in (1, 2, 3))
    among = _OF_SEGMENT.format(condition=condition) if campaign.segment else _WHO_AGREED.format(kind=kind)
    sql = _REACH.format(kind=kind, campaign=number, holdout=holdout, among=among)
    found = await database.fetch_one_as(Reach, sql, *args, campaign.kind, campaign.id, campaign.holdout)
    assert found is not None, "it counts"
    return found


_OF_SEGMENT = """SELECT m.id, m.agreed, m.unreachable_at FROM campaigns_people p
  LEFT JOIN campaigns_contacts m ON m.email = p.email WHERE p.erased_at IS NULL {condition}"""
_WHO_AGREED = """SELECT m.id, m.agreed, m.unreachable_at FROM campaigns_contacts m
  WHERE m.agreed @> ARRAY[{kind}]::varchar[]"""
_REACH = """
WITH among AS ({among})
SELECT count(*) AS chosen, count(*) FILTER (WHERE NOT agrees) AS disagreed,
  count(*) FILTER (WHERE agrees AND is_lost) AS unreachable,
  count(*) FILTER (WHERE agrees AND NOT is_lost AND is_held) AS held_out,
  count(*) FILTER (WHERE agrees AND NOT is_lost AND NOT is_held) AS gets
FROM (SELECT coalesce(m.agreed @> ARRAY[{kind}]::varchar[], false) AS agrees, m.unreachable_at IS NOT NULL AS is_lost,
    ('x' || substr(md5({campaign}::uuid::text || m.id::text), 1, 8))::bit(32)::bigint % 100 < {holdout}::int AS is_held
  FROM among m) every"""
