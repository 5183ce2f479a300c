"""Who ordered and used benefits how often, counted by the database: equal histories once, never all people."""

from datetime import datetime
from typing import NamedTuple

from components.insights.behaviour_figures.engagement import WAS_USED
from components.insights.forecasts import patient_reads

FINE_PEOPLE, COARSE_WEEKS = 20_000, 4
"""With more buyers than these, weeks are taken four at a time: fewer different histories."""


class OrderHistoryRow(NamedTuple):
    repeats: int
    last: int
    age: int
    people: int


class ValueRow(NamedTuple):
    orders: int
    mean: float
    people: int


class HabitRow(NamedTuple):
    used: int
    last: int
    periods: int
    people: int


_DAYS = """
WITH days AS (
  SELECT person, (paid_at AT TIME ZONE $2)::date AS day, sum(total) AS worth FROM insights_orders
  WHERE person IS NOT NULL AND paid_at <= $1 AND cancelled_at IS NULL GROUP BY 1, 2),
buyers AS (
  SELECT person, count(*)::int AS orders, min(day) AS first, max(day) AS last, avg(worth) AS mean
  FROM days GROUP BY 1)
"""
"""Orders of one day in the shop's time zone are one."""
_KNOWN = "SELECT count(DISTINCT person) FROM insights_orders WHERE paid_at <= $1"
_ORDERS = (
    _DAYS
    + """SELECT orders - 1 AS repeats, (round((last - first) / ($3 * 7.0)) * $3)::int AS last,
  (round((($1 AT TIME ZONE $2)::date - first) / ($3 * 7.0)) * $3)::int AS age, count(*)::int AS people
FROM buyers GROUP BY 1, 2, 3"""
)
_VALUES = (
    _DAYS
    + """SELECT orders, avg(mean)::float8 AS mean, count(*)::int AS people FROM buyers WHERE mean > 0
GROUP BY orders, round(ln(mean) * 50)"""
)
"""Means within two per cent of each other are taken together."""
_PLACED = """
SELECT count(*)::int FROM (
  SELECT DISTINCT o.person, (o.paid_at AT TIME ZONE $3)::date AS day FROM insights_orders o
  WHERE o.paid_at > $1 AND o.paid_at <= $2 AND o.cancelled_at IS NULL AND EXISTS (SELECT FROM insights_orders b
    WHERE b.person = o.person AND b.paid_at <= $1 AND b.cancelled_at IS NULL)) placed
"""
_MONTH = "(extract(year FROM at AT TIME ZONE $2) * 12 + extract(month FROM at AT TIME ZONE $2))::int"
_THIS_MONTH = """(extract(year FROM $1::timestamptz AT TIME ZONE $2) * 12
  + extract(month FROM $1::timestamptz AT TIME ZONE $2))::int"""
USED_MONTHS = f"""
WITH months AS (
  SELECT DISTINCT person, {_MONTH} AS month, {_THIS_MONTH} - 1 AS until
  FROM insights_benefit_uses WHERE at < $1 AND {WAS_USED}),
started AS (SELECT person, min(month) AS first, until, array_agg(month) AS months FROM months GROUP BY person, until),
members AS (
  SELECT person, first, until - first AS periods,
    (SELECT count(*) FROM unnest(months) m WHERE m > first AND m <= until)::int AS used,
    coalesce((SELECT max(m) FROM unnest(months) m WHERE m > first AND m <= until) - first, 0) AS last
  FROM started WHERE until > first)
"""
"""Whole months after that of the first use, up to the last one that is over."""
_HABITS = USED_MONTHS + "SELECT used, last, periods, count(*)::int AS people FROM members GROUP BY 1, 2, 3"
_USED = f"""
SELECT count(*)::int FROM (
  SELECT DISTINCT u.person, {_MONTH} FROM insights_benefit_uses u
  WHERE u.at >= $1 AND u.at < $3 AND u.{WAS_USED} AND u.person IN (
    SELECT person FROM insights_benefit_uses WHERE {_MONTH} < {_THIS_MONTH} - 1 AND {WAS_USED})) used
"""


async def orders(at: datetime, zone: str) -> list[OrderHistoryRow]:
    buyers = await patient_reads.fetch_value(
        "SELECT count(DISTINCT person) FROM insights_orders WHERE paid_at <= $1", at
    )
    return await patient_reads.fetch_as(
        OrderHistoryRow, _ORDERS, at, zone, 1 if buyers <= FINE_PEOPLE else COARSE_WEEKS
    )


async def values(at: datetime, zone: str) -> list[ValueRow]:
    return await patient_reads.fetch_as(ValueRow, _VALUES, at, zone)


async def placed(since: datetime, until: datetime, zone: str) -> int:
    """Orders in between of people who had ordered before; several of one day are one."""
    return int(await patient_reads.fetch_value(_PLACED, since, until, zone))


async def habits(at: datetime, zone: str) -> list[HabitRow]:
    return await patient_reads.fetch_as(HabitRow, _HABITS, at, zone)


async def used(since: datetime, until: datetime, zone: str) -> int:
    """Months with a use in between, of people who had used one in a month before the last full one."""
    return int(await patient_reads.fetch_value(_USED, since, zone, until))
