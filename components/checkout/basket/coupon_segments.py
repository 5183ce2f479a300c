"""A coupon for a segment: whether the person who shops is in it, asked of the rows each time a basket is priced."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from components.pricing.coupons.eligibility import StoredCoupon
from components.segments import segments


async def looked_up(stored: StoredCoupon | None, person_id: UUID | None, at: datetime) -> StoredCoupon | None:
    """The coupon, knowing whether it is for this person at an instant. One without a segment asks nothing."""
    if stored is None or stored.terms.segment is None or person_id is None:
        return stored
    segment = await segments.by_id(stored.terms.segment)
    return replace(stored, is_for_them=await segments.fits(segment.rules, person_id, at=at))
