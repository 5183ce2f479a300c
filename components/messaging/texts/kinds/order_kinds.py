"""E-mails about an order."""

from components.foundation.languages.words import N_, _
from components.messaging.texts.email_kinds import ORDERS, EmailKind
from components.messaging.texts.email_placeholders import (
    flag,
    lines,
    link,
    moment,
    money,
    names,
    rows,
    sample_rows,
    sum_of,
    text,
)
from components.messaging.texts.kinds.chosen_placeholder import CHOSEN_WITH_CONSENT
from components.messaging.texts.kinds.invoice_placeholders import CREDIT_NOTE_LINK, INVOICE_LINK

NAME = text("name", "The customer’s name", "A. Customer").optional
NUMBER = text("order number", "The order’s number", "S-10042").required
ORDER_LINK = link("order link", "The address of the customer’s order page", "/orders/[[secret:token]]", field="link")
_ITEMS = ((N_("2 × Canvas bag, blue"), 5400), (N_("1 × Notebook"), 1250))
_TABLE = (*_ITEMS, (N_("Delivery"), 490), (N_("Paid"), 7140, True), (N_("including VAT (20%%)"), 1190))
_UNTAXED = ((N_("2 × Canvas bag, blue"), 4500), (N_("Delivery"), 400), (N_("Paid"), 4900, True))

_PLACE = ("12 Castle Street", "Leeds LS1 4AB", N_("Monday to Friday, 9 to 17"))
KINDS = (
    EmailKind(
        "order_confirmation",
        ORDERS,
        N_("Order confirmation"),
        "As soon as an order has been paid.",
        (
            NAME,
            NUMBER,
            rows("order table", "Every item, delivery, tax and what was paid", _TABLE).required,
            money("total", "What was paid", 7140),
            text("tax note", "Why no tax is charged, where the law wants it said", "").required.optional,
            text("vat number", "The customer’s VAT number", "").required.optional,
            text("our vat number", "Yours", "GB987654321", field="seller_vat_number").required.optional,
            money("saved", "What a member has saved on it", 600).optional,
            text("what follows", "What the next e-mail will say", N_("We'll e-mail you again when it ships.")),
            text("address heading", "What is above the address: for a pickup “Pick up at”", N_("Delivery address")),
            lines("delivery address", "Where it is sent", ("A. Customer", "3 Quay Lane", "Bristol BS1 4AB")),
            text("arrival", "When it arrives, as the customer was told", N_("Arrives Thu 3 Dec – Sat 5 Dec")).optional,
            ORDER_LINK.required,
            INVOICE_LINK,
            CHOSEN_WITH_CONSENT,
        ),
        (
            {
                "tax_note": lambda: _("Reverse charge: the customer owes the VAT."),
                "vat_number": "DE123456789",
                "saved": None,
                "arrival": "",
                "total": lambda: sum_of(4900),
                "order_table": lambda: sample_rows(_UNTAXED),
            },
            {"seller_vat_number": "", "saved": None, "invoice_link": ""},
        ),
    ),
    EmailKind(
        "order_address_changed",
        ORDERS,
        N_("Delivery address changed"),
        "When you change where a paid order goes, before it is shipped.",
        (
            NAME,
            NUMBER,
            lines("delivery address", "Where it goes now", ("A. Customer", "3 Quay Lane", "Bristol BS1 4AB")).required,
            ORDER_LINK.required,
        ),
    ),
    EmailKind(
        "order_shipped",
        ORDERS,
        N_("Order shipped"),
        "When a parcel of an order is marked as shipped.",
        (
            NAME,
            NUMBER,
            text("carrier", "Who delivers it", "Royal Mail").optional,
            text("tracking", "The tracking number", "AB123456789GB").required.optional,
            link("tracking link", "Where the parcel can be followed; of carriers that are known", "/").optional,
            names("items", "What was ordered", _ITEMS, field="lines"),
            ORDER_LINK.required,
            CHOSEN_WITH_CONSENT,
        ),
        (
            {"carrier": "", "tracking": "", "tracking_link": ""},
            {"tracking": "", "tracking_link": ""},
            {"tracking_link": ""},
        ),
    ),
    EmailKind(
        "order_ready",
        ORDERS,
        N_("Order ready to pick up"),
        "When an order that is picked up is marked as ready.",
        (
            NAME,
            NUMBER,
            lines("pickup place", "Where it is picked up, and when", _PLACE, field="delivery_address").required,
            names("items", "What was ordered", _ITEMS, field="lines"),
            ORDER_LINK.required,
            CHOSEN_WITH_CONSENT,
        ),
    ),
    EmailKind(
        "order_refunded",
        ORDERS,
        N_("Order refunded"),
        "When money of an order is paid back, as a whole or in part.",
        (
            NAME,
            NUMBER,
            money("amount", "What is refunded", 2500, field="refunded").required,
            money("store credit", "How much of it comes as store credit", 0, field="credit").required.optional,
            flag("all as store credit", "All of it comes as store credit", "is_all_credit"),
            text("reason", "The reason you gave", N_("One item was sold out")).optional,
            ORDER_LINK.required,
            CREDIT_NOTE_LINK,
        ),
        (
            {"credit": lambda: sum_of(1000), "reason": "", "invoice_link": ""},
            {"credit": lambda: sum_of(2500), "is_all_credit": True},
        ),
    ),
    EmailKind(
        "withdrawal_receipt",
        ORDERS,
        N_("Withdrawal received"),
        "When somebody withdraws from an order or a membership, as their proof of it.",
        (
            text("name", "The name that was typed", "A. Customer").required,
            text("e-mail", "The address that was typed", "a.customer@example.com", field="email").required,
            text("about", "The items of an order, a membership, or both", N_("The items of an order")).required,
            text("number", "The order number or membership that was typed", "S-10042").required,
            text("items", "Which part of it, where not all", N_("The blue bag")).required.optional,
            flag("order", "It is about an order", "is_order", sample=True),
            flag("membership", "It is about a membership, alone or with the order", "is_membership"),
            moment("received", "When it was received", 0, field="received_at").required,
        ),
        (
            {"items": ""},
            {
                "about": lambda: _("A membership"),
                "number": "Plus",
                "items": "",
                "is_order": False,
                "is_membership": True,
            },
            {"about": lambda: _("An order and the membership joined with it"), "items": "", "is_membership": True},
        ),
    ),
)
