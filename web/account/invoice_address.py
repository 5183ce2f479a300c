"""Whom the invoices of whoever is signed in are addressed to, from now on."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation.languages.words import _
from components.foundation.postal import tax_areas
from components.foundation.shop_settings import shop_settings
from components.people.invoicing import invoice_addresses
from components.people.invoicing.invoice_addresses import InvoiceBuyer
from web import countries
from web.current_person import person_id_of
from web.forms.fields import Choices
from web.forms.invoice_fields import BuyerForm, typed_of
from web.guards import signed_in
from web.replies import see_other, with_notice
from web.views import View, page, visitor_of

HERE = "/account/invoices/address"


@dataclass(frozen=True, kw_only=True)
class InvoiceAddressPage(View):
    """`kept` is what invoices have now; None: the delivery address. `spares_tax`: a VAT number may do away with tax."""

    template: ClassVar[str] = "account/invoices/address.html"
    partial: ClassVar[str | None] = "account/invoices/_fields.html"

    form: BuyerForm
    kept: InvoiceBuyer | None
    spares_tax: bool


class InvoiceAddressController(Controller):
    path = HERE
    guards = [signed_in]

    @get()
    async def edit(self, request: Request[Any, Any, Any]) -> Response[Any]:
        kept = await invoice_addresses.of_person(person_id_of(request))
        known = {"invoice_country": shop_settings.current().country, "invoice_name": visitor_of(request).name}
        if kept:
            known = {**typed_of(kept), "invoice_vat_number": kept.vat_number}
        return page(
            request,
            InvoiceAddressPage(form=BuyerForm.blank(choices=_choices(), **known), kept=kept, spares_tax=_spares_tax()),
        )

    @post()
    async def update(self, request: Request[Any, Any, Any]) -> Response[Any]:
        person_id, form = person_id_of(request), await BuyerForm.read(request, choices=_choices())
        if not form.is_valid:
            kept = await invoice_addresses.of_person(person_id)
            return page(request, InvoiceAddressPage(form=form, kept=kept, spares_tax=_spares_tax()), status=422)
        await invoice_addresses.save(person_id, form.whole_buyer)
        return with_notice(see_other(HERE), _("Invoice address saved. Invoices from now on are addressed to it."))

    @post("/fields", status_code=200)
    async def fields(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The fields of another country, with what was typed so far."""
        form = await BuyerForm.read(request, choices=_choices())
        form.errors.clear()
        kept = await invoice_addresses.of_person(person_id_of(request))
        return page(request, InvoiceAddressPage(form=form, kept=kept, spares_tax=_spares_tax()))

    @post("/removal")
    async def destroy(self, request: Request[Any, Any, Any]) -> Response[Any]:
        await invoice_addresses.remove(person_id_of(request))
        return with_notice(see_other(HERE), _("Invoice address removed."))


def _spares_tax() -> bool:
    shop = shop_settings.current()
    return bool(shop.vat_number) and tax_areas.in_eu(shop.country) and shop.small_business != "yes"


def _choices() -> dict[str, Choices]:
    return {"invoice_country": countries.choices()}
