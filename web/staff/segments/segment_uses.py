"""Where a segment is used: what staff see before they change or archive it. What uses segments adds its function."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from components.pricing.coupons import queries


@dataclass(frozen=True, slots=True)
class SegmentUse:
    what: str
    name: str
    href: str


async def _coupons(segment_id: UUID) -> list[SegmentUse]:
    found = await queries.limited_to(segment_id)
    return [SegmentUse("Coupon", one.coupon.code, f"/staff/coupons/{one.id}") for one in found]


USES: tuple[Callable[[UUID], Awaitable[list[SegmentUse]]], ...] = (_coupons,)


async def uses_of(segment_id: UUID) -> tuple[SegmentUse, ...]:
    return tuple([use for uses in USES for use in await uses(segment_id)])
