"""The codes in the basket: adding one, for what is in it or for a fee, and removing it."""

from typing import Any

from litestar import Controller, Request, Response, post

from components.checkout.basket import basket_contents, basket_coupons, coupon_entry
from components.foundation.languages.words import _
from components.foundation.refusals import Refusal
from components.pricing.coupons.eligibility import StoredCoupon
from web.guards import anyone
from web.replies import see_other, with_notice
from web.shop.basket.basket_page import basket_page
from web.shop.basket.coupon_part import CouponForm, email_of
from web.views import page, visitor_of, wants_partial
from web.visitor import Visitor


class BasketCouponController(Controller):
    path = "/basket/coupon"
    guards = [anyone]

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """A refusal is shown at the field; the rest of the basket is unchanged."""
        visitor, form = visitor_of(request), await CouponForm.read(request)
        status = 422
        if form.is_valid:
            try:
                applied = await coupon_entry.enter_code(visitor.basket_token, form.coupon, **email_of(request))
            except Refusal as refusal:
                form.refuse("coupon", str(refusal))
                status = refusal.status
            else:
                return await _changed(request, await _applied(visitor, applied))
        return page(request, await basket_page(visitor, visitor.basket_token, form=form), status=status)

    @post("/removal")
    async def destroy(self, request: Request[Any, Any, Any]) -> Response[Any]:
        found = await basket_contents.by_basket(visitor_of(request).basket_token)
        if found is not None:
            await basket_coupons.remove(found.id)
        return await _changed(request, _("The code has been removed."))

    @post("/fee/removal")
    async def destroy_fee_code(self, request: Request[Any, Any, Any]) -> Response[Any]:
        found = await basket_contents.by_basket(visitor_of(request).basket_token)
        if found is not None:
            await basket_coupons.remove_fee_code(found.id)
        return await _changed(request, _("The code has been removed."))


async def _applied(visitor: Visitor, stored: StoredCoupon) -> str:
    """One that takes nothing off has not been applied to anything: the basket says below why, or until when."""
    coupon = stored.coupon
    if stored.terms.for_fees:
        return _(
            "%(code)s is kept with your basket: it is taken off the fee when you join with this order.",
            code=coupon.code,
        )
    shown = (await basket_page(visitor, visitor.basket_token)).coupon
    if shown is not None and shown.worth is None:
        return _("%(code)s is kept with your basket, but takes nothing off at the moment.", code=coupon.code)
    return _("%(code)s has been applied: %(words)s.", code=coupon.code, words=coupon.words)


async def _changed(request: Request[Any, Any, Any], words: str) -> Response[Any]:
    if not wants_partial(request):
        return with_notice(see_other("/basket"), words)
    visitor = visitor_of(request)
    return page(request, await basket_page(visitor, visitor.basket_token))
