"""What came of save offers: shown, accepted, still there after 90 days; and why members cancel."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database
from components.foundation.database import Query

KEPT_DAYS = 90


@dataclass(frozen=True, slots=True)
class OfferResult:
    """One offer; `is_tried` in an experiment, on a part of the members. `aged` were accepted at least 90 days ago, and
    `kept` of them had their membership 90 days later."""

    id: UUID
    reason: str
    kind: str
    percent_bp: int
    payments: int
    every_months: int
    plan: str
    made_at: datetime
    ended_at: datetime | None
    is_tried: bool
    shown: int
    accepted: int
    aged: int
    kept: int

    @property
    def rate(self) -> int | None:
        """Accepted of shown, in basis points; half of one is rounded up."""
        return (self.accepted * 20_000 + self.shown) // (2 * self.shown) if self.shown else None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Why members cancelled in a year; `reason` is empty where none was given."""

    reason: str
    cancelled: int


async def by_offer() -> list[OfferResult]:
    """Those on offer first, each newest first."""
    return await database.fetch_as(OfferResult, _BY_OFFER, clock.now(), KEPT_DAYS)


def counted() -> Query[tuple[int, int, int]]:
    """How many offers there are, how often one was accepted, and how often shown."""
    return Query(_COUNTED, (), tuple)


_COUNTED = """SELECT json_build_array((SELECT count(*) FROM save_offer), count(accepted_at), count(*))
FROM save_offer_shown"""


async def by_reason() -> list[ReasonCount]:
    """Subscriptions that are cancelled, or ended within a year after they were."""
    return await database.fetch_as(ReasonCount, _BY_REASON, clock.now())


_BY_OFFER = """
SELECT o.id, o.reason, o.kind, o.percent_bp, o.payments, o.every_months, coalesce(p.name, '') AS plan, o.made_at,
  o.ended_at, o.is_tried, count(s.id) AS shown, count(s.accepted_at) AS accepted,
  count(*) FILTER (WHERE s.accepted_at <= $1::timestamptz - make_interval(days => $2)) AS aged,
  count(*) FILTER (WHERE s.accepted_at <= $1::timestamptz - make_interval(days => $2)
    AND (u.ended_at IS NULL OR u.ended_at > s.accepted_at + make_interval(days => $2))) AS kept
FROM save_offer o LEFT JOIN plan p ON p.id = o.to_plan LEFT JOIN save_offer_shown s ON s.offer = o.id
LEFT JOIN subscription u ON u.id = s.subscription
GROUP BY o.id, p.name ORDER BY o.ended_at IS NOT NULL, o.made_at DESC
"""
_BY_REASON = """
SELECT cancel_reason AS reason, count(*) AS cancelled FROM subscription
WHERE cancel_reason IS NOT NULL AND started_at IS NOT NULL
  AND (ended_at IS NULL OR ended_at > $1::timestamptz - interval '1 year')
GROUP BY 1 ORDER BY 2 DESC, 1
"""
