"""Collections in the staff area: name, description, order and whether menus show them."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components import catalog
from components.catalog import CollectionDetails, stockroom
from components.catalog.stockroom import KeptCollection
from components.foundation.refusals import Refusal
from web.account.whose import person_id_of
from web.forms import Form, LongText, Text, Tick, Whole
from web.guards import staff
from web.replies import see_other, with_notice
from web.views import View, page


class CollectionForm(Form):
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
    template: ClassVar[str] = "staff/collections/index.html"

    collections: tuple[KeptCollection, ...]


@dataclass(frozen=True, kw_only=True)
class CollectionPage(View):
    """`collection` is None for a new one."""

    template: ClassVar[str] = "staff/collections/edit.html"

    collection: KeptCollection | None
    form: CollectionForm


class StaffCollectionsController(Controller):
    path = "/staff/collections"
    guards = [staff("products")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, StaffCollectionsPage(collections=await stockroom.every_collection()))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        position = len(await stockroom.every_collection())
        form = CollectionForm.blank(position=position, is_listed=True)
        return page(request, CollectionPage(collection=None, form=form))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await CollectionForm.read(request)
        if form.is_valid:
            try:
                await catalog.collections.create(form.details(), by=person_id_of(request))
            except Refusal as refusal:
                form.refuse("title", str(refusal))
        if not form.is_valid:
            return page(request, CollectionPage(collection=None, form=form), status=422)
        return await _back(f"“{form.title}” created. Add products to it on their own pages.")

    @get("/{slug:str}")
    async def edit(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        kept = await stockroom.collection(slug)
        form = CollectionForm.blank(
            title=kept.title, description=kept.description, position=kept.position, is_listed=kept.is_listed
        )
        return page(request, CollectionPage(collection=kept, form=form))

    @post("/{slug:str}")
    async def update(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        kept, form = await stockroom.collection(slug), await CollectionForm.read(request)
        if not form.is_valid:
            return page(request, CollectionPage(collection=kept, form=form), status=422)
        await catalog.collections.revise(kept.id, form.details(), by=person_id_of(request))
        return await _back("Saved.")


async def _back(words: str) -> Response[Any]:
    await catalog.catch_up()
    return with_notice(see_other("/staff/collections"), words)
