"""The coupon in the basket: adding one by its code, and removing it."""

from typing import Any

from litestar import Controller, Request, Response, post

from components.checkout.basket import basket_contents, basket_coupons, coupon_entry
from components.foundation.refusals import Refusal
from web.guards import anyone
from web.replies import see_other, with_notice
from web.shop.basket.basket_page import basket_page
from web.shop.basket.coupon_part import CouponForm, email_of
from web.views import page, visitor_of, wants_partial


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
                return await _changed(request, f"{applied.coupon.code} has been applied: {applied.coupon.words}.")
        return page(request, await basket_page(visitor, visitor.basket_token, form=form), status=status)

    @post("/removal")
    async def destroy(self, request: Request[Any, Any, Any]) -> Response[Any]:
        found = await basket_contents.by_basket(visitor_of(request).basket_token)
        if found is not None:
            await basket_coupons.remove(found.id)
        return await _changed(request, "The code has been removed.")


async def _changed(request: Request[Any, Any, Any], words: str) -> Response[Any]:
    if not wants_partial(request):
        return with_notice(see_other("/basket"), words)
    visitor = visitor_of(request)
    return page(request, await basket_page(visitor, visitor.basket_token))
