"""What is chosen for whoever reads an e-mail, each with its reason."""

from components.foundation.languages.words import N_
from components.messaging.texts.email_placeholders import links

CHOSEN = links(
    "for you",
    "Products chosen for them from their orders, with the reasons; nothing for those who switched that off",
    (
        (N_("Notebook"), N_("Because you bought Canvas bag"), "/products/notebook"),
        (N_("Pencil case"), N_("New in Bags since your last order"), "/products/pencil-case"),
    ),
    field="for_you",
).optional
CHOSEN_WITH_CONSENT = links(
    "for you",
    "Products chosen for them from their orders, with the reasons: of customers who agreed to news and offers",
    (
        (N_("Notebook"), N_("Because you bought Canvas bag"), "/products/notebook"),
        (N_("Pencil case"), N_("New in Bags since your last order"), "/products/pencil-case"),
    ),
    field="for_you",
).optional
