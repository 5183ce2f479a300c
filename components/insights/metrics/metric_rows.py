"""The rows behind the metrics: paying and non-paying members, and orders; each newest first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database
from components.insights.metrics.figures import midnight
from components.insights.metrics.row_pages import RowList
from components.insights.rollups import unrolled
from components.insights.rollups.counted_movements import LAST_PAID


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """`a_month` in minor units without tax, as in the movement ledger, `a_year` of the same fee; zero for members who
    do not pay. `at` is since when; `id` is the person."""

    id: UUID
    name: str
    plan: str
    source: str
    at: datetime
    ends: datetime | None
    a_month: int
    a_year: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldGoods:
    """An order, or a refund of it."""

    id: UUID
    number: str
    name: str
    at: datetime
    amount: int


def paying() -> RowList[Holder]:
    """One row for each paying member: what they pay a month adds up to the MRR, and a year to the ARR."""
    return RowList(Holder, _PAYING, unrolled.args())


_PAYING = f"""
{unrolled.STANDINGS}, b AS (
  SELECT * FROM standing WHERE (since, person) < ($3, $4) ORDER BY since DESC, person DESC LIMIT $5)
SELECT b.person AS id, coalesce(nullif(p.name, ''), p.email, 'Erased') AS name, coalesce(plan.name, '') AS plan,
  coalesce(s.status, '') AS source, b.since AS at, s.cancel_at AS ends, b.a_month, b.a_year
FROM b LEFT JOIN insights_people p ON p.id = b.person {LAST_PAID}
LEFT JOIN insights_plans plan ON plan.id = v.plan ORDER BY b.since DESC, b.person DESC
"""


def given() -> RowList[Holder]:
    """People who hold a plan that was bought for them or given by the shop."""
    return RowList(Holder, _not_paying("IN ('comp', 'gift')"), (clock.now(),))


def free() -> RowList[Holder]:
    """People who hold a plan without a fee."""
    return RowList(Holder, _not_paying("= 'free'"), (clock.now(),))


def _not_paying(of_source: str) -> str:
    """Since when they hold it first. Walks the index of these sources: a page costs what is on it."""
    return f"""
SELECT h.holder AS id, coalesce(nullif(p.name, ''), p.email, 'Erased') AS name, coalesce(plan.name, '') AS plan,
  h.source, h.at, h.ends, 0 AS a_month
FROM (SELECT m.holder, m.plan, m.source, m.starts_at AS at, m.ends_at AS ends FROM insights_memberships m
  WHERE m.source {of_source} AND holds(m.starts_at, m.ends_at, $1) AND (m.starts_at, m.holder) < ($2, $3)
  AND NOT EXISTS (SELECT FROM insights_memberships before WHERE before.holder = m.holder
    AND before.source {of_source} AND holds(before.starts_at, before.ends_at, $1)
    AND (before.starts_at, before.id) < (m.starts_at, m.id))
  ORDER BY m.starts_at DESC, m.holder DESC LIMIT $4) h
LEFT JOIN insights_plans plan ON plan.id = h.plan LEFT JOIN insights_people p ON p.id = h.holder
ORDER BY h.at DESC, h.holder DESC"""


def goods_sold(days: int) -> RowList[SoldGoods]:
    """Orders paid in the last `days` days including today."""
    return RowList(SoldGoods, _SOLD, _span(days))


_SOLD = """
SELECT id, number, name, paid_at AS at, total AS amount FROM insights_orders
WHERE paid_at BETWEEN $1 AND $2 AND (paid_at, id) < ($3, $4) ORDER BY paid_at DESC, id DESC LIMIT $5
"""


def refunded(days: int) -> RowList[SoldGoods]:
    return RowList(SoldGoods, _REFUNDED, _span(days))


_REFUNDED = """
SELECT r.id, o.number, o.name, r.at, r.amount FROM insights_refunds r JOIN insights_orders o ON o.id = r.order_id
WHERE r.status <> 'failed' AND r.at BETWEEN $1 AND $2 AND (r.at, r.id) < ($3, $4)
ORDER BY r.at DESC, r.id DESC LIMIT $5
"""


async def refunds_made(days: int) -> int:
    """How many those are."""
    return int(await database.fetch_value(_REFUNDS_MADE, *_span(days)))


_REFUNDS_MADE = "SELECT count(*) FROM insights_refunds WHERE status <> 'failed' AND at BETWEEN $1 AND $2"


def _span(days: int) -> tuple[datetime, datetime]:
    now = clock.now()
    return midnight(midnight(now) - timedelta(days=days - 1, hours=-1)), now
