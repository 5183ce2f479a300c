"""The link to an invoice, in every e-mail about a payment or a refund."""

from components.messaging.texts.email_placeholders import link

INVOICE_LINK = link(
    "invoice link", "The address of its invoice, where the shop issues one", "/invoices/[[secret:invoice]]"
).optional
CREDIT_NOTE_LINK = link(
    "invoice link", "The address of its credit note, where the shop issues one", "/invoices/[[secret:invoice]]"
).optional
