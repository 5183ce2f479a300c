"""Who wanted to cancel, why, and who was still paying after the next renewal."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from components.foundation import clock
from components.foundation.database import Query
from components.insights.metrics.row_pages import RowList
from components.insights.programme.chosen_people import EVERYBODY, among
from components.insights.rollups import due_dates

OFFER = "offer"
"""In place of a reason: somebody took a save offer instead of cancelling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelCount:
    """Attempts of one reason, empty without one; `waiting` for a renewal that is still to come."""

    reason: str
    attempts: int
    stayed: int
    waiting: int

    @property
    def decided(self) -> int:
        return self.attempts - self.waiting

    @property
    def rate(self) -> Fraction | None:
        """Save rate."""
        return Fraction(self.stayed, self.decided) if self.decided else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRow:
    """`state`: stayed, left or waiting. `words` are the member's own."""

    id: UUID
    person: UUID
    name: str
    plan: str
    at: datetime
    reason: str
    words: str
    by_staff: bool
    state: str


# Of several attempts before one renewal the last counts. When the next is due is asked only where nobody knows yet.
_MADE = f"""
SELECT a.id, a.subscription, a.person, a.at, a.reason, a.words, a.by_staff, s.plan,
  CASE WHEN n.starts_at IS NOT NULL THEN 'stayed'
    WHEN s.ended_at IS NULL AND (d.is_paused OR coalesce(d.due_at, s.current_period_end, a.at)
      > $3::timestamptz - {due_dates.PATIENCE}) THEN 'waiting' ELSE 'left' END AS state
FROM (SELECT * FROM insights_cancel_attempts WHERE at >= $1 AND at < $2
  UNION ALL SELECT id, subscription, person, '{OFFER}', '', false, accepted_at FROM insights_save_offers
    WHERE accepted_at >= $1 AND accepted_at < $2) a
JOIN insights_subscriptions s ON s.id = a.subscription
LEFT JOIN LATERAL (SELECT n.starts_at FROM insights_paid_periods n WHERE n.subscription = a.subscription
  AND n.starts_at > a.at AND NOT n.is_partial ORDER BY n.starts_at LIMIT 1) n ON true
LEFT JOIN LATERAL (SELECT p.is_paused, d.ends_at + p.carried AS due_at
  FROM (SELECT * FROM insights_paid_periods WHERE subscription = a.subscription AND n.starts_at IS NULL
    AND s.ended_at IS NULL ORDER BY starts_at DESC LIMIT 1) d
  {due_dates.FOLLOWING}) d ON true
WHERE ($4::uuid IS NULL OR s.plan = $4) AND {{whom}} AND {{has_paid}}
  AND NOT EXISTS (SELECT FROM insights_cancel_attempts l WHERE l.subscription = a.subscription
    AND (l.at, l.id) > (a.at, a.id) AND l.at < coalesce(n.starts_at, 'infinity'))
  AND NOT EXISTS (SELECT FROM insights_save_offers l WHERE l.subscription = a.subscription
    AND (l.accepted_at, l.id) > (a.at, a.id) AND l.accepted_at < coalesce(n.starts_at, 'infinity'))"""

_HAS_PAID = """EXISTS (SELECT FROM insights_subscriptions o JOIN insights_paid_periods p ON p.subscription = o.id
    WHERE o.payer = s.payer AND NOT p.is_opening AND p.starts_at <= a.at)"""


def query(
    from_at: datetime, until: datetime, plan: UUID | None = None, whom: str = EVERYBODY, *, of_country: bool = False
) -> Query[tuple[CancelCount, ...]]:
    """The most frequent reason first. `of_country`: only attempts after a first fee, as whoever leaves without having
    paid one is of no country, and whoever stays and pays would be."""
    made = _MADE.format(whom=among("a.person", whom), has_paid=_HAS_PAID if of_country else "true")
    return Query(_COUNTED.format(made=made), (from_at, until, clock.now(), plan), _read)


_COUNTED = """SELECT json_agg(found) FROM (
  SELECT reason, count(*) AS attempts, count(*) FILTER (WHERE state = 'stayed') AS stayed,
    count(*) FILTER (WHERE state = 'waiting') AS waiting
  FROM ({made}) made GROUP BY reason ORDER BY 2 DESC, 1) found"""


def _read(found: Any) -> tuple[CancelCount, ...]:
    return tuple(CancelCount(**row) for row in found or ())


def together(counts: tuple[CancelCount, ...]) -> CancelCount:
    return CancelCount(
        reason="", attempts=sum(one.attempts for one in counts), stayed=sum(one.stayed for one in counts),
        waiting=sum(one.waiting for one in counts),
    )  # fmt: skip


def rows(from_at: datetime, until: datetime, plan: UUID | None = None) -> RowList[CancelRow]:
    return RowList(CancelRow, _ROWS, (from_at, until, clock.now(), plan))


_OF_ALL = _MADE.format(whom="true", has_paid="true")
_ROWS = f"""
SELECT b.id, b.person, coalesce(nullif(p.name, ''), p.email, 'Erased') AS name, plans.name AS plan, b.at, b.reason,
  b.words, b.by_staff, b.state
FROM (SELECT * FROM ({_OF_ALL}) made WHERE (at, id) < ($5, $6) ORDER BY at DESC, id DESC LIMIT $7) b
LEFT JOIN insights_people p ON p.id = b.person AND p.erased_at IS NULL
LEFT JOIN insights_plans plans ON plans.id = b.plan ORDER BY b.at DESC, b.id DESC
"""
