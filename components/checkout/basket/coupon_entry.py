"""Entering a code: added to the basket if this shopper may use it there, otherwise refused with a reason.

One that is for a fee is kept beside one for the goods, and is taken off when a plan is joined with the order.
"""

from components.checkout.basket import (
    basket_contents,
    basket_context,
    basket_coupons,
    basket_fee_code,
    joinable_plans,
)
from components.checkout.basket.basket_context import BasketContext
from components.checkout.basket.priced_basket import Shopper
from components.foundation.database import transaction
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.people import rate_limits
from components.pricing.coupons.eligibility import StoredCoupon
from components.pricing.coupons.redemptions import GUESSES, CouponGone


class NothingToTakeOff(Refusal):
    message = N_("Add something to your basket first.")


async def enter_code(token: str | None, typed: str, *, shopper: Shopper, address: str) -> StoredCoupon:
    """Raises `CouponUnknown`, `CouponGone`, or `TooManyTries` after too many wrong codes from one `address`."""
    await rate_limits.hit(GUESSES, address)
    async with transaction():
        found = await basket_contents.by_basket(token)
        if found is None:
            raise NothingToTakeOff
        stored = await basket_coupons.apply(found, typed)
        context = await basket_context.load(token, person_id=shopper.person_id, at=shopper.at, email=shopper.email)
        if refusal := await _refusal(stored, context, shopper):
            raise CouponGone(refusal)
    await rate_limits.undo(GUESSES, address)
    return stored


async def _refusal(stored: StoredCoupon, context: BasketContext, shopper: Shopper) -> str:
    if stored.terms.for_fees:
        plans = await joinable_plans.offered(shopper)
        return basket_fee_code.refusal(shopper, context.fee_coupon or stored, plans, is_known=True)
    return (context.coupon or stored).refusal(shopper.redeemer(has_ordered=context.has_ordered))
