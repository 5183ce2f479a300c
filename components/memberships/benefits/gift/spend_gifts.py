"""Gifts for spending: what they are based on. Spending counts towards one gift of a benefit, and only for a year."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

YEAR = timedelta(days=365)
_EDGE = "%Y%m%dT%H%M%S%f"

Spending = Iterable[tuple[datetime, int]]
"""When goods were paid for, and how much in minor units, net of refunds."""


def cause(*, asked: int, benefit_id: UUID, person_id: UUID, at: datetime) -> str:
    """One gift for the purchase that was paid at this instant."""
    return f"{prefix(benefit_id, person_id)}{asked}:{at.astimezone(UTC):{_EDGE}}"


def prefix(benefit_id: UUID, person_id: UUID) -> str:
    """The prefix of every such cause of one benefit and person."""
    return f"spend:{benefit_id}:{person_id}:"


def benefit_of(of: str) -> UUID:
    """The benefit that the gift of this cause is of."""
    return UUID(of.split(":")[1])


def orders_query(of: str) -> int:
    """How much spending the gift of this cause required."""
    return int(of.split(":")[3])


def window_start(of: str) -> datetime:
    """When what led to the gift of this cause was paid."""
    return datetime.strptime(of.rsplit(":", 1)[-1], _EDGE).replace(tzinfo=UTC)


def orders_behind(spending: Spending, *, at: datetime, others: Iterable[str]) -> int:
    """What was spent by the instant and counts towards a gift at it: within a year, and since the gift before."""
    since = max((before for before in map(window_start, others) if before < at), default=at - YEAR)
    return sum(amount for paid_at, amount in spending if max(since, at - YEAR) < paid_at <= at)
