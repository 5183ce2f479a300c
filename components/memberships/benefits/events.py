"""The moments at which a benefit may act: somebody joined, paid for a period, bought, returned; a day began."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Holding(Generic[S]):
    """One benefit held by one person, with its settings as they are at that moment; `since` without leaving."""

    person_id: UUID
    benefit_id: UUID
    name: str
    settings: S
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """A paid order. Minor units: `base` is what was paid in money for goods, before tax and without delivery;
    `spending` when how much was paid for goods by now, refunds taken off. Can be returned until `returns_until`."""

    order_id: UUID
    number: str
    person_id: UUID
    base: int
    spending: tuple[tuple[datetime, int], ...]
    paid_at: datetime
    returns_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseRefunded:
    """What has been refunded of an order by now: `refunded` of `total`, and which gifts were returned with it."""

    order_id: UUID
    number: str
    person_id: UUID | None
    refunded: int
    total: int
    spending: tuple[tuple[datetime, int], ...]
    gifts: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodPaid:
    """One more period of a subscription is paid, or the only payment of a fixed term, a gift or a lifetime plan.

    `turn` counts them from 1; a membership for life has no `ends_at`. `source_id` is what was paid for.
    """

    period_id: UUID
    source_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayStarted:
    """A new day by the shop's clock, with the birthdays of those it is about."""

    at: datetime
    today: date
    birthdays: dict[UUID, date]
