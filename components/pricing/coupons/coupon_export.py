"""A person's own copy of the coupons they have used."""

from typing import Any
from uuid import UUID

from components.pricing.tables import CouponUse


async def coupons_of(person_id: UUID, _confirmed_email: str | None) -> dict[str, list[dict[str, Any]]]:
    uses = CouponUse.select(CouponUse.coupon.code.as_alias("code"), CouponUse.email, CouponUse.state, CouponUse.at)
    return {"coupons_used": await uses.where(CouponUse.person == person_id).order_by(CouponUse.at)}
