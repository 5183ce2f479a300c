"""What the movements are made from: the subscriptions of payers, with what was paid, held and paused."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import database
from components.insights.movements.fee_timeline import Billed, Fee
from components.insights.movements.mrr import per_month
from components.insights.movements.service_outages import Span


class _Subscription(NamedTuple):
    id: UUID
    payer: UUID
    cancel_at: datetime | None
    past_due_since: datetime | None
    ended_on_request_at: datetime | None


class _Paid(NamedTuple):
    subscription: UUID
    starts_at: datetime
    ends_at: datetime
    paid_at: datetime
    amount: int
    net_price: int
    interval: str
    interval_count: int
    is_opening: bool

    @property
    def fee(self) -> Fee:
        a_month = per_month(self.net_price, interval=self.interval, count=self.interval_count)
        return Fee(self.starts_at, self.ends_at, self.paid_at, self.amount > 0, a_month, self.is_opening)


class _Spanned(NamedTuple):
    subscription: UUID
    from_at: datetime
    until: datetime | None


_SUBSCRIPTIONS = """
SELECT id, payer, cancel_at, past_due_since, CASE WHEN cancel_reason IS NOT NULL THEN ended_at END
  AS ended_on_request_at
FROM insights_subscriptions WHERE payer = ANY($1) ORDER BY created_at, id
"""
_PAID = """
SELECT d.subscription, d.starts_at, d.ends_at, d.paid_at, d.amount, d.net_price, v.interval, v.interval_count,
  d.is_opening
FROM insights_paid_periods d JOIN insights_plan_versions v ON v.id = d.plan_version
WHERE d.subscription = ANY($1) ORDER BY d.starts_at
"""
_HELD = """
SELECT source_id AS subscription, starts_at AS from_at, ends_at AS until FROM insights_memberships
WHERE source_id = ANY($1) AND source = 'subscription'
"""
_PAUSED = """
SELECT subscription, begun_at AS from_at, ended_at AS until FROM insights_pauses
WHERE subscription = ANY($1) AND begun_at IS NOT NULL AND (ended_at IS NULL OR ended_at > begun_at)
"""
_EVERYBODY = "SELECT DISTINCT payer FROM insights_subscriptions WHERE started_at IS NOT NULL ORDER BY payer"


async def billed_of(payers: Sequence[UUID]) -> dict[UUID, list[Billed]]:
    """The subscriptions of each, oldest first."""
    subscriptions = await database.fetch_as(_Subscription, _SUBSCRIPTIONS, list(payers))
    known = [one.id for one in subscriptions]
    fees: dict[UUID, list[Fee]] = defaultdict(list)
    for paid in await database.fetch_as(_Paid, _PAID, known):
        fees[paid.subscription].append(paid.fee)
    held, pauses = await _spans(_HELD, known), await _spans(_PAUSED, known)
    found: dict[UUID, list[Billed]] = defaultdict(list)
    for one in subscriptions:
        found[one.payer].append(
            Billed(
                fees=fees[one.id],
                held=held[one.id],
                pauses=pauses[one.id],
                cancel_at=one.cancel_at,
                past_due_since=one.past_due_since,
                ended_on_request_at=one.ended_on_request_at,
            )
        )
    return found


async def _spans(sql: str, known: Sequence[UUID]) -> dict[UUID, list[Span]]:
    found: dict[UUID, list[Span]] = defaultdict(list)
    for one in await database.fetch_as(_Spanned, sql, known):
        found[one.subscription].append(Span(one.from_at, one.until))
    return found


async def everybody() -> list[UUID]:
    return await database.fetch_values(_EVERYBODY)
