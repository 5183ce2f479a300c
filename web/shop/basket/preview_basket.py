"""The basket of a preview, stored in the preview's own cookie so that staff can see what a basket would cost.

The rows of the real basket, the stock and the previewed person are not changed.
"""

from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from litestar import Request, Response

from components.checkout.basket import preview_basket
from components.checkout.basket.preview_basket import Units
from components.foundation.languages.words import _
from components.foundation.refusals import Refusal
from web import previews
from web.previews import RunningPreview
from web.replies import see_other, with_refusal
from web.shop.basket.basket_page import basket_page
from web.views import page, visitor_of, wants_partial


def add(request: Request[Any, Any, Any], variant_id: UUID, quantity: int) -> Units:
    """Returns the contents after adding. Raises the refusals of a real basket."""
    access = visitor_of(request).access
    return preview_basket.with_added(_running(request).basket, variant_id, quantity=quantity, access=access)


def load(request: Request[Any, Any, Any], answer: Response[Any], units: Units) -> Response[Any]:
    """The response, and the preview with this basket."""
    return previews.cookie_of(answer, _running(request), units)


async def change(request: Request[Any, Any, Any], variant_id: UUID, quantity: int | None) -> Response[Any]:
    """Set the number of units; zero removes the line. `None` is a number that could not be read."""
    visitor, units, words = visitor_of(request), _running(request).basket, ""
    try:
        if quantity is None:
            raise Refusal(_("Choose a number from 0 to 99."))
        units = dict(preview_basket.with_changed(units, variant_id, quantity=quantity, access=visitor.access))
        if 0 < units.get(variant_id, 0) < quantity:
            words = _("Only %(count)s left.", count=units[variant_id])
    except Refusal as refusal:
        words = str(refusal)
    if not wants_partial(request):
        answer: Response[Any] = see_other("/basket")
        return load(request, with_refusal(answer, words) if words else answer, units)
    seen = replace(
        visitor, tried=preview_basket.contents_of(units, visitor.person_id), basket_count=sum(units.values())
    )
    return load(request, page(request, replace(await basket_page(seen, None), said=words)), units)


def _running(request: Request[Any, Any, Any]) -> RunningPreview:
    return cast(RunningPreview, request.scope["preview"])  # type: ignore[typeddict-item]
