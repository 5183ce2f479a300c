"""Entering a coupon's code: laid into the basket if this shopper may use it, refused in words if not."""

from components.checkout import basket_coupons, contents, looks
from components.checkout.shown import Shopper
from components.foundation.database import transaction
from components.foundation.refusals import Refusal
from components.people import tries
from components.pricing import CouponGone, KeptCoupon
from components.pricing.redemptions import GUESSES


class NothingToTakeOff(Refusal):
    message = "Add something to your basket first."


async def enter(token: str | None, typed: str, *, shopper: Shopper, address: str, email: str = "") -> KeptCoupon:
    """Raises `CouponUnknown`, `CouponGone`, or `TooManyTries` when codes are being guessed from one `address`."""
    await tries.count(GUESSES, address)
    async with transaction():
        found = await contents.of(token)
        if found is None:
            raise NothingToTakeOff
        kept = await basket_coupons.put_in(found, typed)
        look = await looks.look(token, person_id=shopper.person_id, at=shopper.at, email=email)
        refusal = (look.coupon or kept).refusal(shopper.redeemer(has_ordered=look.has_ordered))
        if refusal:
            raise CouponGone(refusal)
    await tries.take_back(GUESSES, address)
    return kept
