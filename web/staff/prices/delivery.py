"""Delivery methods with their fees and countries."""

from dataclasses import dataclass
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
from web.forms.fields import Text
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


@dataclass(frozen=True, kw_only=True)
class MethodRow:
    method: Method
    countries: str


@dataclass(frozen=True, kw_only=True)
class DeliveryPage(View):
    template: ClassVar[str] = "staff/prices/delivery/index.html"

    methods: tuple[MethodRow, ...]


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
        return page(request, _page(await delivery_terms.current()))

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


def _page(known: DeliveryTerms) -> DeliveryPage:
    return DeliveryPage(
        methods=tuple(MethodRow(method=one, countries=_countries(one.countries)) for one in known.methods)
    )


def _countries(codes: tuple[str, ...]) -> str:
    names = sorted(country_name(code) for code in codes)
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


def _back(words: str) -> Response[Any]:
    answer: Response[Any] = with_notice(see_other("/staff/delivery"), words)
    return answer
