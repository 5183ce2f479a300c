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


class FeeWithTax(Refusal):
    message = (
        "With this VAT number the fee would have been without tax (reverse charge), but this invoice charged it. Leave "
        "the number out. The customer can put it into the invoice address of their account: it counts from their next "
        "payment."
    )


class FeeWithoutTax(Refusal):
    message = (
        "No tax was charged on this fee because of the buyer’s VAT number (reverse charge). Another buyer needs a VAT "
        "number of another EU country too."
    )


async def correct(invoice_id: UUID, buyer: InvoiceBuyer, *, by: UUID, key: UUID, tells: bool) -> IssuedInvoice:
    """Issue the invoice again for this buyer, once for each `key`.

    Raises `NotFound`, `TaxWasCharged`, `NoTaxWasCharged`, `FeeWithTax`, `FeeWithoutTax`, and what
    `buyer_corrections.correct` raises.
    """
    row = await invoice_list.by_id(invoice_id)
    if row is None:
        raise NotFound("There is no such invoice.")
    document = issuing.document_of(row)
    if row.subject == "order":
        await _check_tax(row, document, buyer.vat_number)
    else:
        _check_fee(document, buyer)
    return await buyer_corrections.correct(invoice_id, buyer, by=by, key=key, tells=tells)


def _check_fee(document: InvoiceDocument, buyer: InvoiceBuyer) -> None:
    """By where the buyer of a fee is, not where anything goes. One with tax whose buyer had such a number already was
    paid before fees could be without (`docs/tax.md`): it stays as it is."""
    home = (document.seller.country or shop_settings.current().country, document.seller.vat_number)
    had = tax_book.is_reverse_charge(document.buyer.country, document.buyer.vat_number, *home)
    would_be = tax_book.is_reverse_charge(buyer.country, buyer.vat_number, *home)
    if document.tax and would_be and not had:
        raise FeeWithTax
    if _says_reverse_charge(document) and not would_be:
        raise FeeWithoutTax


def _says_reverse_charge(document: InvoiceDocument) -> bool:
    """Without tax because of its buyer's number, which that sentence names; not at a rate of nothing, or below the
    limit for small businesses."""
    number = document.buyer.vat_number
    return bool(number) and not document.tax and any(number in one for one in document.notes)


async def _check_tax(row: IssuedInvoice, document: InvoiceDocument, wanted: str) -> None:
    order = await queries.by_id(row.reference)
    there = order.address.country if order else document.seller.country
    home = (document.seller.country or shop_settings.current().country, document.seller.vat_number)
    was = _says_reverse_charge(document) and tax_book.is_reverse_charge(there, document.buyer.vat_number, *home)
    would_be = tax_book.is_reverse_charge(there, wanted, *home)
    if would_be and document.tax:
        raise TaxWasCharged
    if was and not would_be:
        raise NoTaxWasCharged
