"""A person's addresses. Somebody else's gives the same 404 as a missing one."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.languages.words import N_, _
from components.foundation.shop_settings import shop_settings
from components.people import addresses
from components.people.tables import Address
from web import countries
from web.current_person import person_id_of
from web.forms.address_fields import KEPT, AddressFields
from web.forms.fields import Choices, Text
from web.guards import signed_in
from web.replies import see_other, with_notice
from web.views import View, page, visitor_of

LIST = "/account/addresses"


class AddressForm(AddressFields):
    name = Text(N_("Name"), autocomplete="name")


@dataclass(frozen=True, kw_only=True)
class AddressesPage(View):
    template: ClassVar[str] = "account/profile/addresses/index.html"
    addresses: tuple[tuple[Address, str], ...]


@dataclass(frozen=True, kw_only=True)
class NewAddressPage(View):
    template: ClassVar[str] = "account/profile/addresses/new.html"
    partial: ClassVar[str | None] = "account/profile/addresses/_fields.html"
    form: AddressForm


@dataclass(frozen=True, kw_only=True)
class EditAddressPage(View):
    template: ClassVar[str] = "account/profile/addresses/edit.html"
    form: AddressForm
    address_id: UUID


class AddressesController(Controller):
    path = LIST
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        kept = await addresses.of_person(person_id_of(request))
        return page(request, AddressesPage(addresses=tuple((one, countries.name(one.country)) for one in kept)))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        home = shop_settings.current().country
        form = AddressForm.blank(choices=_choices(), name=visitor_of(request).name, country=home)
        return page(request, NewAddressPage(form=form))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await _read(request)
        if form.is_valid:
            try:
                await addresses.add(person_id_of(request), **form.address_parts)
                return with_notice(see_other(LIST), _("Address saved."))
            except addresses.TooManyAddresses as refusal:
                form.refuse(None, str(refusal))
        return page(request, NewAddressPage(form=form), status=422)

    @post("/fields", status_code=200)
    async def fields(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The fields of another country, with what was typed so far."""
        form = await _read(request)
        form.errors.clear()
        return page(request, NewAddressPage(form=form))

    @get("/{address_id:uuid}")
    async def edit(self, request: Request[Any, Any, Any], address_id: FromPath[UUID]) -> Response[Any]:
        kept = await addresses.by_id(person_id_of(request), address_id)
        form = AddressForm.blank(choices=_choices(), **{name: getattr(kept, name) for name in KEPT})
        return page(request, EditAddressPage(form=form, address_id=address_id))

    @post("/{address_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], address_id: FromPath[UUID]) -> Response[Any]:
        person_id = person_id_of(request)
        await addresses.by_id(person_id, address_id)
        form = await _read(request)
        if not form.is_valid:
            return page(request, EditAddressPage(form=form, address_id=address_id), status=422)
        await addresses.update(person_id, address_id, **form.address_parts)
        return with_notice(see_other(LIST), _("Address saved."))

    @post("/{address_id:uuid}/preference")
    async def prefer(self, request: Request[Any, Any, Any], address_id: FromPath[UUID]) -> Response[Any]:
        await addresses.make_default(person_id_of(request), address_id)
        return with_notice(see_other(LIST), _("This is now your default address."))

    @post("/{address_id:uuid}/removal")
    async def destroy(self, request: Request[Any, Any, Any], address_id: FromPath[UUID]) -> Response[Any]:
        await addresses.remove(person_id_of(request), address_id)
        return with_notice(see_other(LIST), _("Address removed."))


def _choices() -> dict[str, Choices]:
    return {"country": countries.choices()}


async def _read(request: Request[Any, Any, Any]) -> AddressForm:
    return await AddressForm.read(request, choices=_choices())
