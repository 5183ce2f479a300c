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
from components.insights.programme import due_dates


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


# Pauses move renewals: whoever had one is looked at whatever their period's own end.
_DUE = f"""
SELECT d.id, d.subscription, v.plan, v.interval, v.interval_count, d.net_price AS fee, d.due_at AS at,
  CASE WHEN d.renewed_at IS NOT NULL THEN 'renewed'
    WHEN s.ended_at IS NULL AND d.due_at > $3::timestamptz - {due_dates.PATIENCE} THEN 'waiting'
    ELSE 'not renewed' END AS state
FROM (SELECT d.id, d.subscription, d.plan_version, d.net_price, n.starts_at AS renewed_at, {due_dates.DUE_AT} AS due_at
  FROM (SELECT * FROM insights_paid_periods WHERE ends_at >= $1 AND ends_at < $2
    UNION SELECT d.* FROM insights_pauses p JOIN insights_paid_periods d
      ON d.subscription = p.subscription AND d.starts_at <= p.begun_at AND d.ends_at < $1) d
  JOIN insights_plan_versions v ON v.id = d.plan_version {due_dates.FOLLOWING}
  LEFT JOIN insights_plan_versions nv ON nv.id = n.plan_version
  WHERE {due_dates.WAS_PAYING} AND {due_dates.CUT_SHORT} IS NOT TRUE) d
LEFT JOIN insights_subscriptions s ON s.id = d.subscription AND d.renewed_at IS NULL
JOIN insights_plan_versions v ON v.id = d.plan_version
WHERE d.due_at >= $1 AND d.due_at < least($2, $3::timestamptz) AND ($4::uuid IS NULL OR v.plan = $4)"""


def query(from_at: datetime, until: datetime, plan: UUID | None = None) -> Query[tuple[RenewalCount, ...]]:
    """The plans in the shop's order, each interval by itself."""
    return Query(_COUNTED, (from_at, until, clock.now(), plan), _read)


_COUNTED = f"""SELECT json_agg(found) FROM (
  SELECT plans.name AS plan, interval, interval_count, count(*) FILTER (WHERE state <> 'waiting') AS due,
    count(*) FILTER (WHERE state = 'renewed') AS renewed, count(*) FILTER (WHERE state = 'waiting') AS waiting
  FROM ({_DUE}) due JOIN insights_plans plans ON plans.id = due.plan
  GROUP BY plans.position, plans.name, plans.id, interval, interval_count
  ORDER BY plans.position, plans.name, interval, interval_count) found"""


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
    return RowList(DueRenewal, _ROWS, (from_at, until, clock.now(), plan))


_ROWS = f"""
SELECT b.id, s.payer AS person, coalesce(nullif(p.name, ''), p.email, 'Erased') AS name, plans.name AS plan, b.at,
  b.state, b.fee
FROM (SELECT * FROM ({_DUE}) due WHERE (at, id) < ($5, $6) ORDER BY at DESC, id DESC LIMIT $7) b
JOIN insights_subscriptions s ON s.id = b.subscription
LEFT JOIN insights_people p ON p.id = s.payer AND p.erased_at IS NULL
LEFT JOIN insights_plans plans ON plans.id = b.plan ORDER BY b.at DESC, b.id DESC
"""
