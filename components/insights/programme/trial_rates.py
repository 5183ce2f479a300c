"""Trials that were started in a span of time: who has converted since, who has not, and who is waited for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from components.foundation import clock
from components.foundation.database import Query
from components.insights.metrics.row_pages import RowList
from components.insights.programme.chosen_people import EVERYBODY, among

A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCount:
    """`waiting` are not paid for yet and go on: nobody knows yet how they end, so they are in no rate."""

    started: int
    converted: int
    waiting: int

    @property
    def decided(self) -> int:
        return self.started - self.waiting

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.converted, self.decided) if self.decided else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """`state`: converted, where it was paid for, whatever came later; waiting, or not converted."""

    id: UUID
    person: UUID
    name: str
    plan: str
    at: datetime
    status: str
    state: str


# Waited for while the trial runs, and while its first fee is still tried. One that ended on hold was asked for nothing
# and is over; whoever pays later has converted.
_STATE = """CASE
  WHEN EXISTS (SELECT FROM insights_paid_periods d WHERE d.subscription = t.subscription AND d.amount > 0)
    THEN 'converted'
  WHEN s.ended_at IS NULL AND s.status NOT IN ('unpaid', 'paused', 'cancelled', 'lapsed') THEN 'waiting'
  ELSE 'not converted' END"""
_STARTED = f"""
SELECT t.subscription AS id, t.person, t.at, s.plan, s.status, {_STATE} AS state
FROM insights_trials t JOIN insights_subscriptions s ON s.id = t.subscription
WHERE t.at >= $1 AND t.at < $2 AND ($3::uuid IS NULL OR s.plan = $3) AND {{whom}}"""


def query(from_at: datetime, until: datetime, plan: UUID | None = None, whom: str = EVERYBODY) -> Query[TrialCount]:
    sql = _COUNTED.format(started=_STARTED.format(whom=among("t.person", whom)))
    return Query(sql, (from_at, until, plan), lambda found: TrialCount(**found))


_COUNTED = """SELECT json_build_object('started', count(*), 'converted', count(*) FILTER (WHERE state = 'converted'),
  'waiting', count(*) FILTER (WHERE state = 'waiting')) FROM ({started}) started"""


def rows(from_at: datetime, until: datetime, plan: UUID | None = None) -> RowList[TrialRow]:
    return RowList(TrialRow, _ROWS, (from_at, until, plan))


def last_days(days: int) -> tuple[datetime, datetime]:
    """The span of so many days up to this instant, which is in it."""
    now = clock.now()
    return now - timedelta(days=days), now + A_MOMENT


_OF_ALL = _STARTED.format(whom="true")
_ROWS = f"""
SELECT b.id, b.person, coalesce(nullif(p.name, ''), p.email, 'Erased') AS name, coalesce(plans.name, '') AS plan, b.at,
  b.status, b.state
FROM (SELECT * FROM ({_OF_ALL}) started WHERE (at, id) < ($4, $5) ORDER BY at DESC, id DESC LIMIT $6) b
LEFT JOIN insights_people p ON p.id = b.person AND p.erased_at IS NULL
LEFT JOIN insights_plans plans ON plans.id = b.plan ORDER BY b.at DESC, b.id DESC
"""
