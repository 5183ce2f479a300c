"""Claiming a gift: adding it to the basket as a free line, and removing it."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, post
from litestar.params import FromPath

from components.checkout.basket import baskets
from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.rewards import free_products
from web.current_person import person_id_of
from web.forms.fields import ReferenceField
from web.forms.form import Form
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.shop.basket.basket_cookie import with_basket
from web.views import visitor_of


class ChooseGiftForm(Form):
    variant = ReferenceField(N_("Product"))


class GiftController(Controller):
    path = "/basket/gifts/{gift_id:uuid}"
    guards = [signed_in]

    @post()
    async def create(self, request: Request[Any, Any, Any], gift_id: FromPath[UUID]) -> Response[Any]:
        """Add it to the basket, creating one if needed."""
        form, person_id = await ChooseGiftForm.read(request), person_id_of(request)
        if not form.is_valid:
            return with_refusal(see_other("/basket"), _("Choose one of the options offered."))
        try:
            await free_products.choose(gift_id, person_id=person_id, variant_id=form.variant)
        except Refusal as refusal:
            return with_refusal(see_other("/basket"), str(refusal))
        token = await baskets.get_or_create(visitor_of(request).basket_token, person_id=person_id)
        return with_basket(with_notice(see_other("/basket"), _("Your gift is in your basket.")), token)

    @post("/removal")
    async def destroy(self, request: Request[Any, Any, Any], gift_id: FromPath[UUID]) -> Response[Any]:
        await free_products.unchoose(gift_id, person_id=person_id_of(request))
        return with_notice(see_other("/basket"), _("Your gift has been removed. You can still add it later."))
