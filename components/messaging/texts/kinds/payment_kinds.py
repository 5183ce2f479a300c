"""E-mails about what a membership costs: renewals, payments that failed, receipts, refunds."""

from components.foundation import formatting
from components.foundation.languages.words import N_, _
from components.messaging.texts.email_kinds import OWED, EmailKind
from components.messaging.texts.email_placeholders import Placeholder, day, flag, link, money, sum_of, text
from components.messaging.texts.kinds.invoice_placeholders import CREDIT_NOTE_LINK, INVOICE_LINK
from components.messaging.texts.kinds.membership_kinds import CANCEL_LINK, MEMBER_LINK, NAME, PLAN

CARD = text("card", "The card, by its last four digits", N_("Visa ending in 4242")).optional
TAX = text("tax", "The tax contained in it", N_("£0.83 VAT")).required.optional


def _credit_used(minor: int) -> Placeholder:
    return money("store credit", "How much of it their store credit pays", minor, field="credit").required.optional


def _to_pay(sample: str) -> Placeholder:
    return text("to pay", "What is charged to the card beside store credit", sample).optional


def _gift() -> str:
    return _("your gift of %(plan)s for %(name)s", plan="Plus", name="A. Friend")


KINDS = (
    EmailKind(
        "renewal_notice",
        OWED,
        N_("Renewal coming up"),
        "Before a renewal: three weeks before a yearly one, or as Settings, Notices and the law say.",
        (
            NAME,
            PLAN,
            text("period", "How long it is renewed for", N_("a year"), field="length_words"),
            money("price", "What is charged", 5000).required,
            text("discount", "The discount that is taken off", N_("20%%")).required.optional,
            money("whole fee", "The fee without the discount", 6250, field="fee").optional,
            text("tax", "The tax contained in it", N_("£8.33 VAT")).required.optional,
            _credit_used(1200),
            _to_pay(N_("£38.00")),
            CARD,
            day("renewal date", "When it is charged", 21, field="renews_at").required,
            money("saved", "What they have saved since the last payment", 4210).optional,
            CANCEL_LINK,
            MEMBER_LINK.required,
        ),
        (
            {"tax": "", "card": "", "discount": "", "credit": None, "to_pay": ""},
            {"to_pay": lambda: formatting.money(sum_of(0)), "credit": lambda: sum_of(5000), "card": ""},
        ),
    ),
    EmailKind(
        "trial_ending",
        OWED,
        N_("Trial about to end"),
        "Three days before a trial ends, or as Settings, Notices, the law and card networks say.",
        (
            NAME,
            PLAN,
            money("price", "What is charged", 500).required,
            TAX,
            _credit_used(200),
            _to_pay(N_("£3.00")),
            CARD,
            day("payment date", "When it is charged", 3, field="until").required,
            flag("charged", "It is charged then; without a card it is not", "is_charged", sample=True),
            CANCEL_LINK,
            MEMBER_LINK.required,
        ),
        (
            {"tax": "", "card": "", "credit": None, "to_pay": ""},
            {"card": "", "is_charged": False, "credit": None, "to_pay": ""},
        ),
    ),
    EmailKind(
        "card_expiring",
        OWED,
        N_("Card about to expire"),
        "Two weeks before a renewal that the card will not live to see.",
        (
            NAME,
            PLAN,
            money("price", "What is charged", 500).required,
            day("renewal date", "When it is charged", 14, field="renews_at").required,
            text("card", "The card, by its last four digits", N_("Visa ending in 4242")).required,
            flag("card has expired", "The card has expired already", "has_expired"),
            MEMBER_LINK.required,
        ),
        ({"has_expired": True},),
    ),
    EmailKind(
        "payment_failed",
        OWED,
        N_("Payment failed"),
        "Each time a renewal cannot be charged.",
        (
            NAME,
            PLAN,
            money("amount", "What is owed", 500).required,
            CARD,
            flag("again", "It is not the first time for this payment", "attempt", above=1, sample=1),
            day("next try", "When we try again", 3, field="next_try_at").optional,
            flag("bank wants confirmation", "Their bank wants them to confirm the payment", "needs_bank"),
            flag("benefits continue", "They keep their benefits for now", "has_benefits", sample=True),
            day("benefits until", "Until when they keep their benefits", 7, field="grace_until").required.optional,
            link("payment link", "Where they can pay", "/account/membership/payment", field="pay_link").required,
        ),
        (
            {"needs_bank": True},
            {"attempt": 2},
            {"attempt": 4, "next_try_at": None, "has_benefits": False, "grace_until": None, "card": ""},
            {"has_benefits": False, "grace_until": None},
        ),
    ),
    EmailKind(
        "payment_receipt",
        OWED,
        N_("Payment receipt"),
        "After each renewal and other payment for a membership.",
        (
            NAME,
            PLAN.optional,
            flag("had failed", "It had not gone through before", "had_failed"),
            money("whole fee", "The fee without the discount", 750, field="fee").optional,
            text("discount", "What was taken off: a discount, or unused time", N_("Discount 20%")).required.optional,
            money("taken off", "How much the discount took off", 150, field="off").optional,
            money("price", "What was billed", 600, field="billed"),
            money("credit used", "How much of it was paid with credit", 100, field="credit").required.optional,
            money("amount", "What was paid", 500).required,
            day("paid on", "When it was paid", 0, field="paid_at").required,
            text("tax", "The tax contained in what was billed", N_("£1.00 VAT")).required.optional,
            day("period start", "The first day it is for", 0, field="from_at").required.optional,
            day("period end", "The last day it is for", 30, field="until").required.optional,
            CARD,
            text("invoice number", "The number of the invoice", "INV-0042", field="number").required.optional,
            day("renewal date", "When it renews", 30, field="next_at").required.optional,
            text("next card", "The card on file, where another one has paid", "").optional,
            money("credit not used", "Store credit that came too late for it", 0, field="missed").required.optional,
            MEMBER_LINK,
            INVOICE_LINK,
        ),
        (
            {"credit": None, "missed": lambda: sum_of(500)},
            {"had_failed": True, "tax": "", "card": "", "number": "", "invoice_link": "", "discount": "", "off": None},
            {"plan_name": "", "from_at": None, "until": None, "next_at": None},
            {"had_failed": True, "next_card": "Mastercard 4444"},
        ),
    ),
    EmailKind(
        "payment_not_made",
        OWED,
        N_("Payment did not arrive"),
        "When a payment that takes days, such as a bank debit, is refused: for an order, a new membership or a gift.",
        (
            NAME,
            money("amount", "What was to be paid", 2295).required,
            text("what", "What it was for", N_("your order S-10042")).required,
            flag("order", "It was for an order, which is cancelled", "is_order", sample=True),
            flag("membership", "It was for a membership, which has not started", "is_membership"),
            link("details link", "The page of the order or membership", "/account/membership", field="link"),
        ),
        (
            {"is_order": False, "is_membership": True, "what": lambda: _("your fee for %(plan)s", plan="Plus")},
            {"is_membership": True},
        ),
    ),
    EmailKind(
        "fee_refunded",
        OWED,
        N_("Membership fee refunded"),
        "When a membership fee is paid back.",
        (
            NAME,
            PLAN,
            money("amount", "What is refunded", 500).required,
            money("store credit", "How much of it comes as store credit", 0, field="credit").required.optional,
            money("to card", "How much of it goes back to the card", 500, field="to_card").optional,
            text("reason", "The reason you gave", N_("Charged twice")).optional,
            flag("ends now", "The membership ends with the refund", "ends_now"),
            day("end date", "When the membership ends, if it has been cancelled", 30, field="until").required.optional,
            MEMBER_LINK,
            CREDIT_NOTE_LINK,
        ),
        (
            {"until": None, "reason": "", "invoice_link": ""},
            {"ends_now": True, "until": None},
            {"credit": lambda: sum_of(200), "to_card": lambda: sum_of(300)},
            {"credit": lambda: sum_of(500), "to_card": None},
        ),
    ),
    EmailKind(
        "refund_not_received",
        OWED,
        N_("Refund did not go through"),
        "When a bank sends back a refund that the customer was told of: of an order, a fee or a gift.",
        (
            NAME,
            money("amount", "What should have been refunded", 2295).required,
            text("what", "What it was for", N_("your order S-10042")).required,
            money("store credit", "How much of it came as store credit", 0, field="credit").required.optional,
            flag("code works", "It was for a gift, whose code can be used", "code_works"),
            link("details link", "The page of the order, membership or gifts", "/account/membership", field="link"),
        ),
        (
            {"credit": lambda: sum_of(1000)},
            {
                "what": lambda: _("your gift of %(plan)s for %(name)s", plan="Plus", name="A. Friend"),
                "code_works": True,
            },
        ),
    ),
    EmailKind(
        "renewal_given_back",
        OWED,
        N_("Refund after a late plan change"),
        "When a plan change was made late and too much was charged.",
        (
            NAME,
            PLAN,
            money("amount", "What is refunded", 500).required,
            day("change date", "When the change should have been made", -5, field="due_at").required,
            MEMBER_LINK,
        ),
    ),
)
