"""The rows behind a figure of the page: counts by day, orders, memberships that began."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from components.behaviour.page_views import KINDS
from components.foundation import database
from components.foundation.shop_settings import shop_settings
from components.insights.behaviour_figures.funnels import JOINED, PAID
from components.insights.behaviour_figures.seen_periods import SeenPeriod

PER_PAGE = 100
OWN = ("orders", "joined")
ALL = (*KINDS, *OWN)


@dataclass(frozen=True, slots=True)
class SeenRow:
    """`subject` is what was looked at, an order's number, or who joined. `sum` and `total` are of all rows."""

    day: date
    subject: str
    is_member: bool
    times: int
    empty: int
    person: UUID | None
    sum: int
    total: int


async def page(kind: str, period: SeenPeriod, *, who: str, number: int) -> list[SeenRow]:
    """`who` is "members", "others" or empty for both. Newest first."""
    of = {"orders": _ORDERS, "joined": _JOINED}.get(kind, _COUNTS)
    args: tuple[object, ...] = (*period.args, who, kind if of is _COUNTS else shop_settings.current().time_zone)
    return await database.fetch_as(SeenRow, f"{of}{_PAGE}", *args, PER_PAGE, (number - 1) * PER_PAGE)


_COUNTS = """
WITH found AS (SELECT day, subject, is_member, times, empty_times AS empty, NULL::uuid AS person
  FROM insights_view_counts WHERE day BETWEEN $1 AND $2 AND kind = $6 AND $3::timestamptz < $4::timestamptz)"""
_ORDERS = f"""
WITH found AS (SELECT (at AT TIME ZONE $6)::date AS day, number AS subject, is_member, 1 AS times, 0 AS empty, person
  FROM ({PAID}) o WHERE $1::date <= $2::date)"""
_JOINED = f"""
WITH found AS (SELECT (j.at AT TIME ZONE $6)::date AS day, coalesce(nullif(p.name, ''), p.email) AS subject,
    false AS is_member, 1 AS times, 0 AS empty, j.person
  FROM ({JOINED}) j JOIN insights_people p ON p.id = j.person WHERE $1::date <= $2::date)"""
_PAGE = """
SELECT *, sum(times) OVER ()::int AS sum, count(*) OVER ()::int AS total FROM found
WHERE $5 = '' OR is_member = ($5 = 'members') ORDER BY day DESC, times DESC, subject LIMIT $7 OFFSET $8"""
