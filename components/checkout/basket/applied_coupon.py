"""What a basket shows about its coupon: the amount it takes off, or the reason why it takes off nothing. Pure."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation.formatting import money
from components.foundation.languages.words import N_, _
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


_ALL_LOWER = N_("%(code)s can’t be combined with member prices. Yours are lower on these items, so you pay those.")
_SOME_LOWER = N_(
    "%(code)s can’t be combined with member prices. Yours are lower on some of these items, so you pay those."
)


def explain(coupon: CouponDiscount, quote: Quote, refusal: str) -> AppliedCoupon:
    worth = 0 if refusal else quote.coupon_worth
    hint = "" if refusal or not quote.lines else _hint(coupon, quote)
    return AppliedCoupon(coupon.id, coupon.code, coupon.words, worth, refusal, hint)


def _hint(coupon: CouponDiscount, quote: Quote) -> str:
    meant = [line for line in quote.lines if not line.gift and coupon.scope.covers(line.variant)]
    worth = sum(line.regular_total for line in meant)
    if not meant:
        return _("%(code)s doesn’t apply to anything in your basket.", code=coupon.code)
    if worth < coupon.minimum:
        least, missing = money(coupon.minimum), money(coupon.minimum - worth)
        return _("%(code)s applies from %(least)s: add %(sum)s more.", code=coupon.code, least=least, sum=missing)
    if coupon.discount_type == "free_delivery":
        return _delivery_hint(coupon, quote)
    if not coupon.stacks and any(not line.coupon and line.saved for line in meant):
        words = _ALL_LOWER if not quote.coupon_off else _SOME_LOWER
        return _(words, code=coupon.code)
    return ""


def _delivery_hint(coupon: CouponDiscount, quote: Quote) -> str:
    if quote.charge.because == "coupon" or not quote.needs_delivery or not quote.charge.listed:
        return ""
    return _("Your delivery is already free without %(code)s.", code=coupon.code)
