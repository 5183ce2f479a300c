"""The movement ledger against what was paid: recomputed in SQL, by a statement that shares nothing with the walk."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from components.foundation import clock, database, formatting, queue
from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant
from components.foundation.consistency.invariant_walks import Broken
from components.foundation.consistency.table_keys import Extent
from components.insights.movements.month_edges import month_edges, months_since

UNANNOUNCED = timedelta(minutes=15)
"""What the clock brings about is announced a few minutes later."""

RULES = (
    Invariant(
        "movements follow one another",
        "Movement {turn} of {person} does not follow the one before it",
        """SELECT person, turn FROM (
             SELECT person, turn, amount, balance, lag(balance, 1, 0::bigint) OVER by_person AS before,
               row_number() OVER by_person AS place
             FROM movement WHERE person IN (SELECT person FROM movement WHERE id = ANY($1))
             WINDOW by_person AS (PARTITION BY person, epoch ORDER BY turn)) chain
           WHERE balance <> before + amount OR turn <> place""",
        each="movement",
    ),
)
_PAID = """
fee AS (
  SELECT d.subscription, s.payer, d.starts_at,
    CASE WHEN NOT d.is_opening AND d.paid_at < d.starts_at + interval '6 hours' THEN d.starts_at
      ELSE d.paid_at END AS at, d.amount > 0 OR d.is_opening AS is_money,
    CASE v.interval WHEN 'life' THEN 0 ELSE floor(d.net_price / (v.interval_count * CASE v.interval
      WHEN 'year' THEN 12 WHEN 'month' THEN 1 ELSE 33600 / 146097.0 END) + 0.5)::bigint END AS a_month
  FROM insights_paid_periods d JOIN insights_plan_versions v ON v.id = d.plan_version
  JOIN insights_subscriptions s ON s.id = d.subscription),
counted AS (
  SELECT fee.*, min(at) OVER (PARTITION BY subscription ORDER BY starts_at
    ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS until
  FROM (SELECT fee.*, min(at) FILTER (WHERE is_money) OVER (PARTITION BY subscription) AS first FROM fee) fee
  WHERE at >= first),
paused AS (
  SELECT subscription, begun_at AS from_at, ended_at AS until FROM insights_pauses
  WHERE begun_at IS NOT NULL AND (ended_at IS NULL OR ended_at > begun_at)),
gone AS (
  SELECT m.source_id AS subscription, m.ends_at, coalesce((SELECT min(p.from_at) FROM paused p
      WHERE p.subscription = m.source_id AND p.from_at BETWEEN m.ends_at - interval '1 hour'
        AND m.ends_at + interval '1 hour'), m.ends_at) AS from_at,
    (SELECT min(o.starts_at) FROM insights_memberships o WHERE o.source_id = m.source_id
      AND o.starts_at > m.ends_at + interval '1 hour') AS again_at
  FROM insights_memberships m WHERE m.source = 'subscription' AND m.ends_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM insights_memberships o WHERE o.source_id = m.source_id AND o.id <> m.id
      AND o.starts_at <= m.ends_at + interval '1 hour' AND (o.ends_at IS NULL OR o.ends_at > m.ends_at))),
stopped AS (
  SELECT subscription, from_at, until FROM paused UNION ALL
  SELECT g.subscription, g.from_at, coalesce(min(r.at), g.again_at) FROM gone g LEFT JOIN (
      SELECT subscription, at FROM counted UNION ALL SELECT subscription, until FROM paused WHERE until IS NOT NULL) r
    ON r.subscription = g.subscription AND r.at > g.from_at AND r.at <= g.again_at
  GROUP BY g.subscription, g.from_at, g.again_at)
"""
_BY_INSTANT = f"""
WITH {_PAID}, paying AS (
  SELECT t.at, c.payer, c.a_month FROM unnest($1::timestamptz[]) t (at)
  JOIN counted c ON c.at < t.at AND (c.until IS NULL OR t.at <= c.until)
  WHERE NOT EXISTS (SELECT FROM stopped o WHERE o.subscription = c.subscription
    AND o.from_at < t.at AND (o.until IS NULL OR t.at <= o.until)))
SELECT t.at, coalesce(p.paid, 0)::bigint AS paid,
  coalesce((SELECT sum(amount) FROM current_movements m WHERE m.at < t.at), 0)::bigint AS noted
FROM unnest($1::timestamptz[]) t (at)
LEFT JOIN (SELECT at, sum(a_month) AS paid FROM paying GROUP BY at) p ON p.at = t.at ORDER BY t.at
"""
_BY_PAYER = f"""
WITH {_PAID}, paying AS (
  SELECT c.payer, sum(c.a_month)::bigint AS paid FROM counted c WHERE c.at < $1 AND (c.until IS NULL OR $1 <= c.until)
    AND NOT EXISTS (SELECT FROM stopped o WHERE o.subscription = c.subscription
      AND o.from_at < $1 AND (o.until IS NULL OR $1 <= o.until)) GROUP BY c.payer),
noted AS (SELECT person, sum(amount)::bigint AS noted FROM current_movements WHERE at < $1 GROUP BY person)
SELECT coalesce(payer, person) AS person, coalesce(paid, 0) AS paid, coalesce(noted, 0) AS noted
FROM paying FULL JOIN noted ON payer = person WHERE coalesce(paid, 0) <> coalesce(noted, 0)
"""
_NO_EDGE = f"""
WITH {_PAID}, edge AS (
  SELECT payer, at FROM counted UNION
  SELECT s.payer, e.at FROM stopped o JOIN insights_subscriptions s ON s.id = o.subscription,
    LATERAL (VALUES (o.from_at), (o.until)) e (at))
SELECT person, at FROM current_movements m WHERE NOT EXISTS (
  SELECT FROM edge WHERE edge.payer = m.person AND edge.at = m.at)
GROUP BY person, at HAVING sum(amount) <> 0
"""
_FIRST = "SELECT least((SELECT min(at) FROM current_movements), (SELECT min(starts_at) FROM insights_paid_periods))"


LATE = timedelta(days=2)
_LATE = """
SELECT count(*) FROM current_movements WHERE noted_at - at > $2 AND noted_at > $1
  AND noted_at <> ALL(SELECT begun_at FROM movement_epoch)
"""


async def late(since: datetime) -> int:
    """How many movements were noted since then that had happened more than two days before."""
    return int(await database.fetch_value(_LATE, since, LATE))


_NEWS = """
SELECT count(*), count(*) FILTER (WHERE status = 'doing') FROM insights_jobs WHERE status IN ('todo', 'doing')
AND (args ->> 'fact_id' IS NOT NULL OR task_name = 'process_event')
"""
NEWS_WAITS = "Not checked, because {} to be worked off: that movements add up to what was paid"
MOST = 1_000
"""Of what one statement finds; of each rule a few are told, and how many more there are."""


async def against_payments(extent: Extent | None = None) -> list[Broken]:
    """The MRR of every month, of everybody now, and the instant of every movement; of what is known by now."""
    extent = extent or Extent()
    if await _news_waits(extent):
        return []
    first, now = await database.fetch_value(_FIRST), clock.now() - UNANNOUNCED
    if first is None:
        return []
    months = [edge for edge in month_edges(now, months_since(first, now)) if edge <= now]
    found = await invariant_walks.at_once(MONTHS, partial(_of_months, months), extent)
    found += await invariant_walks.at_once(PEOPLE, partial(_of_people, now), extent)
    found += await invariant_walks.at_once(INSTANTS, _of_instants, extent)
    return [] if found and await _news_waits(extent) else found


async def _news_waits(extent: Extent) -> bool:
    """What has arrived and is not yet noted would look like a difference. Waited for while somebody works it off."""
    count, doing, before = 0, 0, -1
    for second in range(extent.patience + 1):
        ((count, doing),) = await database.fetch_rows(_NEWS)
        if not count:
            return False
        is_stuck = not doing and count == before
        if second == extent.patience or is_stuck or not await queue.is_worked_off():
            break
        before = count
        await asyncio.sleep(1)
    extent.put_off.append(NEWS_WAITS.format("1 piece of news waits" if count == 1 else f"{count} pieces of news wait"))
    return True


MONTHS = "each month adds up to what was paid"
PEOPLE = "each person pays what their movements say"
INSTANTS = "a movement is dated by what happened"


class _Month(NamedTuple):
    at: datetime
    paid: int
    noted: int


class _Payer(NamedTuple):
    person: UUID
    paid: int
    noted: int


class _Dated(NamedTuple):
    person: UUID
    at: datetime


async def _of_months(edges: list[datetime]) -> list[Broken]:
    return [
        Broken(
            MONTHS,
            f"MRR before {formatting.day(row.at)}: {row.paid} by what was paid; the movements add up to {row.noted}",
        )
        for row in await database.fetch_as(_Month, _BY_INSTANT, edges)
        if row.paid != row.noted
    ]


async def _of_people(now: datetime) -> list[Broken]:
    return [
        Broken(
            PEOPLE,
            f"{row.person} pays {row.paid} a month; the movements add up to {row.noted}",
        )
        for row in await database.fetch_as(_Payer, f"{_BY_PAYER} LIMIT {MOST}", now)
    ]


async def _of_instants() -> list[Broken]:
    return [
        Broken(
            INSTANTS,
            f"Movement of {row.person} at {formatting.moment(row.at)}: nothing was paid, paused or ended then",
        )
        for row in await database.fetch_as(_Dated, f"{_NO_EDGE} LIMIT {MOST}")
    ]
