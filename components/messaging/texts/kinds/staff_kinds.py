"""E-mails to the people who run the shop."""

from components.foundation.languages.words import N_
from components.messaging.texts.email_kinds import STAFF, EmailKind
from components.messaging.texts.email_placeholders import flag, link, moment, money, text

_NAME = text("name", "The name of the member of staff", "A. Colleague").optional

KINDS = (
    EmailKind(
        "contact_message",
        STAFF,
        N_("Message from the contact form"),
        "When somebody writes in the contact form.",
        (
            text("name", "Who wrote", "A. Friend").required,
            text("e-mail", "Their address, as typed", "noor@example.org", field="email").required,
            text("order number", "The order number, as typed", "S-10042", field="order").required.optional,
            text("message", "What they wrote", "Hello,\ndo you ship to Norway?").required,
        ),
        ({"order": ""},),
    ),
    EmailKind(
        "dispute",
        STAFF,
        N_("Payment disputed"),
        "When a bank disputes a payment, and when it has decided. To staff who see orders.",
        (
            _NAME,
            money("amount", "What it is about", 5270).required,
            text("what", "The order, or the membership and whose it is", "order S-10042").required,
            text("reason", "The bank’s reason", "not received", field="cause"),
            moment("answer by", "Until when you must answer", 9).required.optional,
            flag("won", "The bank decided for you", "status", equals="won", sample="needs_response"),
            flag("lost", "The bank decided for its customer", "status", equals="lost", sample="needs_response"),
            flag(
                "only a question",
                "The bank only asks so far",
                "status",
                equals="warning_needs_response",
                sample="needs_response",
            ),
            flag("ended by setting", "It was lost, and the membership ends", "follows", equals="end", sample="ask"),
            flag("kept by setting", "It was lost, and nothing changes", "follows", equals="keep", sample="ask"),
            link("dispute link", "The dispute’s page", "/staff/payments", field="link").required,
        ),
        (
            {"status": "warning_needs_response"},
            {"status": "won", "answer_by": None},
            {"status": "lost", "answer_by": None},
            {"status": "lost", "answer_by": None, "follows": "end"},
            {"status": "lost", "answer_by": None, "follows": "keep"},
        ),
    ),
    EmailKind(
        "fraud_warning",
        STAFF,
        N_("Payment may be fraudulent"),
        "When the bank that issued a card says that a payment may be fraudulent. To staff who make refunds.",
        (
            _NAME,
            money("amount", "What it is about", 5270).required,
            text("what", "The order, or the membership and whose it is", "order S-10042").required,
            text("reason", "What the bank says", "The card was stolen", field="cause").required,
            flag("shipped", "The order has been shipped", "shipped", sample=False),
            flag("to ship", "The order has not been shipped yet", "to_ship", sample=True),
            link("warning link", "The warning’s page", "/staff/payments/fraud-warnings", field="link").required,
        ),
        ({"shipped": True, "to_ship": False}, {"what": "Annual of A. Customer", "to_ship": False}),
    ),
    EmailKind(
        "fee_refund_failed",
        STAFF,
        N_("Refund of a membership fee failed"),
        "When the bank does not take a refund. To staff who make refunds.",
        (
            _NAME,
            money("amount", "What should have been refunded", 500).required,
            text("member", "Who pays for the membership", "A. Customer").required,
            text("plan name", "The plan", "Annual").required,
            link("member link", "The member’s page", "/staff/members", field="link").required,
        ),
    ),
    EmailKind(
        "refund_to_decide",
        STAFF,
        N_("Membership refunded in Stripe"),
        "When a membership was refunded in Stripe, goes on, and waits for a decision. To staff who make refunds.",
        (
            _NAME,
            money("amount", "What was refunded", 3900).required,
            text("member", "Who pays for the membership", "A. Customer").required,
            text("plan name", "The plan", "Annual").required,
            link("decision link", "The page where it is decided", "/staff/term-refunds", field="link").required,
        ),
    ),
    EmailKind(
        "gift_refund_failed",
        STAFF,
        N_("Refund of a gift failed"),
        "When the bank does not take the refund of a gift membership. To staff who make refunds.",
        (
            _NAME,
            money("amount", "What should have been refunded", 5000).required,
            text("giver", "Who bought the gift", "A. Customer"),
            text("recipient", "Who it is for", "A. Friend"),
            flag("code works", "The code of the gift works again", "code_works", sample=True),
            link("gifts link", "The page of gift memberships", "/staff/gift-memberships", field="link").required,
        ),
        ({"code_works": False},),
    ),
    EmailKind(
        "order_refund_failed",
        STAFF,
        N_("Refund of an order failed"),
        "When the bank does not take the refund of an order. To staff who make refunds.",
        (
            _NAME,
            money("amount", "What should have been refunded", 2295).required,
            text("order number", "The order’s number", "S-10042").required,
            flag("customer told", "The customer had been told of the refund, and now of this", "was_told", sample=True),
            link("order link", "The order’s page", "/staff/orders", field="link").required,
        ),
        ({"was_told": False},),
    ),
    EmailKind(
        "operator_invited",
        STAFF,
        N_("Staff access"),
        "To a new member of staff.",
        (
            _NAME,
            text("inviter", "Who invited them", "A. Colleague").required,
            link("staff link", "Where they sign in", "/sign-in?next=/staff", field="link").required,
        ),
    ),
    EmailKind(
        "test_email",
        STAFF,
        N_("Test e-mail"),
        "When you ask for a test in Settings, E-mails.",
        (_NAME, text("sender", "Who your e-mails come from", "Shop <shop@example.org>").required),
    ),
)
