"""The e-mail that brings an invoice with another buyer."""

from dataclasses import dataclass
from uuid import UUID

from components.invoices import invoice_list, issuing
from components.invoices.facts import BuyerCorrected
from components.invoices.tables import IssuedInvoice
from components.messaging import email_outbox, invoice_in_email
from components.messaging.texts import recipient_language
from components.orders import queries
from components.people import customer_accounts


@dataclass(frozen=True, kw_only=True)
class InvoiceRecipient:
    email: str
    name: str
    language: str
    person: UUID | None


async def recipient(row: IssuedInvoice) -> InvoiceRecipient | None:
    """Who ordered, or paid the fee; None when their account was deleted."""
    order = await queries.by_id(row.reference) if row.subject == "order" else None
    if order is not None and order.email:
        return InvoiceRecipient(email=order.email, name=order.name, language=row.language, person=order.person)
    person = await customer_accounts.by_id(row.person) if row.person else None
    if person is None:
        return None
    return InvoiceRecipient(email=person.email, name=person.name, language=person.language, person=person.id)


async def corrected(fact: BuyerCorrected) -> None:
    row = await invoice_list.by_id(fact.invoice_id)
    to = await recipient(row) if row else None
    if row is None or to is None:
        return
    document, invoice = issuing.document_of(row), invoice_in_email.of(row)
    with recipient_language.of(to.language):
        await email_outbox.send(
            key=f"invoice-corrected:{row.id}",
            to=to.email,
            person=to.person,
            template="invoice_corrected",
            subject=f"Your new invoice {row.number}",
            fields={
                "name": to.name,
                "invoice_number": row.number,
                "former_number": document.replaces,
                "credit_note": document.credited_by,
                "buyer": document.buyer.named,
                **invoice.fields,
            },
            secrets=invoice.secrets,
            invoice=invoice.attached,
        )
