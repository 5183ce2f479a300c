"""What is stored about each benefit and one person: what `entitlement_history` answers from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import database
from components.memberships.tables import Benefit, BenefitVersion, Entitlement, PlanBenefit


class KnownBenefit(NamedTuple):
    id: UUID
    kind: str
    name: str
    created_at: datetime
    is_tried: bool


class BenefitTerms(NamedTuple):
    benefit: UUID
    settings: str
    from_at: datetime
    until_at: datetime | None


class PlanPromise(NamedTuple):
    plan: UUID
    benefit: UUID
    from_at: datetime
    until_at: datetime | None


class HeldStretch(NamedTuple):
    benefit: UUID
    from_at: datetime
    until_at: datetime | None
    because_of: str
    membership: UUID


class MembershipStretch(NamedTuple):
    id: UUID
    plan: UUID
    plan_name: str
    source: str
    source_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    note: str
    status: str | None
    cancel_reason: str | None
    price: int
    currency: str
    interval: str
    interval_count: int
    is_once: bool
    price_from: datetime | None
    variant_name: str | None
    without: Sequence[UUID] | None


@dataclass(frozen=True, slots=True)
class EntitlementRows:
    """What there is about one benefit and one person."""

    held: Sequence[HeldStretch]
    versions: Sequence[BenefitTerms]
    promises: Sequence[PlanPromise]
    memberships: Sequence[MembershipStretch]


async def of_person(person_id: UUID, at: datetime) -> list[tuple[KnownBenefit, EntitlementRows]]:
    """Of every benefit the shop knows, by name. The price of a membership is the one at the instant."""
    held = await _held(person_id)
    versions, promises = await _versions(), await _promises()
    memberships = await database.fetch_as(MembershipStretch, _MEMBERSHIPS, person_id, at)
    return [
        (
            one,
            EntitlementRows(
                [row for row in held if row.benefit == one.id],
                [row for row in versions if row.benefit == one.id],
                [row for row in promises if row.benefit == one.id],
                memberships,
            ),
        )
        for one in await _benefits()
    ]


async def _benefits() -> list[KnownBenefit]:
    one = Benefit
    rows = one.select(one.id, one.kind, one.name, one.created_at, one.is_tried).order_by(one.name, one.id)
    return [KnownBenefit(**row) for row in await rows]


async def _held(person_id: UUID) -> list[HeldStretch]:
    one = Entitlement
    rows = one.select(one.benefit, one.from_at, one.until_at, one.because_of, one.membership).where(
        one.person == person_id, one.until_at.is_null() | (one.until_at > one.from_at)
    )
    return [HeldStretch(**row) for row in await rows.order_by(one.from_at, one.id)]


async def _versions() -> list[BenefitTerms]:
    one = BenefitVersion
    return [BenefitTerms(**row) for row in await one.select(one.benefit, one.settings, one.from_at, one.until_at)]


async def _promises() -> list[PlanPromise]:
    one = PlanBenefit
    return [PlanPromise(**row) for row in await one.select(one.plan, one.benefit, one.from_at, one.until_at)]


_MEMBERSHIPS = """
SELECT m.id, m.plan, p.name AS plan_name, m.source, m.source_id, m.starts_at, m.ends_at, m.note,
  coalesce(s.status, (SELECT r.status FROM seat t JOIN subscription r ON r.id = t.source_id
    WHERE t.id = m.source_id AND m.source = 'seat' AND t.ended_at IS NULL)) AS status, s.cancel_reason,
  coalesce(v.price, 0) AS price, coalesce(v.currency, '') AS currency, coalesce(v.interval, '') AS interval,
  coalesce(v.interval_count, 0) AS interval_count,
  coalesce(v.is_once, false) AS is_once, v.from_at AS price_from, w.name AS variant_name, u.without
FROM membership m JOIN plan p ON p.id = m.plan
LEFT JOIN subscription s ON s.id = m.source_id AND m.source = 'subscription'
LEFT JOIN plan_version v ON v.id = coalesce(s.plan_version, (SELECT pv.id FROM plan_version pv
  WHERE pv.plan = m.plan AND holds(pv.from_at, pv.until_at, $2)))
LEFT JOIN plan_variant u ON u.id = m.variant LEFT JOIN benefit w ON w.id = u.benefit
WHERE m.holder = $1 AND (m.ends_at IS NULL OR m.ends_at > m.starts_at) ORDER BY m.starts_at, m.id
"""
