"""Collections in the staff area: name, description, order and whether menus show them."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.catalog.products import admin_products, collections, product_deletion
from components.catalog.products.admin_products import StoredCollection
from components.catalog.products.collections import CollectionDetails
from components.catalog.snapshot import snapshot_refresh
from components.foundation.operations.deletions import StillUsed
from components.foundation.refusals import Refusal
from web.current_person import person_id_of
from web.forms.fields import LongText, Text, Tick
from web.forms.form import Form
from web.forms.numbers import Whole
from web.guards import staff
from web.replies import deleted, see_other, with_notice
from web.staff.catalogue.product_archive import refuse_if_named
from web.staff.overtaken import overtaken
from web.views import View, page


class CollectionForm(Form):
    is_shared = True
    title = Text("Title", longest=255)
    description = LongText("Description", required=False, rows=5)
    position = Whole("Sort order in menus", most=1_000_000, help="Lower numbers come first.")
    is_listed = Tick("Show in menus and on the home page")

    def details(self) -> CollectionDetails:
        return CollectionDetails(
            title=self.title, description=self.description, position=self.position, is_listed=self.is_listed
        )


@dataclass(frozen=True, kw_only=True)
class StaffCollectionsPage(View):
    template: ClassVar[str] = "staff/catalogue/collections/index.html"

    collections: tuple[StoredCollection, ...]


@dataclass(frozen=True, kw_only=True)
class StaffCollectionPage(View):
    """`collection` is None for a new one."""

    template: ClassVar[str] = "staff/catalogue/collections/edit.html"

    collection: StoredCollection | None
    form: CollectionForm


class StaffCollectionsController(Controller):
    path = "/staff/collections"
    guards = [staff("products")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, StaffCollectionsPage(collections=await admin_products.all_collections()))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        position = len(await admin_products.all_collections())
        form = CollectionForm.blank(position=position, is_listed=True)
        return page(request, StaffCollectionPage(collection=None, form=form))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await CollectionForm.read(request)
        if form.is_valid:
            try:
                await collections.create(form.details(), by=person_id_of(request))
            except Refusal as refusal:
                form.refuse("title", str(refusal))
        if not form.is_valid:
            return page(request, StaffCollectionPage(collection=None, form=form), status=422)
        return await _back(f"“{form.title}” created. Add products to it on their own pages.")

    @get("/{slug:str}")
    async def edit(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        kept = await admin_products.collection_by_id(slug)
        return page(request, StaffCollectionPage(collection=kept, form=_filled(kept)))

    @post("/{slug:str}")
    async def update(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        kept, form = await admin_products.collection_by_id(slug), await CollectionForm.read(request)
        if not form.is_valid or overtaken(form, _filled(kept)):
            return page(request, StaffCollectionPage(collection=kept, form=form), status=form.answer_status)
        await collections.revise(kept.id, form.details(), by=person_id_of(request))
        return await _back("Saved.")

    @post("/{slug:str}/deletion")
    async def delete(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        kept = await admin_products.collection_by_id(slug)
        try:
            await refuse_if_named(kept.id)
            deletion = await product_deletion.delete_collection(kept.id, by=person_id_of(request))
        except StillUsed as refusal:
            form = _filled(kept).refuse(None, str(refusal))
            return page(request, StaffCollectionPage(collection=kept, form=form), status=refusal.status)
        words = f"“{kept.title}” deleted. Its products stay."
        return deleted(await _back(words), words, deletion)


def _filled(kept: StoredCollection) -> CollectionForm:
    return CollectionForm.blank(
        title=kept.title, description=kept.description, position=kept.position, is_listed=kept.is_listed
    )


async def _back(words: str) -> Response[Any]:
    await snapshot_refresh.catch_up()
    return with_notice(see_other("/staff/collections"), words)
