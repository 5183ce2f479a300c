"""Renewals whose first charge failed, and those of them that were paid in the end. Amounts are minor units with tax."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from components.foundation import clock
from components.foundation.database import Query
from components.insights.metrics.row_pages import RowList
from components.insights.programme.chosen_people import EVERYBODY, among
from components.insights.rollups import day_parts, unrolled


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """`waiting` are still tried."""

    failed: int
    failed_amount: int
    recovered: int
    recovered_amount: int
    waiting: int

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.recovered, self.failed) if self.failed else None

    @property
    def value_rate(self) -> Fraction | None:
        return Fraction(self.recovered_amount, self.failed_amount) if self.failed_amount else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRenewal:
    """`id` is the subscription; `at` when its first charge failed. `state`: recovered, lost or waiting."""

    id: UUID
    person: UUID
    name: str
    plan: str
    at: datetime
    amount: int
    state: str
    paid_at: datetime | None


# What is charged when a trial ends is no renewal: nothing had been paid before. The first payment that cost money is
# looked up for each by itself: an index has it, and of few are there many.
_FAILED = """
SELECT i.local_id AS id, i.failed_at AS at, i.total AS amount, i.paid_at,
  CASE i.status WHEN 'paid' THEN 'recovered' WHEN 'open' THEN 'waiting' ELSE 'lost' END AS state
FROM insights_invoices i CROSS JOIN LATERAL (SELECT FROM insights_paid_periods d
  WHERE d.subscription = i.local_id AND d.starts_at < i.created_at AND d.invoice <> i.stripe_id
    AND (d.amount > 0 OR d.is_opening) ORDER BY d.starts_at LIMIT 1) d
WHERE i.failed_at >= $1 AND i.failed_at < $2 AND i.reason = 'subscription_cycle'
  AND ($3::uuid IS NULL OR i.local_id IN (SELECT id FROM insights_subscriptions WHERE plan = $3))
  AND {whom}"""


def query(from_at: datetime, until: datetime, plan: UUID | None = None, whom: str = EVERYBODY) -> Query[Recovery]:
    """Of everybody it is kept by day."""
    until = min(until, clock.now())
    if not whom and plan is None:
        return Query(_KEPT, (*unrolled.args(), from_at, until - A_MOMENT), lambda found: Recovery(**found))
    payers = f"SELECT id FROM insights_subscriptions WHERE {among('payer', whom)}" if whom else ""
    sql = _COUNTED.format(failed=_FAILED.format(whom=among("i.local_id", payers)))
    return Query(sql, (from_at, until, plan), lambda found: Recovery(**found))


A_MOMENT = timedelta(microseconds=1)
_KEPT = f"""{day_parts.read(day_parts.FAILED, "'failed'")}
SELECT json_build_object('failed', coalesce(sum(number), 0), 'failed_amount', coalesce(sum(amount), 0),
  'recovered', coalesce(sum(number) FILTER (WHERE kind = 'recovered'), 0),
  'recovered_amount', coalesce(sum(amount) FILTER (WHERE kind = 'recovered'), 0),
  'waiting', coalesce(sum(number) FILTER (WHERE kind = 'waiting'), 0)) FROM found"""
_COUNTED = """SELECT json_build_object('failed', count(*), 'failed_amount', coalesce(sum(amount), 0),
  'recovered', count(*) FILTER (WHERE state = 'recovered'),
  'recovered_amount', coalesce(sum(amount) FILTER (WHERE state = 'recovered'), 0),
  'waiting', count(*) FILTER (WHERE state = 'waiting')) FROM ({failed}) failed"""


def rows(from_at: datetime, until: datetime, plan: UUID | None = None) -> RowList[FailedRenewal]:
    return RowList(FailedRenewal, _ROWS, (from_at, min(until, clock.now()), plan))


_OF_ALL = _FAILED.format(whom="true")
_ROWS = f"""
SELECT b.id, s.payer AS person, coalesce(nullif(p.name, ''), p.email, 'Erased') AS name, plans.name AS plan, b.at,
  b.amount, b.state, b.paid_at
FROM (SELECT * FROM ({_OF_ALL}) failed WHERE (at, id) < ($4, $5) ORDER BY at DESC, id DESC LIMIT $6) b
JOIN insights_subscriptions s ON s.id = b.id
LEFT JOIN insights_people p ON p.id = s.payer AND p.erased_at IS NULL
LEFT JOIN insights_plans plans ON plans.id = s.plan ORDER BY b.at DESC, b.id DESC
"""
