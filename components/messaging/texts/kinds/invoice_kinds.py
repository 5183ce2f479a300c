"""E-mails about invoices themselves."""

from components.foundation.languages.words import N_
from components.messaging.texts.email_kinds import OWED, EmailKind
from components.messaging.texts.email_placeholders import link, text

KINDS = (
    EmailKind(
        "invoice_corrected",
        OWED,
        N_("Invoice with another buyer"),
        "When you issue an invoice again with another buyer, and choose to tell the customer.",
        (
            text("name", "The customer’s name", "A. Customer").optional,
            text("invoice number", "The number of the new invoice", "INV-00043").required,
            text("former number", "The number of the invoice it replaces", "INV-00042").required,
            text("credit note", "The number of the credit note that takes that one back", "CN-00007").required,
            text("buyer", "Whom it is addressed to now", "Oak & Sons Ltd").required,
            link("invoice link", "The address of the new invoice", "/invoices/[[secret:invoice]]").required,
        ),
    ),
)
