"""Who renewed how often, counted by the database: by plan and interval, equal histories once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from components.insights.forecasts import patient_reads


class RenewalRow(NamedTuple):
    """People who had made `done` renewals at the instant; `has_left` instead of making the next.

    Of those who `pays` then: the days until the next renewal is due, their fee without tax, and how many `stayed`
    until the last of the instants. How often who `is_adopted` renewed before is not known.
    """

    at: datetime
    plan: UUID
    interval: str
    interval_count: int
    done: int
    has_left: bool
    is_adopted: bool
    pays: bool
    due_in: int
    net_price: int
    people: int
    stayed: int


_ROWS = """
WITH instants AS (SELECT DISTINCT unnest($1::timestamptz[]) AS at),
paid AS (
  SELECT i.at, d.subscription, d.plan_version, d.starts_at, d.ends_at, d.amount, d.net_price, d.is_partial, d.is_opening
  FROM insights_paid_periods d JOIN instants i ON CASE WHEN d.is_opening THEN d.paid_at ELSE d.starts_at END <= i.at),
begun AS (
  SELECT at, subscription, min(starts_at) FILTER (WHERE amount > 0 OR is_opening) AS since,
    bool_or(is_opening) AS is_adopted
  FROM paid GROUP BY 1, 2),
runs AS (
  SELECT d.at, d.subscription, b.is_adopted, v.plan, v.interval, v.interval_count,
    (count(*) FILTER (WHERE NOT d.is_partial)
      - (min(d.starts_at) FILTER (WHERE NOT d.is_partial) IS NOT DISTINCT FROM min(d.starts_at))::int)::int AS done,
    max(d.starts_at) AS last_start, max(d.ends_at) AS until,
    (array_agg(d.net_price ORDER BY d.starts_at DESC))[1] AS net_price
  FROM paid d JOIN begun b ON b.at = d.at AND b.subscription = d.subscription
    JOIN insights_plan_versions v ON v.id = d.plan_version
  WHERE d.starts_at >= b.since AND NOT v.is_once GROUP BY 1, 2, 3, 4, 5, 6),
lived AS (
  SELECT r.*, r.last_start = max(r.last_start) OVER (PARTITION BY r.at, r.subscription) AS is_latest,
    EXISTS (SELECT FROM insights_pauses p WHERE p.subscription = r.subscription AND p.begun_at <= r.at
      AND (p.ended_at IS NULL OR p.ended_at > r.at)) AS is_paused,
    r.until + coalesce((SELECT sum(p.ended_at - p.begun_at) FROM insights_pauses p
      WHERE p.subscription = r.subscription AND p.begun_at >= r.last_start AND p.begun_at < p.ended_at
        AND p.ended_at <= r.at), interval '0') AS due_at,
    coalesce(s.ended_at <= r.at, false) AS has_ended
  FROM runs r JOIN insights_subscriptions s ON s.id = r.subscription),
known AS (
  SELECT l.*, is_latest AND (has_ended OR NOT is_paused AND due_at < at - interval '30 days') AS has_left
  FROM lived l),
compared AS (
  SELECT k.*, is_latest AND NOT has_left AND NOT is_paused AS pays,
    bool_or(at = $2 AND is_latest AND NOT has_left) OVER (PARTITION BY subscription) AS stays
  FROM known k)
SELECT at, plan, interval, interval_count, done, has_left, is_adopted, pays,
  CASE WHEN pays THEN greatest(0, (extract(epoch FROM due_at - at) / 86400)::int) ELSE 0 END AS due_in,
  CASE WHEN pays THEN net_price ELSE 0 END AS net_price, count(*)::int AS people,
  count(*) FILTER (WHERE pays AND stays)::int AS stayed
FROM compared GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""
"""A run is what one subscription paid for one plan and interval, from the first period of the subscription that cost
money; what is paid with store credit or brought to nothing by a discount after that is a renewal like any other. The
rest of a period after a change of plan begins the new run and is no renewal. A run ends when the subscription has, or
when a renewal is 30 days late, the time that pauses carried over included; one that went on with another plan was seen
until then and no longer."""


async def at(instants: Sequence[datetime]) -> list[list[RenewalRow]]:
    """As it stood at each of the instants, all of them in one read."""
    known = [one.astimezone(UTC) for one in instants]
    found: dict[datetime, list[RenewalRow]] = {one: [] for one in known}
    for row in await patient_reads.fetch_as(RenewalRow, _ROWS, known, max(known)):
        found[row.at].append(row)
    return [found[one] for one in known]
