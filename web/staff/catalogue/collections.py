"""Collections in the staff area: name, description, order, how they are filled and whether menus show them."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.catalog.products import admin_products, collection_filling, collections, product_deletion
from components.catalog.products.admin_products import StoredCollection
from components.catalog.products.collections import CollectionDetails, RuleSaysNothing
from components.catalog.snapshot import snapshot_refresh
from components.foundation.operations.deletions import StillUsed
from components.foundation.refusals import Refusal
from web.current_person import person_id_of
from web.forms.fields import Choice, LongText, Text, Tick
from web.forms.form import Form
from web.forms.numbers import AmountField, Whole
from web.forms.sending import read_body
from web.guards import staff
from web.replies import deleted, see_other, with_notice
from web.staff import filled_in
from web.staff.catalogue.product_forms import split_commas
from web.staff.catalogue.references import refuse_if_named, uses_of
from web.staff.edit_conflicts import overtaken
from web.views import View, page

LIST = "/staff/collections"
WAYS = (
    ("hand", "By hand: you choose the products"),
    ("rule", "By a rule: every product that fits, also those added later"),
)
RULE_LISTS = ("rule_tags", "rule_kinds", "rule_vendors")
PLAIN = ("title", "description", "position", "is_listed", "rule_least", "rule_most")


class CollectionForm(Form):
    is_shared = True
    title = Text("Title", longest=255)
    description = LongText("Description", required=False, rows=5)
    position = Whole("Sort order in menus", most=1_000_000, help="Lower numbers come first.")
    is_listed = Tick("Show in menus and on the home page")
    sort = Choice("Order of its products", collections.ORDERS, required=False)
    filled = Choice("How it is filled", WAYS, as_radio=True, required=False)
    rule_tags = Text("Any of these tags", longest=1_000, required=False, help="Comma-separated.")
    rule_kinds = Text("Any of these product types", longest=1_000, required=False, help="Comma-separated.")
    rule_vendors = Text("Any of these brands", longest=1_000, required=False, help="Comma-separated.")
    rule_least = AmountField("Price from", required=False, help="Of the cheapest variant, sales apart.")
    rule_most = AmountField("Price up to", required=False)

    def details(self) -> CollectionDetails:
        given: dict[str, Any] = {name: getattr(self, name) for name in PLAIN}
        given |= {name: split_commas(getattr(self, name)) for name in RULE_LISTS}
        return CollectionDetails(**given, sort=self.sort or "shelf", is_ruled=self.filled == "rule")


@dataclass(frozen=True, kw_only=True)
class StaffCollectionsPage(View):
    template: ClassVar[str] = "staff/catalogue/collections/index.html"

    collections: tuple[StoredCollection, ...]


@dataclass(frozen=True, kw_only=True)
class StaffCollectionPage(View):
    """`collection` is None for a new one. `fits`: what the rule holds, and how many it would take out; None without."""

    template: ClassVar[str] = "staff/catalogue/collections/edit.html"
    partial: ClassVar[str | None] = "staff/catalogue/collections/_fits.html"

    collection: StoredCollection | None
    form: CollectionForm
    fits: tuple[int, int] | None
    uses: str


class StaffCollectionsController(Controller):
    path = LIST
    guards = [staff("products")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, StaffCollectionsPage(collections=await admin_products.all_collections()))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        position = len(await admin_products.all_collections())
        form = CollectionForm.blank(position=position, is_listed=True, sort="shelf", filled="hand")
        return await _shown(request, None, filled_in.by_address(form, request))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await CollectionForm.read(request)
        if form.is_valid and not await _is_a_look(request):
            try:
                created = await collections.create(form.details(), by=person_id_of(request))
                return await _to_products(created, f"“{form.title}” created.")
            except Refusal as refusal:
                form.refuse(_field_of(refusal), str(refusal))
        return await _shown(request, None, form)

    @get("/{slug:str}")
    async def edit(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        kept = await admin_products.collection_by_id(slug)
        return await _shown(request, kept, _filled(kept))

    @post("/{slug:str}")
    async def update(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        kept, form = await admin_products.collection_by_id(slug), await CollectionForm.read(request)
        if await _is_a_look(request) or not form.is_valid or overtaken(form, _filled(kept)):
            return await _shown(request, kept, form)
        try:
            await collections.revise(kept.id, form.details(), by=person_id_of(request))
        except Refusal as refusal:
            return await _shown(request, kept, form.refuse(_field_of(refusal), str(refusal)))
        return await _back("Saved.")

    @post("/{slug:str}/deletion")
    async def delete(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        kept = await admin_products.collection_by_id(slug)
        try:
            await refuse_if_named(kept.id)
            deletion = await product_deletion.delete_collection(kept.id, by=person_id_of(request))
        except StillUsed as refusal:
            return await _shown(request, kept, _filled(kept).refuse(None, str(refusal)), status=refusal.status)
        words = f"“{kept.title}” deleted. Its products stay."
        return deleted(await _back(words), words, deletion)


def _filled(kept: StoredCollection) -> CollectionForm:
    given: dict[str, Any] = {name: getattr(kept, name) for name in PLAIN}
    given |= {name: ", ".join(getattr(kept, name)) for name in RULE_LISTS}
    return CollectionForm.blank(**given, sort=kept.sort, filled="rule" if kept.is_ruled else "hand")


async def _shown(
    request: Request[Any, Any, Any], kept: StoredCollection | None, form: CollectionForm, *, status: int | None = None
) -> Response[Any]:
    fits = None
    if form.values.get("filled") == "rule" and not form.errors:
        fits = await collection_filling.fitting(form.details(), kept.id if kept else None)
    view = StaffCollectionPage(collection=kept, form=form, fits=fits, uses=await uses_of(kept.id) if kept else "")
    return page(request, view, status=status or form.answer_status)


async def _is_a_look(request: Request[Any, Any, Any]) -> bool:
    """Whether only the products that fit are to be counted; nothing is saved then."""
    return "look" in await read_body(request)


def _field_of(refusal: Refusal) -> str:
    return "rule_tags" if isinstance(refusal, RuleSaysNothing) else "title"


async def _to_products(collection_id: UUID, words: str) -> Response[Any]:
    await snapshot_refresh.refresh()
    made = next(one for one in await admin_products.all_collections() if one.id == collection_id)
    more = "" if made.is_ruled else " Now choose its products."
    return with_notice(see_other(f"{LIST}/{made.slug}/products"), words + more)


async def _back(words: str) -> Response[Any]:
    await snapshot_refresh.refresh()
    return with_notice(see_other(LIST), words)
