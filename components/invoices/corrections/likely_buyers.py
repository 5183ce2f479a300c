"""What the form for another buyer begins with: who is on the invoice, with the parts of their address if known."""

from collections.abc import AsyncIterator
from dataclasses import replace

from components.foundation.languages import language
from components.invoices import issuing, parties
from components.invoices.tables import IssuedInvoice
from components.orders import queries
from components.orders.views import PostalAddress
from components.people import addresses
from components.people.invoicing import invoice_addresses
from components.people.invoicing.invoice_addresses import InvoiceBuyer
from components.people.tables import Address


async def of(row: IssuedInvoice) -> InvoiceBuyer:
    """An invoice keeps its address as lines: the parts are those of the address that reads like them."""
    told = issuing.document_of(row).buyer
    known = InvoiceBuyer(
        name=told.name, company=told.company, line1="", country=told.country, vat_number=told.vat_number,
        reference=told.reference,
    )  # fmt: skip
    with language.speaking(language.chosen(row.language)):
        async for one in _candidates(row):
            if parties.party(one).lines == told.lines:
                return replace(
                    one, name=told.name, company=told.company, vat_number=told.vat_number, reference=told.reference
                )
    return known


async def _candidates(row: IssuedInvoice) -> AsyncIterator[InvoiceBuyer]:
    order = await queries.by_id(row.reference) if row.subject == "order" else None
    if order is not None:
        if order.invoice_buyer:
            yield order.invoice_buyer
        yield _of_address(order.address)
    if row.person:
        if own := await invoice_addresses.of_person(row.person):
            yield own
        for one in await addresses.of_person(row.person):
            yield _of_address(one)


def _of_address(one: PostalAddress | Address) -> InvoiceBuyer:
    return InvoiceBuyer(
        line1=one.line1, line2=one.line2, district=one.district, city=one.city, region=one.region,
        postcode=one.postcode, country=one.country,
    )  # fmt: skip
