"""The invoice of an order, once it is paid."""

from uuid import UUID

from components.foundation.languages import language
from components.invoices import invoice_lines, issuing, parties
from components.invoices.corrections import invoice_family
from components.invoices.invoice_values import InvoiceDocument, InvoicePayment
from components.invoices.issuing import InvoiceDraft
from components.invoices.tables import IssuedInvoice
from components.orders import queries
from components.orders.views import OrderView
from components.people import customer_accounts


def cause_of(order_id: UUID) -> str:
    return f"order:{order_id}"


async def ensure(order_id: UUID) -> IssuedInvoice | None:
    """The order's invoice as it stands, issued now unless it has been. None for one that has none: not paid, free of
    charge, or paid before the shop issued invoices."""
    if known := await issuing.of_cause(cause_of(order_id)):
        return await invoice_family.standing(known)
    order = await queries.by_id(order_id)
    if order is None or order.paid_at is None or not order.total or not await issuing.are_wanted(order.paid_at):
        return None
    return await issuing.issue(await _draft(order))


async def _draft(order: OrderView) -> InvoiceDraft:
    person = await customer_accounts.by_id(order.person) if order.person else None
    wish = (person.language if person else "") or order.language
    with language.speaking(language.chosen(wish)):
        document = await document_of(order)
    return InvoiceDraft(
        kind="invoice",
        cause=cause_of(order.id),
        subject="order",
        reference=order.id,
        document=document,
        person=order.person,
        language=wish,
    )


async def document_of(order: OrderView) -> InvoiceDocument:
    """In the language spoken now."""
    assert order.paid_at is not None
    paid_on = issuing.today(order.paid_at)
    return InvoiceDocument(
        seller=parties.seller(order.seller_vat_number),
        buyer=await parties.buyer_of(order),
        currency=order.currency,
        tax_is_included=order.tax_is_included,
        lines=invoice_lines.of_order(order, club=parties.club()),
        taxes=invoice_lines.rows(order),
        payments=(InvoicePayment(by="credit", amount=order.credit), InvoicePayment(by="money", amount=order.to_pay)),
        supplied=(paid_on, paid_on),
        paid_on=paid_on,
        notes=(order.tax_note,) if order.tax_note else (),
        about=order.number,
    )
