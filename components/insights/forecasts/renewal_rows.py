"""Who renewed how often, counted by the database: by plan and interval, equal histories once."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import database


class RenewalRow(NamedTuple):
    """`done` renewals were made; `has_left` instead of making the next."""

    plan: UUID
    interval: str
    interval_count: int
    done: int
    has_left: bool
    people: int


class PayingRow(NamedTuple):
    """People who pay, with the days until their next renewal is due and their fee without tax."""

    plan: UUID
    interval: str
    interval_count: int
    done: int
    due_in: int
    net_price: int
    people: int


_RUNS = """
WITH runs AS (
  SELECT d.subscription, v.plan, v.interval, v.interval_count, count(*)::int - 1 AS done,
    max(d.starts_at) AS last_start, max(d.ends_at) AS until,
    (array_agg(d.net_price ORDER BY d.starts_at DESC))[1] AS net_price
  FROM insights_paid_periods d JOIN insights_plan_versions v ON v.id = d.plan_version
  WHERE d.starts_at <= $1 AND d.amount > 0 AND NOT d.is_partial AND NOT v.is_once AND NOT EXISTS (
    SELECT FROM insights_paid_periods o WHERE o.subscription = d.subscription AND o.is_opening)
  GROUP BY 1, 2, 3, 4),
lived AS (
  SELECT r.*, r.last_start = max(r.last_start) OVER (PARTITION BY r.subscription) AS is_latest,
    EXISTS (SELECT FROM insights_pauses p WHERE p.subscription = r.subscription AND p.begun_at <= $1
      AND (p.ended_at IS NULL OR p.ended_at > $1)) AS is_paused, s.ended_at
  FROM runs r JOIN insights_subscriptions s ON s.id = r.subscription),
known AS (
  SELECT l.*, l.is_latest AND coalesce(l.ended_at <= $1, false)
    OR l.is_latest AND NOT l.is_paused AND l.until < $1 - interval '30 days' AS has_left
  FROM lived l)
"""
"""A run is what one subscription paid for one plan and interval. It ends when the subscription has, or when a renewal
is 30 days late; one that went on with another plan was seen until then and no longer. Adopted subscriptions are left
out: nobody knows how often they renewed before."""

_RENEWALS = (
    _RUNS
    + "SELECT plan, interval, interval_count, done, has_left, count(*)::int AS people FROM known GROUP BY 1,2,3,4,5"
)
_PAYING = (
    _RUNS
    + """SELECT plan, interval, interval_count, done,
  greatest(0, (extract(epoch FROM until - $1) / 86400)::int) AS due_in, net_price, count(*)::int AS people
FROM known WHERE is_latest AND NOT has_left AND NOT is_paused GROUP BY 1, 2, 3, 4, 5, 6"""
)
_STAYED = (
    _RUNS
    + """SELECT k.plan, k.interval, k.interval_count, 0 AS done, false AS has_left, count(*)::int AS people
FROM known k JOIN insights_subscriptions s ON s.id = k.subscription
WHERE k.is_latest AND NOT k.has_left AND NOT k.is_paused AND coalesce(s.ended_at > $2, true) AND (
  EXISTS (SELECT FROM insights_paid_periods d WHERE d.subscription = k.subscription AND d.amount > 0
    AND d.starts_at <= $2 AND d.ends_at >= $2 - interval '30 days')
  OR EXISTS (SELECT FROM insights_pauses p WHERE p.subscription = k.subscription AND p.begun_at <= $2
    AND (p.ended_at IS NULL OR p.ended_at > $2)))
GROUP BY 1, 2, 3"""
)


async def renewals(at: datetime) -> list[RenewalRow]:
    """As it stood at the instant."""
    return await database.fetch_as(RenewalRow, _RENEWALS, at)


async def paying(at: datetime) -> list[PayingRow]:
    return await database.fetch_as(PayingRow, _PAYING, at)


async def stayed(since: datetime, at: datetime) -> list[RenewalRow]:
    """Of those who paid at the first instant, how many still did at the second."""
    return await database.fetch_as(RenewalRow, _STAYED, since, at)
