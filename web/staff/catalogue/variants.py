"""Variants of a product: create, edit, set stock, archive."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.catalog.catalog_refusals import UnknownVariant
from components.catalog.products import early_access_quotas, stored_products, variants
from components.catalog.products.stored_products import StoredProduct, StoredVariant
from components.catalog.snapshot import snapshot_refresh
from components.catalog.stock import stock
from components.foundation.refusals import Refusal
from components.pricing.tax import STANDARD
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice, with_undo
from web.staff.catalogue import product_forms
from web.staff.catalogue.early_access_report import EarlyAccessReport, more_than_there, report
from web.staff.catalogue.product_forms import StockForm, StoredVariantForm
from web.staff.catalogue.products import edit_page, field_of
from web.staff.edit_conflicts import overtaken
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class VariantPage(View):
    """`variant_id` is None for a new one, which has no `early` sales."""

    template: ClassVar[str] = "staff/catalogue/variants/edit.html"

    product: StoredProduct
    variant_id: UUID | None
    form: StoredVariantForm
    early: EarlyAccessReport | None = None


class StaffVariantsController(Controller):
    path = "/staff/products/{slug:str}/variants"
    guards = [staff("products")]

    @get("/new")
    async def new(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        product = await stored_products.by_id(slug)
        last = product.variants[-1].details if product.variants else None
        form = product_forms.variant_form(product.details.option_names).blank(
            choices=await product_forms.tax_choices(),
            tax_category=last.tax_category if last else STANDARD,
            price=last.price if last else None,
            weight_grams=last.weight_grams if last else 0,
            is_taxable=last.is_taxable if last else True,
            needs_delivery=last.needs_delivery if last else True,
            tracks_stock=last.tracks_stock if last else True,
        )
        return page(request, VariantPage(product=product, variant_id=None, form=form))

    @post()
    async def create(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        product = await stored_products.by_id(slug)
        form = await product_forms.variant_form(product.details.option_names).read(
            request, choices=await product_forms.tax_choices()
        )
        if form.is_valid:
            try:
                details, by = form.variant_details(), person_id_of(request)
                await early_access_quotas.add_variant(product.id, details, allotment=form.early_allotment, by=by)
            except Refusal as refusal:
                form.refuse(field_of(refusal, form), str(refusal))
        if not form.is_valid:
            return page(request, VariantPage(product=product, variant_id=None, form=form), status=422)
        more = more_than_there(form.early_allotment, form.variant_details())
        return await _back(product, f"Variant added.{more}")

    @get("/{variant_id:uuid}")
    async def edit(
        self, request: Request[Any, Any, Any], slug: FromPath[str], variant_id: FromPath[UUID]
    ) -> Response[Any]:
        product = await stored_products.by_id(slug)
        variant = _wanted(product, variant_id)
        form = product_forms.variant_form_values(
            product.details.option_names, variant, await product_forms.tax_choices(variant.details.tax_category)
        )
        return page(request, _page(product, variant, form))

    @post("/{variant_id:uuid}")
    async def update(
        self, request: Request[Any, Any, Any], slug: FromPath[str], variant_id: FromPath[UUID]
    ) -> Response[Any]:
        product = await stored_products.by_id(slug)
        variant = _wanted(product, variant_id)
        names, offered = product.details.option_names, await product_forms.tax_choices(variant.details.tax_category)
        form = await product_forms.variant_form(names).read(request, choices=offered)
        if form.is_valid and not overtaken(form, product_forms.variant_form_values(names, variant, offered)):
            try:
                details, by = form.variant_details(), person_id_of(request)
                await early_access_quotas.revise_variant(variant_id, details, allotment=form.early_allotment, by=by)
            except Refusal as refusal:
                form.refuse(field_of(refusal, form), str(refusal))
        if not form.is_valid:
            return page(request, _page(product, variant, form), status=form.answer_status)
        more = more_than_there(form.early_allotment, form.variant_details(), on_hand=variant.details.on_hand)
        return await _back(product, f"Saved.{more}")

    @post("/{variant_id:uuid}/stock")
    async def count(
        self, request: Request[Any, Any, Any], slug: FromPath[str], variant_id: FromPath[UUID]
    ) -> Response[Any]:
        """Set the stock on hand."""
        product = await stored_products.by_id(slug)
        variant, form = _wanted(product, variant_id), await StockForm.read(request)
        words = form.errors.get("on_hand", "")
        if not words:
            try:
                await stock.set_on_hand(variant.id, to=form.on_hand, by=person_id_of(request))
            except Refusal as refusal:
                words = str(refusal)
        if words:
            counted = {variant.id: form.field("on_hand").typed}
            shown = await edit_page(product, refusal=f"{variant.details.name}: {words}", counted=counted)
            return page(request, shown, status=422)
        return await _back(product, "Stock updated.")

    @post("/{variant_id:uuid}/withdrawal")
    async def withdraw(
        self, request: Request[Any, Any, Any], slug: FromPath[str], variant_id: FromPath[UUID]
    ) -> Response[Any]:
        product = await stored_products.by_id(slug)
        variant = _wanted(product, variant_id)
        try:
            await variants.withdraw(variant.id, by=person_id_of(request))
        except Refusal as refusal:
            return page(request, await edit_page(product, refusal=str(refusal)), status=422)
        undo = f"/staff/products/{product.slug}/variants/{variant.id}/restoration"
        words = f"“{variant.details.name}” archived."
        return with_undo(await _back(product, words), words, undo=undo)


def _page(product: StoredProduct, variant: StoredVariant, form: StoredVariantForm) -> VariantPage:
    return VariantPage(product=product, variant_id=variant.id, form=form, early=report(product.details, variant))


def _wanted(product: StoredProduct, variant_id: UUID) -> StoredVariant:
    """A variant of this very product. Raises `UnknownVariant`."""
    variant = product.variant(variant_id)
    if variant is None:
        raise UnknownVariant
    return variant


async def _back(product: StoredProduct, words: str) -> Response[Any]:
    await snapshot_refresh.catch_up([product.id])
    return with_notice(see_other(f"/staff/products/{product.slug}"), words)
