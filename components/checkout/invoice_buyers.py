"""Another buyer on an invoice, as long as the tax stays right: reverse charge hangs on the buyer's VAT number."""

from uuid import UUID

from components.checkout.taxes import tax_book
from components.foundation.refusals import NotFound, Refusal
from components.foundation.shop_settings import shop_settings
from components.invoices import invoice_list, issuing
from components.invoices.corrections import buyer_corrections
from components.invoices.invoice_values import InvoiceDocument
from components.invoices.tables import IssuedInvoice
from components.orders import queries
from components.people.invoicing.invoice_addresses import InvoiceBuyer


class TaxWasCharged(Refusal):
    message = (
        "With this VAT number no tax would have been charged (reverse charge), but this invoice charged it. Leave the "
        "number out, or refund the order and ask the customer to place it again with the number."
    )


class NoTaxWasCharged(Refusal):
    message = (
        "No tax was charged on this invoice because of the buyer’s VAT number (reverse charge). Another buyer needs a "
        "VAT number of another EU country too; without one, refund the order and ask the customer to place it again."
    )


async def correct(invoice_id: UUID, buyer: InvoiceBuyer, *, by: UUID, key: UUID, tells: bool) -> IssuedInvoice:
    """Issue the invoice again for this buyer, once for each `key`.

    Raises `NotFound`, `TaxWasCharged`, `NoTaxWasCharged`, and what `buyer_corrections.correct` raises.
    """
    row = await invoice_list.by_id(invoice_id)
    if row is None:
        raise NotFound("There is no such invoice.")
    if row.subject == "order":
        await _check_tax(row, issuing.document_of(row), buyer.vat_number)
    return await buyer_corrections.correct(invoice_id, buyer, by=by, key=key, tells=tells)


async def _check_tax(row: IssuedInvoice, document: InvoiceDocument, wanted: str) -> None:
    """Fees have their tax whatever the number says (`docs/tax.md`)."""
    order = await queries.by_id(row.reference)
    there = order.address.country if order else document.seller.country
    home = (document.seller.country or shop_settings.current().country, document.seller.vat_number)
    was = not document.tax and tax_book.is_reverse_charge(there, document.buyer.vat_number, *home)
    would_be = tax_book.is_reverse_charge(there, wanted, *home)
    if would_be and document.tax:
        raise TaxWasCharged
    if was and not would_be:
        raise NoTaxWasCharged
