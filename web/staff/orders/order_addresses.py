"""Correcting the delivery address of an order that is not shipped yet."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.refusals import Refusal
from components.orders.delivery import address_changes
from components.orders.delivery.address_changes import AddressFixed
from components.orders.views import OrderView, PostalAddress
from web import countries
from web.current_person import person_id_of
from web.forms.address_fields import KEPT, AddressFields
from web.forms.fields import Choices, Text, Tick
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.orders.orders import requested_order
from web.views import View, page


class OrderAddressForm(AddressFields):
    name = Text("Name", longest=120)
    keeps_charges = Tick("Keep the tax and delivery price as they were charged")

    @property
    def asks_phone(self) -> bool:
        return True

    @property
    def needs_phone(self) -> bool:
        return False


@dataclass(frozen=True, kw_only=True)
class OrderAddressPage(View):
    """`moved_from` is the state or province before, when another one was typed."""

    template: ClassVar[str] = "staff/orders/address.html"
    form: OrderAddressForm
    order: OrderView
    country: str
    moved_from: str


class StaffOrderAddressController(Controller):
    path = "/staff/orders/{number:str}/address"
    guards = [staff("orders")]

    @get()
    async def edit(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        order = await requested_order(number)
        if words := address_changes.obstacle(order):
            raise AddressFixed(words)
        form = OrderAddressForm.blank(choices=_choices(order), **{name: getattr(order.address, name) for name in KEPT})
        return page(request, _page(order, form))

    @post()
    async def update(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        order = await requested_order(number)
        form = await OrderAddressForm.read(request, choices=_choices(order))
        if form.is_valid and _is_elsewhere(order, form) and not form.keeps_charges:
            form.refuse("keeps_charges", "Tick this if tax and delivery stay as they were charged.")
        if form.is_valid:
            try:
                address = PostalAddress(**form.address_parts)
                changed = await address_changes.change(order.id, address, by=person_id_of(request))
                words = "Address changed. The customer is told by e-mail." if changed else "Nothing was changed."
                return with_notice(see_other(f"/staff/orders/{order.number}"), words)
            except Refusal as refusal:
                form.refuse(None, str(refusal))
                return page(request, _page(order, form), status=refusal.status)
        return page(request, _page(order, form), status=422)


def _choices(order: OrderView) -> dict[str, Choices]:
    """Only the order's own country: its tax and delivery were charged for it."""
    return {"country": ((order.address.country, countries.name(order.address.country)),)}


def _is_elsewhere(order: OrderView, form: OrderAddressForm) -> bool:
    return bool(order.address.region) and (form.values.get("region") or "") != order.address.region


def _page(order: OrderView, form: OrderAddressForm) -> OrderAddressPage:
    names = dict(form.postal.regions)
    moved = names.get(order.address.region, order.address.region) if _is_elsewhere(order, form) else ""
    return OrderAddressPage(form=form, order=order, country=countries.in_words(order.address.country), moved_from=moved)
