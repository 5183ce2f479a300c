"""Delivery zones: the countries and regions that are delivered to alike."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.checkout.delivery import delivery_terms, delivery_zones
from components.checkout.delivery.delivery_terms import Zone
from components.checkout.delivery.delivery_zones import PlaceTaken, RestTaken, UnknownZone, ZoneInUse
from web.current_person import person_id_of
from web.guards import staff
from web.replies import deleted, see_other
from web.staff.edit_conflicts import overtaken
from web.staff.prices.delivery import back
from web.staff.prices.zone_form import ZoneForm, place_name
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class ZonePage(View):
    """`zone` is None for a new one."""

    template: ClassVar[str] = "staff/prices/delivery/zone.html"
    partial: ClassVar[str | None] = "staff/prices/delivery/_regions.html"

    form: ZoneForm
    zone: Zone | None
    in_use: str


class StaffDeliveryZonesController(Controller):
    path = "/staff/delivery/zones"
    guards = [staff("settings")]

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, await _shown(ZoneForm.new(), None))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await ZoneForm.of_request(request)
        if form.is_valid:
            try:
                by = person_id_of(request)
                places = form.places(await _beside(None))
                await delivery_zones.create_zone(form.name, places=places, is_rest=form.is_rest, by=by)
                return back(f"{form.name} added.")
            except (PlaceTaken, RestTaken) as refusal:
                return page(request, await _shown(form.refuse(None, _said(refusal)), None), status=refusal.status)
        return page(request, await _shown(form, None), status=422)

    @post("/regions", status_code=200)
    async def regions(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The form with the states of another country to choose from; nothing is saved."""
        return page(request, await _shown(await _unchecked(request), None))

    @post("/{zone_id:uuid}/regions", status_code=200)
    async def regions_of(self, request: Request[Any, Any, Any], zone_id: FromPath[UUID]) -> Response[Any]:
        zone = await _wanted(zone_id)
        return page(request, await _shown(await _unchecked(request), zone))

    @get("/{zone_id:uuid}")
    async def edit(self, request: Request[Any, Any, Any], zone_id: FromPath[UUID]) -> Response[Any]:
        zone = await _wanted(zone_id)
        return page(request, await _shown(ZoneForm.of_zone(zone), zone))

    @post("/{zone_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], zone_id: FromPath[UUID]) -> Response[Any]:
        zone, form = await _wanted(zone_id), await ZoneForm.of_request(request)
        if form.is_valid and not overtaken(form, ZoneForm.of_zone(zone)):
            try:
                places = form.places(await _beside(zone_id))
                await delivery_zones.revise_zone(
                    zone_id, name=form.name, places=places, is_rest=form.is_rest, by=person_id_of(request)
                )
                return back(f"{form.name} saved. The changes apply to new orders.")
            except (PlaceTaken, RestTaken) as refusal:
                return page(request, await _shown(form.refuse(None, _said(refusal)), zone), status=refusal.status)
        return page(request, await _shown(form, zone), status=form.answer_status)

    @post("/{zone_id:uuid}/removal")
    async def destroy(self, request: Request[Any, Any, Any], zone_id: FromPath[UUID]) -> Response[Any]:
        zone = await _wanted(zone_id)
        try:
            deletion = await delivery_zones.remove_zone(zone_id, by=person_id_of(request))
        except ZoneInUse as refusal:
            form = ZoneForm.of_zone(zone).refuse(None, str(refusal))
            return page(request, await _shown(form, zone), status=refusal.status)
        return deleted(see_other("/staff/delivery"), f"{zone.name} removed.", deletion)


async def _shown(form: ZoneForm, zone: Zone | None) -> ZonePage:
    return ZonePage(form=form, zone=zone, in_use=await delivery_zones.in_use(zone.id) if zone else "")


async def _beside(zone_id: UUID | None) -> list[Zone]:
    return [zone for zone in (await delivery_terms.current()).zones if zone.id != zone_id]


def _said(refusal: PlaceTaken | RestTaken) -> str:
    """With the names of the places."""
    if isinstance(refusal, PlaceTaken):
        names = ", ".join(map(place_name, refusal.places))
        return f"Already in the zone “{refusal.zone}”: {names}. Take them out there first."
    return str(refusal)


async def _wanted(zone_id: UUID) -> Zone:
    zone = next((zone for zone in (await delivery_terms.current()).zones if zone.id == zone_id), None)
    if zone is None:
        raise UnknownZone
    return zone


async def _unchecked(request: Request[Any, Any, Any]) -> ZoneForm:
    form = await ZoneForm.of_request(request)
    form.errors.clear()
    form.typed["parts_of"] = [""]
    return form
