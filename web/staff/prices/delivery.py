"""Delivery methods with their fees and countries, and a tax rate for each country."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.checkout.delivery import delivery_methods, delivery_terms
from components.checkout.delivery.delivery_terms import DeliveryTerms, Method
from components.foundation.refusals import NotFound
from web.countries import choices as country_choices
from web.countries import name as country_name
from web.current_person import person_id_of
from web.forms.fields import Choice, Choices, Text, Tick
from web.forms.form import Form
from web.forms.numbers import AmountField, Whole
from web.guards import staff
from web.replies import see_other, with_notice
from web.views import View, page


class MethodForm(Form):
    name = Text("Name", longest=100)
    words = Text("Description", longest=200, required=False, help="For example “Two to three working days”.")
    fee = AmountField("Fee")
    free_from = AmountField(
        "Free for everyone from", required=False, help="Subtotal before tax. Leave empty for never."
    )
    countries = Text(
        "Countries", longest=2000, help="Two-letter country codes separated by spaces, for example GB IE FR."
    )
    position = Whole("Sort order", most=99, help="The first method available for a country is preselected.")

    def check(self) -> None:
        known = {code for code, _ in country_choices()}
        if unknown := [code for code in self.codes if code not in known]:
            self.refuse("countries", f"Unknown country codes: {', '.join(unknown)}.")

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.countries.upper().replace(",", " ").split()))


class TaxForm(Form):
    country = Choice("Country")
    rate = Text("Rate in per cent", longest=8, help="For example 20 or 5.5", inputmode="decimal")
    name = Text("Name", longest=60)
    is_included = Tick("Prices include this tax")

    def check(self) -> None:
        if self.rate and self.basis_points is None:
            self.refuse("rate", "Enter a rate from 0 to 100 with at most two decimals.")

    @property
    def basis_points(self) -> int | None:
        try:
            scaled = Decimal(self.rate.rstrip("% ").replace(",", ".")) * 100
        except InvalidOperation:
            return None
        return int(scaled) if scaled.is_finite() and scaled == int(scaled) and 0 <= scaled <= 10_000 else None


@dataclass(frozen=True, kw_only=True)
class MethodRow:
    method: Method
    countries: str


@dataclass(frozen=True, kw_only=True)
class DeliveryPage(View):
    template: ClassVar[str] = "staff/prices/delivery/index.html"

    methods: tuple[MethodRow, ...]
    rates: tuple[tuple[str, int, str, bool], ...]
    tax_form: TaxForm


@dataclass(frozen=True, kw_only=True)
class MethodPage(View):
    """`method` is None for a new one."""

    template: ClassVar[str] = "staff/prices/delivery/edit.html"

    form: MethodForm
    method: Method | None


class StaffDeliveryController(Controller):
    path = "/staff/delivery"
    guards = [staff("settings")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = TaxForm.blank(choices=_tax_choices(), is_included=True, name="VAT")
        return page(request, _page(await delivery_terms.current(), form))

    @get("/methods/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, MethodPage(form=MethodForm.blank(position=9), method=None))

    @post("/methods")
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await MethodForm.read(request)
        if not form.is_valid:
            return page(request, MethodPage(form=form, method=None), status=422)
        await delivery_methods.create_method(form.name, **_told(form), by=person_id_of(request))
        return _back(f"{form.name} added.")

    @get("/methods/{method_id:uuid}")
    async def edit(self, request: Request[Any, Any, Any], method_id: FromPath[UUID]) -> Response[Any]:
        method = await _wanted(method_id)
        form = MethodForm.blank(
            name=method.name,
            words=method.words,
            fee=method.fee,
            free_from=method.free_from,
            countries=" ".join(method.countries),
            position=method.position,
        )
        return page(request, MethodPage(form=form, method=method))

    @post("/methods/{method_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], method_id: FromPath[UUID]) -> Response[Any]:
        method, form = await _wanted(method_id), await MethodForm.read(request)
        if not form.is_valid:
            return page(request, MethodPage(form=form, method=method), status=422)
        await delivery_methods.revise_method(method.id, name=form.name, **_told(form), by=person_id_of(request))
        return _back(f"{form.name} saved. The changes apply to new orders.")

    @post("/methods/{method_id:uuid}/end")
    async def destroy(self, request: Request[Any, Any, Any], method_id: FromPath[UUID]) -> Response[Any]:
        method = await _wanted(method_id)
        await delivery_methods.end_method(method.id, by=person_id_of(request))
        return _back(f"{method.name} removed.")

    @post("/taxes")
    async def set_tax(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await TaxForm.read(request, choices=_tax_choices())
        if not form.is_valid or form.basis_points is None:
            return page(request, _page(await delivery_terms.current(), form), status=422)
        await delivery_methods.set_tax(
            form.country,
            rate_bp=form.basis_points,
            name=form.name,
            is_included=form.is_included,
            by=person_id_of(request),
        )
        return _back(f"Tax rate for {country_name(form.country)} saved.")


async def _wanted(method_id: UUID) -> Method:
    known = (await delivery_terms.current()).methods
    method = next((method for method in known if method.id == method_id), None)
    if method is None:
        raise NotFound("This delivery method does not exist.")
    return method


def _told(form: MethodForm) -> dict[str, Any]:
    return {
        "words": form.words,
        "fee": form.fee,
        "free_from": form.free_from,
        "countries": form.codes,
        "position": form.position,
    }


def _tax_choices() -> dict[str, Choices]:
    return {"country": country_choices()}


def _page(known: DeliveryTerms, form: TaxForm) -> DeliveryPage:
    rows = (MethodRow(method=method, countries=_countries(method.countries)) for method in known.methods)
    rates = ((country_name(rate.country), rate.rate_bp, rate.name, rate.is_included) for rate in known.rates)
    return DeliveryPage(methods=tuple(rows), rates=tuple(rates), tax_form=form)


def _countries(codes: tuple[str, ...]) -> str:
    names = sorted(country_name(code) for code in codes)
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


def _back(words: str) -> Response[Any]:
    answer: Response[Any] = with_notice(see_other("/staff/delivery"), words)
    return answer
