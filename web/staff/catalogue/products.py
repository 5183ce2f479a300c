"""Products in the staff area: list, create, edit and archive."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery

from components.catalog.catalog_refusals import (
    AllotmentInUse,
    AlreadyOnSale,
    NoSaleDate,
    NothingToSell,
    OptionsTaken,
    SkuTaken,
    StockInUse,
    WrongOptions,
)
from components.catalog.pictures import picture_fetches
from components.catalog.pictures.picture_fetches import FetchState
from components.catalog.product_details import STATUSES
from components.catalog.products import admin_products, product_deletion, products, stored_products, variant_archive
from components.catalog.products.admin_products import Items
from components.catalog.products.stored_products import StoredProduct
from components.catalog.products.variant_archive import ArchivedVariant
from components.catalog.sales.sale_rules import SaleRefused
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import PictureView
from components.foundation.refusals import Refusal
from web.current_person import person_id_of
from web.forms.form import Form
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice
from web.shop.line_pictures import LinePicture, picture_of
from web.shop.products.cards import CardPicture
from web.shop.products.cards import card_pictures as shown_picture
from web.staff.catalogue import product_forms
from web.staff.catalogue.early_access_report import EarlyAccessReport, report
from web.staff.catalogue.product_forms import NewProductForm, ProductForm
from web.staff.catalogue.references import uses_of
from web.staff.edit_conflicts import overtaken
from web.views import View, page

Tab = tuple[str, str, int | None]
NO_ALTS: Mapping[UUID, str] = {}


@dataclass(frozen=True, kw_only=True)
class StaffProductsPage(View):
    template: ClassVar[str] = "staff/catalogue/products/index.html"
    partial: ClassVar[str | None] = "staff/catalogue/products/_list.html"

    found: Items
    thumbs: dict[str, LinePicture | None]
    tabs: list[Tab]
    tab: str
    search: str
    status: str
    pages: Pager


@dataclass(frozen=True, kw_only=True)
class NewProductPage(View):
    template: ClassVar[str] = "staff/catalogue/products/new.html"

    form: NewProductForm


@dataclass(frozen=True, slots=True)
class PictureRow:
    """`fetching` says why a picture that an import named at `address` is not shown yet."""

    id: str
    shown: CardPicture | None
    address: str
    alt: str
    fetching: str


@dataclass(frozen=True, kw_only=True)
class EditProductPage(View):
    """`early` describes the variants with items sold, or available, in early access.

    `uses` says why it cannot be deleted, `ruled` names the collections that have it by their rules.
    """

    template: ClassVar[str] = "staff/catalogue/products/edit.html"

    product: StoredProduct
    form: ProductForm
    pictures: tuple[PictureRow, ...]
    early: dict[UUID, EarlyAccessReport]
    refusal: str
    new_alt: str
    counted: Mapping[UUID, str]
    """The stock typed for a variant, where it was refused."""
    archived: tuple[ArchivedVariant, ...]
    was_ordered: bool
    uses: str
    ruled: str


class StaffProductsController(Controller):
    path = "/staff/products"
    guards = [staff("products")]

    @get()
    async def index(
        self,
        request: Request[Any, Any, Any],
        q: FromQuery[str] = "",
        show: FromQuery[str] = "",
    ) -> Response[Any]:
        status = show if show in STATUSES else ""
        words = q.strip()[:100]
        found = await admin_products.product_page(words=words, status=status, page=page_asked(request))
        counts = await admin_products.counts()
        tabs: list[Tab] = [("All", "/staff/products", sum(counts.values()))]
        tabs += [(each.title(), f"/staff/products?show={each}", counts.get(each, 0)) for each in STATUSES]
        pages = Pager(page=found.page, pages=found.pages, path="/staff/products", query={"q": words, "show": status})
        tab = f"/staff/products?show={status}" if status else "/staff/products"
        kept = snapshot_refresh.snapshot()
        thumbs = {each.slug: picture_of(kept.product(each.slug), None) for each in found.items}
        view = StaffProductsPage(
            found=found, thumbs=thumbs, tabs=tabs, tab=tab, search=words, status=status, pages=pages
        )
        return page(request, view)

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        choices = await product_forms.new_product_choices(await admin_products.all_collections())
        form = NewProductForm.blank(
            choices=choices, status="draft", position=0, weight_grams=0,
            is_taxable=True, tax_category=product_forms.usual_tax_category(), needs_delivery=True, tracks_stock=True,
        )  # fmt: skip
        return page(request, NewProductPage(form=form))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        choices = await product_forms.new_product_choices(await admin_products.all_collections())
        form = await NewProductForm.read(request, choices=choices)
        form.check_beginning(None)
        if not form.is_valid:
            return page(request, NewProductPage(form=form), status=422)
        try:
            details, first = form.product_details(), form.first_variant()
            product_id = await products.create(details, [first], by=person_id_of(request), checks_sale=True)
        except Refusal as refusal:
            form.refuse(field_of(refusal, form), str(refusal))
            return page(request, NewProductPage(form=form), status=422)
        await snapshot_refresh.catch_up([product_id])
        slug = await products.address(product_id)
        return with_notice(see_other(f"/staff/products/{slug}"), f"“{details.title}” created.")

    @get("/{slug:str}")
    async def edit(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        product = await stored_products.by_id(slug)
        return page(request, await edit_page(product))

    @post("/{slug:str}")
    async def update(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        product = await stored_products.by_id(slug)
        choices = product_forms.collection_choices(await admin_products.all_collections())
        form = await ProductForm.read(request, choices=choices)
        form.check_beginning(product.details.public_from)
        if (
            form.is_valid
            and len(form.product_details().option_names) != len(product.details.option_names)
            and product.variants
        ):
            form.refuse("option_names", "The number of options can’t change while there are variants.")
        if not form.is_valid or overtaken(form, product_forms.product_form_values(product.details, choices)):
            return page(request, await edit_page(product, form=form), status=form.answer_status)
        try:
            changed = await products.revise(product.id, form.product_details(), by=person_id_of(request))
        except Refusal as refusal:
            form.refuse(field_of(refusal, form), str(refusal))
            return page(request, await edit_page(product, form=form), status=422)
        await snapshot_refresh.catch_up([product.id])
        words = "Saved." if changed else "Nothing was changed."
        return with_notice(see_other(f"/staff/products/{slug}"), words)


def field_of(refusal: Refusal, form: Form) -> str | None:
    """The field a refusal is about, if the form has it."""
    if isinstance(refusal, SaleRefused):
        return refusal.field if refusal.field in form.declared else None
    names = {
        SkuTaken: "sku",
        WrongOptions: "option_values",
        OptionsTaken: "option1",
        NothingToSell: "status",
        StockInUse: "tracks_stock",
        NoSaleDate: "early_allotment",
        AlreadyOnSale: "early_allotment",
        AllotmentInUse: "early_allotment",
    }
    name = names.get(type(refusal))
    return name if name in form.declared else None


def _picture(picture: PictureView, fetch: FetchState | None, alts: Mapping[UUID, str]) -> PictureRow:
    shown, alt = None if picture.is_elsewhere else shown_picture(picture), alts.get(picture.id, picture.alt)
    return PictureRow(str(picture.id), shown, picture.path, alt, _fetching(fetch))


def _fetching(fetch: FetchState | None) -> str:
    if fetch is None or fetch.state == "fetched":
        return ""
    words = {"waiting": "Not shown yet: it is being fetched from", "stopped": "Not shown: it was not fetched from"}
    return words.get(fetch.state) or f"Not shown: it could not be fetched. {fetch.why}"


async def edit_page(
    product: StoredProduct,
    *,
    form: ProductForm | None = None,
    refusal: str = "",
    new_alt: str = "",
    alts: Mapping[UUID, str] = NO_ALTS,
    counted: Mapping[UUID, str] = NO_ALTS,
) -> EditProductPage:
    """The page of one product with its variants and pictures; `refusal` is what could not be done to one of those,
    `new_alt` and `alts` the alt texts typed for a new picture and for existing ones."""
    known = await admin_products.all_collections()
    choices = product_forms.collection_choices(known)
    fetches = await picture_fetches.of_product(product.id)
    return EditProductPage(
        product=product,
        form=form or product_forms.product_form_values(product.details, choices),
        pictures=tuple(_picture(each, fetches.get(each.id), alts) for each in product.pictures),
        early={one.id: found for one in product.variants if (found := report(product.details, one)) is not None},
        refusal=refusal,
        new_alt=new_alt,
        counted=counted,
        archived=await variant_archive.archived(product.id),
        was_ordered=await product_deletion.was_ordered(product.id),
        uses=await uses_of(product.id, *(variant.id for variant in product.variants)),
        ruled=", ".join(one.title for one in known if one.is_ruled and one.slug in product.details.collections),
    )
