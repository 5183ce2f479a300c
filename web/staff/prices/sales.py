"""Sales in the staff area: on collections or variants, between two dates, with a preview."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.catalog.sales import sales
from components.catalog.sales.sale_rules import SaleDetails, SaleRefused
from components.catalog.sales.sales import StoredSale
from components.catalog.snapshot import snapshot_refresh
from components.foundation.formatting import money, percent
from web.current_person import person_id_of
from web.forms.fields import Choice, Text
from web.forms.form import Form
from web.forms.numbers import AmountField, Percent
from web.forms.times import Moment
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal, with_undo
from web.staff import preview_then_save
from web.staff.edit_conflicts import overtaken
from web.staff.prices import price_examples, price_fields
from web.staff.prices.price_examples import PriceExample
from web.staff.prices.price_fields import Named, scope_words
from web.views import View, page, visitor_of

LIST = "/staff/sales"


class SaleForm(Form):
    is_shared = True
    named: Named = price_fields.NOTHING
    name = Text("Name", longest=120, help="Shown to customers next to the price, for example “Summer sale”.")
    discount_type = Choice(
        "Discount type", (("percent", "Percentage"), ("explicit", "Fixed sale price")), as_radio=True
    )  # fmt: skip
    percent = Percent("Percentage off", sometimes=True)
    amount = AmountField("Sale price", sometimes=True)
    covers = Choice(
        "Applies to", (("collection", "Selected collections"), ("variant", "Selected variants")), as_radio=True
    )  # fmt: skip
    collections = price_fields.collections()
    variants = price_fields.sku_ids()
    from_at = Moment("Start date", required=False, help="Leave empty to start immediately.")
    until_at = Moment("End date", required=False, help="Leave empty for no end date.")

    def details(self) -> SaleDetails | None:
        """None once a field has been refused."""
        if not self.values.get("name"):
            self.values["name"] = ""
        discount_type = self.values.get("discount_type") or ""
        given = self.values.get("percent" if discount_type == "percent" else "amount")
        if given is None and discount_type:
            self.refuse("percent" if discount_type == "percent" else "amount", "Enter the discount.")
        scope = price_fields.scope_of(self) if self.values.get("covers") else None
        if not self.is_valid or scope is None:
            return None
        return SaleDetails(
            name=self.name,
            scope=scope,
            discount_type=discount_type,
            value=given or 0,
            from_at=self.from_at,
            until_at=self.until_at,
        )


@dataclass(frozen=True, kw_only=True)
class SaleRow:
    id: str
    name: str
    off: str
    covers: str
    from_at: Any
    until_at: Any
    state: str


@dataclass(frozen=True, kw_only=True)
class SalesPage(View):
    template: ClassVar[str] = "staff/prices/sales/index.html"
    sales: tuple[SaleRow, ...]


@dataclass(frozen=True, kw_only=True)
class SalePage(View):
    """`state` is empty for a new one; `action` is where the form goes; `may_resume` if it was ended before its time."""

    template: ClassVar[str] = "staff/prices/sales/edit.html"
    partial: ClassVar[str | None] = "staff/prices/sales/_preview.html"
    title: str
    state: str
    may_resume: bool
    action: str
    form: SaleForm
    examples: tuple[PriceExample, ...]
    fees: None
    example_words: str


class StaffSalesController(Controller):
    path = LIST
    guards = [staff("products")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        at = visitor_of(request).at
        return page(request, SalesPage(sales=tuple(_row(kept, at) for kept in await sales.all_sales())))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = SaleForm.blank(choices=_choices(), discount_type="percent", covers="collection")
        return _shown(request, form, None, None)

    @post("/new")
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        is_a_look, form = await preview_then_save.submitted(request, SaleForm, choices=_choices())
        details, by = form.details(), person_id_of(request)
        if details and not is_a_look and await preview_then_save.save(form, sales.create(details, by=by)):
            await snapshot_refresh.catch_up(sales.variants_reached(details))
            return with_notice(see_other(LIST), f"“{details.name}” created.")
        return _shown(request, form, details, None)

    @get("/{sale_id:uuid}")
    async def edit(self, request: Request[Any, Any, Any], sale_id: FromPath[UUID]) -> Response[Any]:
        kept = await sales.by_id(sale_id)
        return _shown(request, _filled(kept, await price_fields.names_of(kept.details.scope)), kept.details, kept)

    @post("/{sale_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], sale_id: FromPath[UUID]) -> Response[Any]:
        kept = await sales.by_id(sale_id)
        is_a_look, form = await preview_then_save.submitted(request, SaleForm, choices=_choices())
        form.named = await price_fields.names_of(kept.details.scope)
        details, by = form.details(), person_id_of(request)
        is_to_save = not is_a_look and not overtaken(form, _filled(kept, form.named))
        if details and is_to_save and await preview_then_save.save(form, sales.revise(sale_id, details, by=by)):
            await snapshot_refresh.catch_up({*sales.variants_reached(details), *sales.variants_reached(kept.details)})
            return with_notice(see_other(LIST), "Saved.")
        return _shown(request, form, details, kept)

    @post("/{sale_id:uuid}/end")
    async def destroy(self, request: Request[Any, Any, Any], sale_id: FromPath[UUID]) -> Response[Any]:
        kept = await sales.by_id(sale_id)
        await sales.end(sale_id, by=person_id_of(request))
        await snapshot_refresh.catch_up(sales.variants_reached(kept.details))
        words = f"“{kept.details.name}” has ended."
        return with_undo(see_other(LIST), words, undo=f"{LIST}/{sale_id}/resumption")

    @post("/{sale_id:uuid}/resumption")
    async def resume(self, request: Request[Any, Any, Any], sale_id: FromPath[UUID]) -> Response[Any]:
        kept = await sales.by_id(sale_id)
        try:
            running = await sales.resume(sale_id, by=person_id_of(request))
        except SaleRefused as refusal:
            return with_refusal(see_other(f"{LIST}/{sale_id}"), str(refusal))
        await snapshot_refresh.catch_up(sales.variants_reached(kept.details))
        as_before = "" if running == sale_id else " It is a sale of its own from now on: meanwhile the full price held."
        return with_notice(see_other(LIST), f"“{kept.details.name}” has been started again.{as_before}")


def _choices() -> dict[str, Any]:
    return {"collections": price_fields.collection_choices()}


def _filled(kept: StoredSale, named: Named) -> SaleForm:
    details = kept.details
    over: dict[str, Any] = (
        {"variants": price_fields.sku_lines(named)}
        if details.scope.kind == "variant"
        else {"collections": sorted(map(str, details.scope.ids))}
    )
    return SaleForm.blank(
        choices=_choices(),
        name=details.name,
        discount_type=details.discount_type,
        covers=details.scope.kind,
        from_at=details.from_at,
        until_at=details.until_at,
        **{"percent" if details.discount_type == "percent" else "amount": details.value},
        **over,
    )


def _shown(
    request: Request[Any, Any, Any], form: SaleForm, details: SaleDetails | None, kept: StoredSale | None
) -> Response[Any]:
    at = visitor_of(request).at
    view = SalePage(
        title=kept.details.name if kept else "New sale",
        state=kept.state(at) if kept else "",
        may_resume=kept is not None and kept.may_resume(at),
        action=f"{LIST}/{kept.id}" if kept else f"{LIST}/new",
        form=form,
        examples=price_examples.of_sale(details, at) if details else (),
        fees=None,
        example_words=_off(details) if details else "",
    )
    return page(request, view, status=form.answer_status)


def _row(kept: StoredSale, at: Any) -> SaleRow:
    details = kept.details
    return SaleRow(
        id=str(kept.id),
        name=details.name,
        off=_off(details),
        covers=scope_words(details.scope),
        from_at=details.from_at,
        until_at=details.until_at,
        state=kept.state(at),
    )


def _off(details: SaleDetails) -> str:
    if details.discount_type == "percent":
        return f"{percent(details.value)} off"
    return f"{money(details.value)} sale price"
