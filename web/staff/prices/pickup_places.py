"""Places where customers pick up their orders: delivery methods with an address of the shop's own."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.checkout.delivery import delivery_methods, delivery_terms
from components.checkout.delivery.delivery_terms import Method
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import shop_settings
from web import countries
from web.current_person import person_id_of
from web.guards import staff
from web.staff.edit_conflicts import overtaken
from web.staff.prices.delivery import back
from web.staff.prices.delivery_forms import PickupForm
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class PickupPage(View):
    """`method` is None for a new one."""

    template: ClassVar[str] = "staff/prices/delivery/pickup.html"
    partial: ClassVar[str | None] = "staff/prices/delivery/_pickup.html"

    form: PickupForm
    method: Method | None


class StaffPickupController(Controller):
    path = "/staff/delivery/pickup"
    guards = [staff("settings")]

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        home = shop_settings.current()
        postcode, _, city = home.company_town.partition(" ")
        given = {"country": home.country, "region": home.tax_region, "line1": home.company_street}
        if postcode.isdecimal():
            given |= {"postcode": postcode, "city": city.strip()}
        position = (await delivery_terms.current()).next_position
        form = PickupForm.blank(choices=_choices(), fee=0, position=position, ready_days=0, **given)
        return page(request, PickupPage(form=form, method=None))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await PickupForm.read(request, choices=_choices())
        if not form.is_valid:
            return page(request, PickupPage(form=form, method=None), status=422)
        await delivery_methods.create_method(form.terms, by=person_id_of(request))
        return back(f"{form.name} added.")

    @post("/fields", status_code=200)
    async def fields(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The address of another country, with what was typed so far."""
        form = await PickupForm.read(request, choices=_choices())
        form.errors.clear()
        return page(request, PickupPage(form=form, method=None))

    @get("/{method_id:uuid}")
    async def edit(self, request: Request[Any, Any, Any], method_id: FromPath[UUID]) -> Response[Any]:
        method = await _wanted(method_id)
        return page(request, PickupPage(form=_filled(method), method=method))

    @post("/{method_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], method_id: FromPath[UUID]) -> Response[Any]:
        method, form = await _wanted(method_id), await PickupForm.read(request, choices=_choices())
        if not form.is_valid or overtaken(form, _filled(method)):
            return page(request, PickupPage(form=form, method=method), status=form.answer_status)
        await delivery_methods.revise_method(method.id, form.terms, by=person_id_of(request))
        return back(f"{form.name} saved. The changes apply to new orders.")


def _filled(method: Method) -> PickupForm:
    given = {name: getattr(method, name) for name in ("name", "words", "fee", "position")}
    given["ready_days"] = method.transit_most
    return PickupForm.blank(choices=_choices(), **given, **(asdict(method.pickup) if method.pickup else {}))


def _choices() -> dict[str, Any]:
    return {"country": countries.choices()}


async def _wanted(method_id: UUID) -> Method:
    known = (await delivery_terms.current()).methods
    method = next((method for method in known if method.id == method_id and method.pickup), None)
    if method is None:
        raise NotFound("This pickup place does not exist.")
    return method
