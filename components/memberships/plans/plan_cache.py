"""Plans and benefits cached in memory by every process, and read again when PostgreSQL says they have changed."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from components.foundation import database
from components.foundation.database.notifications import listener
from components.memberships.tables import Plan, PlanVersion


@dataclass(frozen=True, slots=True)
class CachedPrice:
    """One version of a plan's price; `price` in minor units."""

    id: UUID
    plan: UUID
    price: int
    currency: str
    interval: str
    interval_count: int
    is_once: bool
    from_at: datetime
    until_at: datetime | None
    net_of: UUID | None = None
    variant: UUID | None = None


@dataclass(frozen=True, slots=True)
class CachedBenefit:
    """One version of one benefit, included in one plan for the time both are active."""

    plan: UUID
    benefit: UUID
    kind: str
    name: str
    settings: str
    position: int
    from_at: datetime
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class CachedVariant:
    """What some members of a plan were promised: what it includes but for `without`, and this benefit."""

    id: UUID
    plan: UUID
    without: Sequence[UUID]
    benefit: UUID
    kind: str
    name: str
    settings: str


@dataclass(frozen=True, slots=True)
class CachedPlan:
    id: UUID
    slug: str
    name: str
    summary: str
    position: int
    is_offered: bool
    trial_days: int
    trial_ends: str
    seats: int
    is_giftable: bool
    tax_category: str
    guarantees_fee: bool
    places: int


@dataclass(frozen=True)
class PlanCache:
    version: int = 0
    plans: tuple[CachedPlan, ...] = ()
    prices: tuple[CachedPrice, ...] = ()
    promises: tuple[CachedBenefit, ...] = ()
    variants: Mapping[UUID, CachedVariant] = field(default_factory=dict)

    def next_change(self, at: datetime) -> datetime | None:
        """The first instant after `at` at which a price or a benefit starts or ends."""
        stretches = [(one.from_at, one.until_at) for one in self.prices]
        stretches += [(one.from_at, one.until_at) for one in self.promises]
        return min((edge for pair in stretches for edge in pair if edge is not None and edge > at), default=None)


class _Kept:
    shelf = PlanCache()
    is_listening = False
    reading = asyncio.Lock()


def current() -> PlanCache:
    return _Kept.shelf


async def start() -> None:
    """Read the plans and stay up to date from then on."""
    if not _Kept.is_listening:
        listener.on("plans", _heard, after_a_gap=refresh)
        _Kept.is_listening = True
    await refresh()


async def refresh() -> None:
    """Read them all again: there are few. Inside a transaction once that is committed."""
    await database.after_commit(_refresh)


async def _refresh() -> None:
    async with _Kept.reading:
        _Kept.shelf = await _read()


async def _read() -> PlanCache:
    plans = await Plan.select(
        Plan.id, Plan.slug, Plan.name, Plan.summary, Plan.position, Plan.is_offered, Plan.trial_days, Plan.trial_ends,
        Plan.seats, Plan.is_giftable, Plan.tax_category, Plan.guarantees_fee, Plan.places,
    ).order_by(Plan.position, Plan.slug)  # fmt: skip
    version = PlanVersion
    prices = await version.select(
        version.id, version.plan, version.price, version.currency, version.interval, version.interval_count,
        version.is_once, version.from_at, version.until_at, version.net_of, version.variant,
    ).order_by(version.from_at)  # fmt: skip
    return PlanCache(
        _Kept.shelf.version + 1,
        tuple(CachedPlan(**row) for row in plans),
        tuple(CachedPrice(**row) for row in prices),
        await _promises(),
        await _variants(),
    )


async def _promises() -> tuple[CachedBenefit, ...]:
    rows = await database.fetch_as(
        CachedBenefit,
        """SELECT pb.plan, pb.benefit, b.kind, b.name, v.settings::text AS settings, pb.position,
          GREATEST(pb.from_at, v.from_at) AS from_at, LEAST(pb.until_at, v.until_at) AS until_at
        FROM plan_benefit pb JOIN benefit b ON b.id = pb.benefit JOIN benefit_version v ON v.benefit = b.id
        WHERE (v.until_at IS NULL OR v.until_at > pb.from_at) AND (pb.until_at IS NULL OR pb.until_at > v.from_at)
        ORDER BY pb.position, b.name""",
    )
    return tuple(rows)


async def _variants() -> dict[UUID, CachedVariant]:
    rows = await database.fetch_as(
        CachedVariant,
        """SELECT p.id, p.plan, p.without, p.benefit, b.kind, b.name, v.settings::text AS settings
        FROM plan_variant p JOIN benefit b ON b.id = p.benefit JOIN benefit_version v ON v.benefit = b.id
        WHERE v.until_at IS NULL""",
    )
    return {row.id: row for row in rows}


async def _heard(_payload: str) -> None:
    await refresh()
