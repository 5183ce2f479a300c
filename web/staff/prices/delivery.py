"""Delivery methods: where each is offered, and what it costs."""

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.checkout.delivery import delivery_methods, delivery_promises, delivery_terms
from components.checkout.delivery.delivery_terms import DeliveryTerms, Method
from components.foundation.formatting import money
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import shop_settings
from components.memberships.editing import plan_benefits
from web.current_person import person_id_of
from web.forms import weights
from web.guards import staff
from web.replies import see_other, with_notice, with_undo
from web.staff.edit_conflicts import overtaken
from web.staff.prices.delivery_forms import STEPS, MethodForm, method_form_values, zone_choices
from web.staff.prices.transit_fields import days_text
from web.staff.prices.zone_form import places_text
from web.views import View, page

LIST = "/staff/delivery"


@dataclass(frozen=True, kw_only=True)
class MethodRow:
    """`fees` are the steps in words, after the first fee."""

    method: Method
    fees: tuple[str, ...]
    limit: str
    days: str


@dataclass(frozen=True, kw_only=True)
class ZoneRow:
    id: UUID
    name: str
    places: str
    methods: tuple[MethodRow, ...]


@dataclass(frozen=True, kw_only=True)
class DeliveryPage(View):
    """`idle` are methods that no zone has any more, `removed` those that can be restored."""

    template: ClassVar[str] = "staff/prices/delivery/index.html"

    zones: tuple[ZoneRow, ...]
    idle: tuple[MethodRow, ...]
    pickups: tuple[Method, ...]
    removed: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, kw_only=True)
class MethodPage(View):
    """`method` is None for a new one."""

    template: ClassVar[str] = "staff/prices/delivery/edit.html"

    form: MethodForm
    method: Method | None
    steps: tuple[int, ...] = STEPS
    dates_are_on: bool = field(default_factory=delivery_promises.is_on)
    weight_unit: str = field(default_factory=lambda: shop_settings.current().weight_unit)


@dataclass(frozen=True, kw_only=True)
class MethodRemovalPage(View):
    """`lost` are the zones that would have no method left; `benefits` name it."""

    template: ClassVar[str] = "staff/prices/delivery/removal.html"

    method: Method
    lost: tuple[str, ...]
    benefits: tuple[str, ...]


class StaffDeliveryController(Controller):
    path = LIST
    guards = [staff("settings")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, _page(await delivery_terms.current(), await delivery_methods.ended()))

    @get("/methods/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        known = await delivery_terms.current()
        if not known.zones:
            return with_notice(see_other(f"{LIST}/zones/new"), "Begin with a zone: the countries you deliver to.")
        zone = request.query_params.get("zone", "")
        zones = (zone,) if zone else tuple(str(one.id) for one in known.zones) if len(known.zones) == 1 else ()
        given = {"basis": "flat", "zones": zones, "carrier_days": tuple("12345")}
        form = MethodForm.blank(choices=zone_choices(known), position=known.next_position, **given)
        return page(request, MethodPage(form=form, method=None))

    @post("/methods")
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await _read(request)
        if not form.is_valid:
            return page(request, MethodPage(form=form, method=None), status=422)
        await delivery_methods.create_method(form.terms, by=person_id_of(request))
        return back(f"{form.name} added.")

    @get("/methods/{method_id:uuid}")
    async def edit(self, request: Request[Any, Any, Any], method_id: FromPath[UUID]) -> Response[Any]:
        known = await delivery_terms.current()
        method = _wanted(known, method_id)
        if method.pickup:
            return see_other(f"{LIST}/pickup/{method_id}")
        form = method_form_values(method)
        form.choices = zone_choices(known)
        return page(request, MethodPage(form=form, method=method))

    @post("/methods/{method_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], method_id: FromPath[UUID]) -> Response[Any]:
        method, form = _wanted(await delivery_terms.current(), method_id), await _read(request)
        if method.pickup:
            return see_other(f"{LIST}/pickup/{method_id}")
        if not form.is_valid or overtaken(form, method_form_values(method)):
            return page(request, MethodPage(form=form, method=method), status=form.answer_status)
        await delivery_methods.revise_method(method.id, form.terms, by=person_id_of(request))
        return back(f"{form.name} saved. The changes apply to new orders.")

    @get("/methods/{method_id:uuid}/end")
    async def confirm(self, request: Request[Any, Any, Any], method_id: FromPath[UUID]) -> Response[Any]:
        """What follows from removing it, before it is removed."""
        known = await delivery_terms.current()
        method = _wanted(known, method_id)
        kept = {zone for one in known.methods if one.id != method_id for zone in one.zones}
        lost = tuple(zone.name for zone in known.zones if zone.id in method.zones and zone.id not in kept)
        named = await plan_benefits.names_of_those_with(method_id)
        return page(request, MethodRemovalPage(method=method, lost=lost, benefits=named))

    @post("/methods/{method_id:uuid}/end")
    async def destroy(self, request: Request[Any, Any, Any], method_id: FromPath[UUID]) -> Response[Any]:
        method = _wanted(await delivery_terms.current(), method_id)
        await delivery_methods.end_method(method.id, by=person_id_of(request))
        return with_undo(see_other(LIST), f"{method.name} removed.", undo=f"{LIST}/methods/{method.id}/restoration")

    @post("/methods/{method_id:uuid}/restoration")
    async def restore(self, request: Request[Any, Any, Any], method_id: FromPath[UUID]) -> Response[Any]:
        await delivery_methods.restore_method(method_id, by=person_id_of(request))
        return back("Offered again.")


def back(words: str) -> Response[Any]:
    answer: Response[Any] = with_notice(see_other(LIST), words)
    return answer


async def _read(request: Request[Any, Any, Any]) -> MethodForm:
    return await MethodForm.read(request, choices=zone_choices(await delivery_terms.current()))


def _wanted(known: DeliveryTerms, method_id: UUID) -> Method:
    method = next((method for method in known.methods if method.id == method_id), None)
    if method is None:
        raise NotFound("This delivery method does not exist.")
    return method


def _page(known: DeliveryTerms, removed: tuple[tuple[UUID, str], ...]) -> DeliveryPage:
    rows = {method.id: _row(method) for method in known.methods}
    zones = tuple(
        ZoneRow(
            id=zone.id,
            name=zone.name,
            places=places_text(zone.places, is_rest=zone.is_rest),
            methods=tuple(rows[method.id] for method in known.methods if zone.id in method.zones),
        )
        for zone in known.zones
    )
    pickups = tuple(method for method in known.methods if method.pickup)
    idle = tuple(row for row in rows.values() if not (row.method.zones or row.method.pickup))
    return DeliveryPage(zones=zones, idle=idle, pickups=pickups, removed=removed)


def _row(method: Method) -> MethodRow:
    fees = (
        f"from {weights.shown(begin) if method.basis == 'weight' else money(begin)}: {money(fee)}"
        for begin, fee in method.bands
    )
    limit = f"up to {weights.shown(method.heaviest)}" if method.heaviest else ""
    return MethodRow(method=method, fees=tuple(fees), limit=limit, days=days_text(method))
