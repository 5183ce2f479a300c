"""The basket: viewing, adding, changing, removing. With htmx a part of the page, without it a page."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.catalog.snapshot import snapshot_refresh
from components.checkout.basket import basket_contents, baskets
from components.checkout.basket.unit_limits import MOST
from components.foundation import clock, database
from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from web.forms.fields import ReferenceField
from web.forms.form import Form
from web.forms.numbers import Whole
from web.guards import anyone
from web.replies import see_other, with_notice, with_refusal
from web.shop import counted
from web.shop.basket import preview_basket
from web.shop.basket.basket_cookie import with_basket
from web.shop.basket.basket_page import basket_page
from web.shop.viewer import Viewer
from web.views import View, page, visitor_of, wants_partial


class AddForm(Form):
    variant = ReferenceField(N_("Product"))
    quantity = Whole(N_("Quantity"), least=1, most=MOST, required=False)


class QuantityForm(Form):
    quantity = Whole(N_("Quantity"), least=0, most=MOST)


@dataclass(frozen=True, kw_only=True)
class AddedPart(View):
    """The message beside the button after adding, or after a refusal."""

    template: ClassVar[str] = "shop/basket/_added.html"
    partial: ClassVar[str | None] = "shop/basket/_added.html"

    words: str
    is_refused: bool
    count: int


class BasketController(Controller):
    path = "/basket"
    guards = [anyone]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        return page(request, await basket_page(visitor, visitor.basket_token))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Add to the basket. A refusal leads back to the product with its message."""
        visitor, form = visitor_of(request), await AddForm.read(request)
        if not form.is_valid:
            return _not_added(request, None, _("Choose an item to add to your basket."))
        if visitor.preview is not None:
            return _tried(request, form)
        try:
            added = await baskets.add(
                visitor.basket_token,
                form.variant,
                quantity=form.quantity or 1,
                person_id=visitor.person_id,
                access=visitor.access,
            )
        except Refusal as refusal:
            return _not_added(request, form.variant, str(refusal))
        counted.note(request, "added")
        words = added.words or _("%(title)s is in your basket.", title=_title(form.variant))
        if wants_partial(request):
            count = await _count(added.token)
            answer = page(request, AddedPart(words=words, is_refused=False, count=count))
        else:
            answer = with_notice(see_other("/basket"), words)
        return with_basket(answer, added.token)

    @post("/lines/{variant_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], variant_id: FromPath[UUID]) -> Response[Any]:
        form = await QuantityForm.read(request)
        if visitor_of(request).preview is not None:
            return await preview_basket.change(request, variant_id, form.quantity if form.is_valid else None)
        found = await basket_contents.by_basket(visitor_of(request).basket_token)
        if found is None:
            return see_other("/basket")
        words = _("Choose a number from 0 to 99.")
        if form.is_valid:
            visitor = visitor_of(request)
            words = await baskets.change(
                found, variant_id, quantity=form.quantity, access=visitor.access, person_id=visitor.person_id
            )
        return await _changed(request, words)

    @post("/lines/{variant_id:uuid}/removal")
    async def destroy(self, request: Request[Any, Any, Any], variant_id: FromPath[UUID]) -> Response[Any]:
        if visitor_of(request).preview is not None:
            return await preview_basket.change(request, variant_id, 0)
        found = await basket_contents.by_basket(visitor_of(request).basket_token)
        if found is not None:
            await baskets.remove(found, variant_id)
        return await _changed(request, "")


def _tried(request: Request[Any, Any, Any], form: AddForm) -> Response[Any]:
    """Add to a preview's own basket."""
    try:
        units = preview_basket.add(request, form.variant, form.quantity or 1)
    except Refusal as refusal:
        return _not_added(request, form.variant, str(refusal))
    words = _("%(title)s is in the preview basket.", title=_title(form.variant))
    answer: Response[Any] = with_notice(see_other("/basket"), words)
    if wants_partial(request):
        answer = page(request, AddedPart(words=words, is_refused=False, count=sum(units.values())))
    return preview_basket.load(request, answer, units)


async def _changed(request: Request[Any, Any, Any], words: str) -> Response[Any]:
    if not wants_partial(request):
        return back_to_basket(words)
    visitor = replace(visitor_of(request), at=clock.now())
    return page(request, replace(await basket_page(visitor, visitor.basket_token), said=words))


def back_to_basket(words: str) -> Response[Any]:
    """To the basket's page, with a message on what did not work, if any."""
    return _back_to("/basket", words)


def _back_to(path: str, words: str) -> Response[Any]:
    answer: Response[Any] = see_other(path)
    return with_refusal(answer, words) if words else answer


def _not_added(request: Request[Any, Any, Any], variant_id: FromPath[UUID] | None, words: str) -> Response[Any]:
    if wants_partial(request):
        count = visitor_of(request).basket_count
        return page(request, AddedPart(words=words, is_refused=True, count=count), status=422)
    variant = snapshot_refresh.snapshot().variant(variant_id) if variant_id else None
    product = snapshot_refresh.snapshot().product_by_id(variant.product_id) if variant else None
    is_shown = product is not None and Viewer.of(visitor_of(request)).standing(product).is_visible
    return _back_to(f"/products/{product.slug}" if product and is_shown else "/products", words)


async def _count(token: str) -> int:
    (count,) = await database.batch(baskets.query(token))
    return count or 0


def _title(variant_id: UUID) -> str:
    variant = snapshot_refresh.snapshot().variant(variant_id)
    product = snapshot_refresh.snapshot().product_by_id(variant.product_id) if variant else None
    return product.title if product else _("It")
