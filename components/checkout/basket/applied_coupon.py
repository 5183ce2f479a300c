"""What a basket shows about its coupon: the amount it takes off, or the reason why it takes off nothing. Pure."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation.formatting import money
from components.pricing.coupons.coupons import CouponDiscount
from components.pricing.quotes import Quote


@dataclass(frozen=True, slots=True)
class AppliedCoupon:
    """`worth` in minor units, goods and delivery. `refusal`: it may not be used; `hint`: it may, but has no effect
    yet."""

    id: UUID
    code: str
    words: str
    worth: int
    refusal: str
    hint: str


def explain(coupon: CouponDiscount, quote: Quote, refusal: str) -> AppliedCoupon:
    worth = 0 if refusal else quote.coupon_worth
    hint = "" if refusal or not quote.lines else _hint(coupon, quote)
    return AppliedCoupon(coupon.id, coupon.code, coupon.words, worth, refusal, hint)


def _hint(coupon: CouponDiscount, quote: Quote) -> str:
    meant = [line for line in quote.lines if not line.gift and coupon.scope.covers(line.variant)]
    worth = sum(line.regular_total for line in meant)
    if not meant:
        return f"{coupon.code} doesn’t apply to anything in your basket."
    if worth < coupon.minimum:
        return f"{coupon.code} applies from {money(coupon.minimum)}: add {money(coupon.minimum - worth)} more."
    if coupon.discount_type == "free_delivery":
        return _delivery_hint(coupon, quote)
    if not coupon.stacks and any(not line.coupon and line.saved for line in meant):
        where = "on some of these items" if quote.coupon_off else "on these items"
        return f"{coupon.code} can’t be combined with member prices. Yours are lower {where}, so you pay those."
    return ""


def _delivery_hint(coupon: CouponDiscount, quote: Quote) -> str:
    if quote.charge.because == "coupon" or not quote.needs_delivery or not quote.charge.listed:
        return ""
    return f"Your delivery is already free without {coupon.code}."
