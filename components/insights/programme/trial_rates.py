"""Trials that were started in a span of time, and whether they have converted since."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from components.foundation.database import Query
from components.insights.metrics.metric_rows import TrialRow
from components.insights.metrics.row_pages import RowList
from components.insights.programme.chosen_people import EVERYBODY, among


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCount:
    started: int
    converted: int

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.converted, self.started) if self.started else None


_STARTED = """
SELECT t.subscription AS id, t.person, t.at, s.plan, s.status,
  EXISTS (SELECT FROM insights_paid_periods d WHERE d.subscription = t.subscription AND d.amount > 0) AS has_converted
FROM insights_trials t JOIN insights_subscriptions s ON s.id = t.subscription
WHERE t.at >= $1 AND t.at < $2 AND ($3::uuid IS NULL OR s.plan = $3) AND {whom}"""


def query(from_at: datetime, until: datetime, plan: UUID | None = None, whom: str = EVERYBODY) -> Query[TrialCount]:
    sql = _COUNTED.format(started=_STARTED.format(whom=among("t.person", whom)))
    return Query(sql, (from_at, until, plan), lambda found: TrialCount(**found))


_COUNTED = """SELECT json_build_object('started', count(*), 'converted', count(*) FILTER (WHERE has_converted))
FROM ({started}) started"""


def rows(from_at: datetime, until: datetime, plan: UUID | None = None) -> RowList[TrialRow]:
    return RowList(TrialRow, _ROWS, (from_at, until, plan))


_OF_ALL = _STARTED.format(whom="true")
_ROWS = f"""
SELECT b.id, b.person, coalesce(nullif(p.name, ''), p.email, 'Erased') AS name, coalesce(plans.name, '') AS plan, b.at,
  b.status, b.has_converted
FROM (SELECT * FROM ({_OF_ALL}) started WHERE (at, id) < ($4, $5) ORDER BY at DESC, id DESC LIMIT $6) b
LEFT JOIN insights_people p ON p.id = b.person AND p.erased_at IS NULL
LEFT JOIN insights_plans plans ON plans.id = b.plan ORDER BY b.at DESC, b.id DESC
"""
