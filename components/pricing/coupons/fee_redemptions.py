"""Redeeming a coupon for a membership fee: reserved when its payment page is opened, used when that is paid, returned
when it is not. Limits and locks are those of orders.
"""

from uuid import UUID

from components.foundation import clock, database, ids
from components.foundation.database import transaction
from components.foundation.languages.words import _
from components.foundation.text import mailbox
from components.pricing.coupons import redemptions
from components.pricing.coupons.coupons import CouponDiscount
from components.pricing.coupons.redemptions import CouponGone
from components.pricing.tables import Coupon, CouponUse


async def reserve(fee: UUID, coupon: CouponDiscount, *, person_id: UUID, email: str) -> None:
    """Reserve one use for a fee, by its discount's id, within the transaction that writes it. Raises `CouponGone`."""
    at, email = clock.now(), mailbox(email) if email else ""
    held = await database.fetch_one_as(redemptions._Held, redemptions._RESERVE, coupon.id, at)
    if held is None:
        raise await redemptions.gone(coupon, at)
    by_them = await redemptions._by_them(coupon.id, person_id, email)
    if held.most_each is not None and by_them >= held.most_each:
        raise CouponGone(_("You have already used %(code)s the maximum number of times.", code=coupon.code))
    await CouponUse.insert(
        CouponUse(
            id=ids.new(), coupon=coupon.id, order_id=None, fee=fee, person=person_id, email=email, at=at, changed_at=at
        )
    )


async def use(fee: UUID) -> None:
    """Its first payment was made, possibly after the page had expired. May run twice."""
    async with transaction():
        held = await database.locked(CouponUse, CouponUse.fee == fee)
        if held is None or held.state in ("used", "late"):
            return
        state = "used"
        if held.state == "returned":
            state = "used" if await redemptions._taken_again(held.coupon, is_first=True) else "late"
        await CouponUse.update(state=state, changed_at=clock.now()).where(CouponUse.id == held.id)


async def restore(fee: UUID) -> None:
    """It will not be paid: somebody else may use it."""
    async with transaction():
        held = await database.locked(CouponUse, CouponUse.fee == fee)
        if held is None or held.state != "reserved":
            return
        await Coupon.update(used=Coupon.used - 1).where(Coupon.id == held.coupon)
        await CouponUse.update(state="returned", changed_at=clock.now()).where(CouponUse.id == held.id)
