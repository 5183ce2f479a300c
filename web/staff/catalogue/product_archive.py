"""Archiving and deleting products and variants, and taking that back."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, post
from litestar.params import FromPath

from components.catalog.catalog_refusals import UnknownVariant
from components.catalog.products import product_deletion, products, stored_products, variant_archive
from components.catalog.products.stored_products import StoredProduct
from components.catalog.snapshot import snapshot_refresh
from components.foundation.operations.deletions import StillUsed
from components.foundation.refusals import Refusal
from web.current_person import person_id_of
from web.forms.fields import Choice
from web.forms.form import Form
from web.guards import staff
from web.replies import deleted, see_other, with_notice, with_undo
from web.staff.catalogue.products import edit_page
from web.staff.catalogue.references import refuse_if_named
from web.views import page

LIST = "/staff/products"


class RestoreForm(Form):
    status = Choice("Status", (("draft", "Draft"), ("active", "Active")), required=False)


class StaffProductArchiveController(Controller):
    path = f"{LIST}/{{slug:str}}"
    guards = [staff("products")]

    @post("/archive")
    async def archive(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        product = await stored_products.by_id(slug)
        await products.archive(product.id, by=person_id_of(request))
        await snapshot_refresh.catch_up([product.id])
        former = product.details.status if product.details.status != "archived" else "draft"
        words = f"“{product.details.title}” archived. It is no longer in your shop; orders keep it."
        return with_undo(see_other(f"{LIST}/{slug}"), words, undo=f"{LIST}/{slug}/restoration?status={former}")

    @post("/restoration")
    async def restore(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        product, form = await stored_products.by_id(slug), RestoreForm.of_query(request)
        status = form.status if form.is_valid and form.status else "draft"
        try:
            await products.restore(product.id, status=status, by=person_id_of(request))
        except Refusal as refusal:
            return page(request, await edit_page(product, refusal=str(refusal)), status=422)
        await snapshot_refresh.catch_up([product.id])
        words = "Active again." if status == "active" else "Restored as a draft: nobody sees it until it is active."
        return with_notice(see_other(f"{LIST}/{slug}"), words)

    @post("/deletion")
    async def delete(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        product = await stored_products.by_id(slug)
        try:
            await refuse_if_named(product.id, *(variant.id for variant in product.variants))
            deletion = await product_deletion.delete_product(product.id, by=person_id_of(request))
        except StillUsed as refusal:
            return page(request, await edit_page(product, refusal=str(refusal)), status=refusal.status)
        await snapshot_refresh.catch_up([product.id])
        return deleted(see_other(LIST), f"“{product.details.title}” deleted.", deletion)

    @post("/variants/{variant_id:uuid}/restoration")
    async def restore_variant(
        self, request: Request[Any, Any, Any], slug: FromPath[str], variant_id: FromPath[UUID]
    ) -> Response[Any]:
        product = await stored_products.by_id(slug)
        try:
            await _restored(product, variant_id, request)
        except Refusal as refusal:
            return page(request, await edit_page(product, refusal=str(refusal)), status=refusal.status)
        await snapshot_refresh.catch_up([product.id])
        return with_notice(see_other(f"{LIST}/{slug}"), "The variant is back.")


async def _restored(product: StoredProduct, variant_id: UUID, request: Request[Any, Any, Any]) -> None:
    """A variant of this very product. Raises `UnknownVariant`, `OptionsTaken`."""
    known = {one.id for one in await variant_archive.archived(product.id)}
    if variant_id not in known and product.variant(variant_id) is None:
        raise UnknownVariant
    await variant_archive.restore(variant_id, by=person_id_of(request))
