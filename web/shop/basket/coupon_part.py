"""The coupon as shown in basket and checkout: the field for a code, or the coupon in the basket and its effect."""

from dataclasses import dataclass
from typing import Any

from litestar import Request

from components.checkout.basket.priced_basket import PricedBasket, Shopper
from components.foundation.languages.words import N_
from components.foundation.money import Money
from web.forms.fields import Text
from web.forms.form import Form
from web.sign_in_session import address_of
from web.views import visitor_of


class CouponForm(Form):
    """One field for both kinds of code: for what is in the basket, and for the fee of a membership."""

    coupon = Text(N_("Coupon code"), longest=60, autocomplete="off")


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponPart:
    """`worth` is None while it takes nothing off; `note` says why, or what it does not apply to."""

    code: str
    words: str
    worth: Money | None
    note: str
    is_refused: bool


def coupon_part(shown: PricedBasket) -> CouponPart | None:
    coupon = shown.coupon
    if coupon is None:
        return None
    return CouponPart(
        code=coupon.code,
        words=coupon.words,
        worth=Money(coupon.worth, shown.quote.currency) if coupon.worth else None,
        note=coupon.refusal or coupon.hint,
        is_refused=bool(coupon.refusal),
    )


def email_of(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Who enters a code, and from which address."""
    visitor = visitor_of(request)
    shopper = Shopper(visitor.person_id, visitor.standing, visitor.at, email=visitor.confirmed_email)
    return {"shopper": shopper, "address": address_of(request)}
