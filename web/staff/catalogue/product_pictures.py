"""Pictures of a product: upload, describe, move to front, remove."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, post
from litestar.params import FromPath

from components.catalog.pictures import pictures
from components.catalog.products import product_deletion, stored_products
from components.catalog.products.stored_products import StoredProduct
from components.catalog.snapshot import snapshot_refresh
from components.foundation.refusals import NotFound, Refusal
from web.current_person import person_id_of
from web.forms.fields import File, Text
from web.forms.form import Form
from web.forms.sending import WITH_FILE
from web.guards import staff
from web.replies import deleted, see_other, with_notice
from web.staff.catalogue.products import edit_page
from web.views import page


class PictureUploadForm(Form):
    picture = File("Picture")
    alt = Text("Alt text", longest=500)


class AltForm(Form):
    alt = Text("Alt text", longest=500, required=False)


class StaffProductPicturesController(Controller):
    path = "/staff/products/{slug:str}/pictures"
    guards = [staff("products")]

    @post(request_max_body_size=WITH_FILE)
    async def create(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        product, form = await stored_products.by_id(slug), await PictureUploadForm.read(request)
        if not form.is_valid or form.picture is None:
            words = " ".join(form.errors.values())
            return page(request, await edit_page(product, refusal=words, new_alt=form.field("alt").typed), status=422)
        try:
            source = await form.picture.read(pictures.MOST_BYTES + 1)
            await pictures.upload(product.id, source, alt=form.alt, by=person_id_of(request))
        except Refusal as refusal:
            return page(
                request, await edit_page(product, refusal=str(refusal), new_alt=form.alt), status=refusal.status
            )
        return await _back(product, "Picture added.")

    @post("/{picture_id:uuid}")
    async def update(
        self, request: Request[Any, Any, Any], slug: FromPath[str], picture_id: FromPath[UUID]
    ) -> Response[Any]:
        product, form = await _having(slug, picture_id), await AltForm.read(request)
        if not form.is_valid:
            alts = {picture_id: form.field("alt").typed}
            return page(request, await edit_page(product, refusal=form.errors["alt"], alts=alts), status=422)
        await pictures.describe(picture_id, alt=form.alt, by=person_id_of(request))
        return await _back(product, "Saved.")

    @post("/{picture_id:uuid}/front")
    async def put_first(
        self, request: Request[Any, Any, Any], slug: FromPath[str], picture_id: FromPath[UUID]
    ) -> Response[Any]:
        product = await _having(slug, picture_id)
        await pictures.make_first(picture_id, by=person_id_of(request))
        return await _back(product, "This is now the main picture.")

    @post("/{picture_id:uuid}/removal")
    async def destroy(
        self, request: Request[Any, Any, Any], slug: FromPath[str], picture_id: FromPath[UUID]
    ) -> Response[Any]:
        product = await _having(slug, picture_id)
        deletion = await product_deletion.delete_picture(picture_id, by=person_id_of(request))
        answer = await _back(product, "Picture removed.")
        return deleted(answer, "Picture removed.", deletion) if deletion else answer


async def _having(slug: str, picture_id: UUID) -> StoredProduct:
    """The product, if this is a picture of it."""
    product = await stored_products.by_id(slug)
    if picture_id not in {picture.id for picture in product.pictures}:
        raise NotFound("This picture does not exist.")
    return product


async def _back(product: StoredProduct, words: str) -> Response[Any]:
    await snapshot_refresh.catch_up([product.id])
    return with_notice(see_other(f"/staff/products/{product.slug}"), words)
