"""How many of the renewals that were due were made, by plan and interval."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from components.foundation import clock
from components.foundation.database import Query
from components.insights.metrics.row_pages import RowList
from components.insights.movements.month_edges import first_day, whole_months
from components.insights.programme.chosen_people import EVERYBODY, among
from components.insights.rollups import due_dates, renewal_parts, unrolled


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalCount:
    """Of one plan and interval; `waiting` are not renewed yet and not 30 days late: they are not in `due`."""

    plan: str
    interval: str
    interval_count: int
    due: int
    renewed: int
    waiting: int

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.renewed, self.due) if self.due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRenewal:
    """`at` is when it was due. `state`: renewed, not renewed or waiting; `fee` a period without tax."""

    id: UUID
    person: UUID
    name: str
    plan: str
    at: datetime
    state: str
    fee: int


_IN_SPAN = "at >= $3 AND at < least($4, $5::timestamptz) AND ($6::uuid IS NULL OR plan = $6)"
# One that is not renewed is waited for while its subscription runs and it is not late by more than that.
_FOUND = f"""found AS (SELECT d.*, CASE WHEN is_renewed THEN 'renewed'
    WHEN at > $5::timestamptz - {due_dates.PATIENCE} AND EXISTS (SELECT FROM insights_subscriptions s
      WHERE s.id = d.subscription AND s.ended_at IS NULL) THEN 'waiting' ELSE 'not renewed' END AS state FROM due d)"""


def query(
    from_at: datetime, until: datetime, plan: UUID | None = None, whom: str = EVERYBODY
) -> Query[tuple[RenewalCount, ...]]:
    """The plans in the shop's order, each interval by itself. Of everybody whole months are read as they are kept."""
    args = (*unrolled.args(), from_at, until, clock.now(), plan)
    if whom:
        return Query(_counted(f"{_IN_SPAN} AND {among('person', whom)}"), args, _read)
    first, last = whole_months(from_at, min(until, clock.now()))
    return Query(_OF_MONTHS, (*args, first_day(first), first_day(last), first, last), _read)


_WAITS = """EXISTS (SELECT FROM insights_subscriptions s WHERE s.id = d.subscription AND s.ended_at IS NULL)"""
_KEY = "plan, interval, interval_count"


_LISTED = """SELECT json_agg(counted) FROM (
  SELECT plans.name AS plan, interval, interval_count, made - waiting AS due, renewed, waiting
  FROM numbers JOIN insights_plans plans ON plans.id = numbers.plan WHERE made > 0
  ORDER BY plans.position, plans.name, interval, interval_count) counted"""


# Counted before anything else is asked of them: only of those that are not renewed, and not late, it is who waits.
def _counted(span: str) -> str:
    return f"""WITH {renewal_parts.parts(span)}, numbers AS (
  SELECT {_KEY}, sum(made)::bigint AS made, sum(renewed)::bigint AS renewed, sum(waiting)::bigint AS waiting FROM (
    SELECT {_KEY}, count(*) AS made, count(*) FILTER (WHERE is_renewed) AS renewed, 0 AS waiting
    FROM figure_renewal WHERE {renewal_parts.IS_KEPT} AND {span} GROUP BY {_KEY}
    UNION ALL SELECT {_KEY}, 0, 0, count(*) FROM figure_renewal d WHERE {renewal_parts.IS_KEPT} AND {span}
      AND NOT is_renewed AND at > $5::timestamptz - {due_dates.PATIENCE} AND {_WAITS} GROUP BY {_KEY}
    UNION ALL SELECT {_KEY}, count(*), count(*) FILTER (WHERE is_renewed), count(*) FILTER (WHERE NOT is_renewed
      AND at > $5::timestamptz - {due_dates.PATIENCE} AND {_WAITS}) FROM anew d WHERE {span} GROUP BY {_KEY}) parts
  GROUP BY {_KEY})
{_LISTED}"""


_BESIDE = f"(at >= $3 AND at < $9 OR at >= $10 AND at < $4) AND {_IN_SPAN}"
_IS_WAITED_FOR = "(SELECT s.ended_at IS NULL FROM insights_subscriptions s WHERE s.id = d.subscription)"
_LATE = f"{_IN_SPAN} AND NOT is_renewed AND at > $5::timestamptz - {due_dates.PATIENCE} AND {_IS_WAITED_FOR}"
_OF_MONTHS = f"""WITH {renewal_parts.parts(_IN_SPAN)}, numbers AS (
  SELECT {_KEY}, sum(made)::bigint AS made, sum(renewed)::bigint AS renewed, sum(waiting)::bigint AS waiting FROM (
    SELECT {_KEY}, made, renewed, 0 AS waiting
    FROM ({renewal_parts.month_parts("month >= $7 AND month < $8 AND ($6::uuid IS NULL OR plan = $6)")}) months
    UNION ALL SELECT {_KEY}, count(*), count(*) FILTER (WHERE is_renewed), 0
    FROM figure_renewal WHERE {renewal_parts.IS_KEPT} AND {_BESIDE} GROUP BY {_KEY}
    UNION ALL SELECT {_KEY}, count(*), count(*) FILTER (WHERE is_renewed), 0 FROM anew WHERE {_BESIDE} GROUP BY {_KEY}
    UNION ALL SELECT {_KEY}, 0, 0, count(*) FROM figure_renewal d WHERE {renewal_parts.IS_KEPT} AND {_LATE}
    GROUP BY {_KEY}
    UNION ALL SELECT {_KEY}, 0, 0, count(*) FROM anew d WHERE {_LATE} GROUP BY {_KEY}) parts
  GROUP BY {_KEY})
{_LISTED}"""


def _read(found: Any) -> tuple[RenewalCount, ...]:
    return tuple(RenewalCount(**row) for row in found or ())


def together(counts: Iterable[RenewalCount]) -> RenewalCount:
    """Of all plans and intervals."""
    found = list(counts)
    return RenewalCount(
        plan="", interval="", interval_count=0, due=sum(one.due for one in found),
        renewed=sum(one.renewed for one in found), waiting=sum(one.waiting for one in found),
    )  # fmt: skip


def rows(from_at: datetime, until: datetime, plan: UUID | None = None) -> RowList[DueRenewal]:
    return RowList(DueRenewal, _ROWS, (*unrolled.args(), from_at, until, clock.now(), plan))


_NEWEST = "ORDER BY at DESC, id DESC LIMIT $9"
_ROWS = f"""
WITH {renewal_parts.unrolled(f"{_IN_SPAN} AND (at, id) < ($7, $8)", _NEWEST)}, {_FOUND}
SELECT b.id, b.person, coalesce(nullif(p.name, ''), p.email, 'Erased') AS name, plans.name AS plan, b.at, b.state, b.fee
FROM (SELECT * FROM found {_NEWEST}) b
LEFT JOIN insights_people p ON p.id = b.person AND p.erased_at IS NULL
LEFT JOIN insights_plans plans ON plans.id = b.plan ORDER BY b.at DESC, b.id DESC
"""
