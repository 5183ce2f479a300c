"""Products in the staff area: list, create, edit and archive."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery

from components import catalog
from components.catalog import stockroom
from components.catalog.details import STATUSES
from components.catalog.stockroom import Items, KeptProduct
from components.foundation.refusals import Refusal
from web.account.whose import person_id_of
from web.forms import Form
from web.guards import staff
from web.replies import see_other, with_notice
from web.shop.cards import Shown
from web.shop.cards import shown as shown_picture
from web.shop.line_pictures import LinePicture, picture_of
from web.shop.page_numbers import PageNumbers
from web.staff import product_forms
from web.staff.early_told import EarlyTold, told
from web.staff.product_forms import NewProductForm, ProductForm
from web.views import View, page

Tab = tuple[str, str, int | None]
NO_ALTS: Mapping[UUID, str] = {}


@dataclass(frozen=True, kw_only=True)
class StaffProductsPage(View):
    template: ClassVar[str] = "staff/products/index.html"
    partial: ClassVar[str | None] = "staff/products/_list.html"

    found: Items
    thumbs: dict[str, LinePicture | None]
    tabs: list[Tab]
    tab: str
    search: str
    status: str
    pages: PageNumbers


@dataclass(frozen=True, kw_only=True)
class NewProductPage(View):
    template: ClassVar[str] = "staff/products/new.html"

    form: NewProductForm


@dataclass(frozen=True, slots=True)
class PictureRow:
    id: str
    shown: Shown | None
    address: str
    alt: str


@dataclass(frozen=True, kw_only=True)
class EditProductPage(View):
    """`early` describes the variants with items sold, or available, in early access."""

    template: ClassVar[str] = "staff/products/edit.html"

    product: KeptProduct
    form: ProductForm
    pictures: tuple[PictureRow, ...]
    early: dict[UUID, EarlyTold]
    refusal: str
    new_alt: str
    counted: Mapping[UUID, str]
    """The stock typed for a variant, where it was refused."""


class StaffProductsController(Controller):
    path = "/staff/products"
    guards = [staff("products")]

    @get()
    async def index(
        self,
        request: Request[Any, Any, Any],
        q: FromQuery[str] = "",
        show: FromQuery[str] = "",
        number: FromQuery[int] = 1,
    ) -> Response[Any]:
        status = show if show in STATUSES else ""
        words = q.strip()[:100]
        found = await stockroom.listed(words=words, status=status, page=number)
        counts = await stockroom.counts()
        tabs: list[Tab] = [("All", "/staff/products", sum(counts.values()))]
        tabs += [(each.title(), f"/staff/products?show={each}", counts.get(each, 0)) for each in STATUSES]
        pages = PageNumbers(
            page=found.page, pages=found.pages, path="/staff/products", query={"q": words, "show": status}
        )
        tab = f"/staff/products?show={status}" if status else "/staff/products"
        kept = catalog.snapshot()
        thumbs = {each.slug: picture_of(kept.product(each.slug), None) for each in found.items}
        view = StaffProductsPage(
            found=found, thumbs=thumbs, tabs=tabs, tab=tab, search=words, status=status, pages=pages
        )
        return page(request, view)

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        choices = product_forms.collection_choices(await stockroom.every_collection())
        form = NewProductForm.blank(
            choices=choices, status="draft", position=0, weight_grams=0, on_hand=0,
            is_taxable=True, needs_delivery=True, tracks_stock=True,
        )  # fmt: skip
        return page(request, NewProductPage(form=form))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        choices = product_forms.collection_choices(await stockroom.every_collection())
        form = await NewProductForm.read(request, choices=choices)
        form.check_beginning(None)
        if not form.is_valid:
            return page(request, NewProductPage(form=form), status=422)
        try:
            details, first = form.product_details(), form.first_variant()
            product_id = await catalog.products.create(details, [first], by=person_id_of(request), checks_sale=True)
        except Refusal as refusal:
            form.refuse(field_of(refusal, form), str(refusal))
            return page(request, NewProductPage(form=form), status=422)
        await catalog.catch_up([product_id])
        slug = await catalog.products.address(product_id)
        return with_notice(see_other(f"/staff/products/{slug}"), f"“{details.title}” created.")

    @get("/{slug:str}")
    async def edit(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        product = await stockroom.product(slug)
        return page(request, await edit_page(product))

    @post("/{slug:str}")
    async def update(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        product = await stockroom.product(slug)
        choices = product_forms.collection_choices(await stockroom.every_collection())
        form = await ProductForm.read(request, choices=choices)
        form.check_beginning(product.details.public_from)
        if (
            form.is_valid
            and len(form.product_details().option_names) != len(product.details.option_names)
            and product.variants
        ):
            form.refuse("option_names", "The number of options can’t change while there are variants.")
        if not form.is_valid:
            return page(request, await edit_page(product, form=form), status=422)
        try:
            changed = await catalog.products.revise(product.id, form.product_details(), by=person_id_of(request))
        except Refusal as refusal:
            form.refuse(field_of(refusal, form), str(refusal))
            return page(request, await edit_page(product, form=form), status=422)
        await catalog.catch_up([product.id])
        words = "Saved." if changed else "Nothing was changed."
        return with_notice(see_other(f"/staff/products/{slug}"), words)


def _keep_number_of_options(form: ProductForm, product: KeptProduct) -> None:
    if not form.is_valid or not product.variants:
        return
    if len(form.product_details().option_names) != len(product.details.option_names):
        form.refuse("option_names", "The number of options can’t change while there are variants.")


def field_of(refusal: Refusal, form: Form) -> str | None:
    """The field a refusal is about, if the form has it."""
    if isinstance(refusal, catalog.SaleRefused):
        return refusal.field if refusal.field in form.declared else None
    names = {
        catalog.SkuTaken: "sku",
        catalog.WrongOptions: "option_values",
        catalog.OptionsTaken: "option1",
        catalog.NothingToSell: "status",
        catalog.StockInUse: "tracks_stock",
        catalog.NoOpening: "early_allotment",
        catalog.OpenAlready: "early_allotment",
        catalog.AllotmentInUse: "early_allotment",
    }
    name = names.get(type(refusal))
    return name if name in form.declared else None


async def edit_page(
    product: KeptProduct,
    *,
    form: ProductForm | None = None,
    refusal: str = "",
    new_alt: str = "",
    alts: Mapping[UUID, str] = NO_ALTS,
    counted: Mapping[UUID, str] = NO_ALTS,
) -> EditProductPage:
    """The page of one product with its variants and pictures; `refusal` is what could not be done to one of those,
    `new_alt` and `alts` the alt texts typed for a new picture and for existing ones."""
    choices = product_forms.collection_choices(await stockroom.every_collection())
    return EditProductPage(
        product=product,
        form=form or product_forms.shown(product.details, choices),
        pictures=tuple(
            PictureRow(
                str(each.id), None if each.is_elsewhere else shown_picture(each), each.path, alts.get(each.id, each.alt)
            )
            for each in product.pictures
        ),
        early={one.id: found for one in product.variants if (found := told(product.details, one)) is not None},
        refusal=refusal,
        new_alt=new_alt,
        counted=counted,
    )
