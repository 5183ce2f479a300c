"""Another buyer on an invoice: it is credited, and issued again."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.checkout import invoice_buyers
from components.foundation import ids
from components.foundation.refusals import NotFound, Refusal
from components.invoices import invoice_list, issuing
from components.invoices.corrections import buyer_corrections, invoice_family, likely_buyers
from components.invoices.corrections.buyer_corrections import BuyerFixed
from components.invoices.tables import IssuedInvoice
from components.messaging import invoice_emails
from web import countries
from web.current_person import person_id_of
from web.forms.fields import Choices, Once, Tick
from web.forms.invoice_fields import BuyerForm, typed_of
from web.guards import staff
from web.replies import see_other, with_notice
from web.views import View, page, visitor_of


class OtherBuyerForm(BuyerForm):
    tells = Tick("Send the new invoice to the customer by e-mail")
    key = Once("Form")


@dataclass(frozen=True, kw_only=True)
class OtherBuyerPage(View):
    """`recipient` is the e-mail it can be sent to; "" when their account was deleted."""

    template: ClassVar[str] = "staff/invoices/buyer.html"
    partial: ClassVar[str | None] = "staff/invoices/_fields.html"

    invoice: IssuedInvoice
    path: str
    form: OtherBuyerForm
    buyer: tuple[str, ...]
    has_tax: bool
    recipient: str


class StaffInvoiceBuyerController(Controller):
    path = "/staff/invoices/{invoice_id:uuid}/buyer"
    guards = [staff("orders")]

    @get()
    async def new(self, request: Request[Any, Any, Any], invoice_id: FromPath[UUID]) -> Response[Any]:
        row = await _found(invoice_id)
        if words := buyer_corrections.obstacle(row, await invoice_family.of(row)):
            raise BuyerFixed(words)
        known = await likely_buyers.of(row)
        form = OtherBuyerForm.blank(
            choices=_choices(), key=ids.new(), **typed_of(known), invoice_vat_number=known.vat_number
        )
        return page(request, await _page(request, row, form))

    @post("/fields", status_code=200)
    async def fields(self, request: Request[Any, Any, Any], invoice_id: FromPath[UUID]) -> Response[Any]:
        """The fields of another country, with what was typed so far."""
        row, form = await _found(invoice_id), await OtherBuyerForm.read(request, choices=_choices())
        form.errors.clear()
        return page(request, await _page(request, row, form))

    @post()
    async def create(self, request: Request[Any, Any, Any], invoice_id: FromPath[UUID]) -> Response[Any]:
        row, form = await _found(invoice_id), await OtherBuyerForm.read(request, choices=_choices())
        if not form.is_valid:
            return page(request, await _page(request, row, form), status=422)
        try:
            made = await invoice_buyers.correct(
                row.id, form.whole_buyer, by=person_id_of(request), key=form.key, tells=form.tells
            )
        except Refusal as refusal:
            form.refuse(None, str(refusal))
            return page(request, await _page(request, row, form), status=refusal.status)
        told = " The customer gets it by e-mail." if form.tells else ""
        words = f"Invoice {made.number} replaces {row.number}, which is credited in full.{told}"
        return with_notice(see_other(f"/staff/invoices/{made.id}"), words)


def _choices() -> dict[str, Choices]:
    return {"invoice_country": countries.choices()}


async def _found(invoice_id: UUID) -> IssuedInvoice:
    row = await invoice_list.by_id(invoice_id)
    if row is None:
        raise NotFound("There is no such invoice.")
    return row


async def _page(request: Request[Any, Any, Any], row: IssuedInvoice, form: OtherBuyerForm) -> OtherBuyerPage:
    """A member's address is read by whoever may see members; who sees only orders sends it all the same."""
    to = await invoice_emails.recipient(row)
    is_seen = row.subject == "order" or visitor_of(request).may("members")
    return OtherBuyerPage(
        invoice=row,
        path=f"/staff/invoices/{row.id}",
        form=form,
        buyer=issuing.printed_of(row).buyer,
        has_tax=bool(row.tax),
        recipient=(to.email if is_seen else "the member’s own e-mail address") if to else "",
    )
