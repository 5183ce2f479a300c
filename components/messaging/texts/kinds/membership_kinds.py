"""E-mails about a membership that begins, changes or ends."""

from components.foundation import clock
from components.foundation.languages.words import N_
from components.messaging.texts.email_kinds import MEMBERSHIP, EmailKind
from components.messaging.texts.email_placeholders import day, flag, link, moment, money, sentences, text
from components.messaging.texts.kinds.invoice_placeholders import INVOICE_LINK

NAME = text("name", "The member’s name", "A. Customer").optional
PLAN = text("plan name", "The plan’s name", "Plus")
PRICE = text("price", "The plan’s price with how often it is paid", N_("£5.00 a month"), field="price_words")
BENEFITS = sentences("benefits", "A list of the plan’s benefits", (N_("10%% off everything"), N_("Free delivery")))
MEMBER_LINK = link("membership link", "The address of the membership page", "/account/membership", field="link")
CANCEL_LINK = link(
    "cancel link", "Where they cancel without signing in", "/cancel-membership", field="cancel_link"
).required

_REFUSED = N_("Your pause didn’t go through.")

KINDS = (
    EmailKind(
        "membership_started",
        MEMBERSHIP,
        N_("Welcome to the membership"),
        "When somebody becomes a member: paid for, complimentary or by a gift.",
        (
            NAME,
            PLAN.required,
            PRICE.required.optional,
            money("paid", "What was paid for joining", 500).required.optional,
            BENEFITS,
            text(
                "promise", "A better benefit that an experiment promised them", "", field="promised"
            ).required.optional,
            flag("for life", "It is paid for once and never ends", "is_for_life"),
            flag("complimentary", "The shop gave it", "is_complimentary"),
            text("giver", "Who shares their membership with them", "").optional,
            flag("trial", "It begins with a free trial", "is_trial"),
            day("renewal date", "When it renews", 30, field="renews_at").required.optional,
            day("end date", "When it ends, where it doesn’t renew", None, field="until").required.optional,
            MEMBER_LINK,
            INVOICE_LINK,
        ),
        (
            {"is_trial": True, "paid": None, "invoice_link": ""},
            {"renews_at": None, "until": lambda: clock.in_days(365), "price_words": "", "paid": None},
            {"renews_at": None, "price_words": "", "paid": None, "is_complimentary": True, "invoice_link": ""},
            {"renews_at": None, "price_words": "", "is_for_life": True},
            {"promised": "15% off everything"},
            {"renews_at": None, "price_words": "", "paid": None, "giver": "A. Friend", "invoice_link": ""},
        ),
    ),
    EmailKind(
        "trial_started",
        MEMBERSHIP,
        N_("Trial started"),
        "When a free trial begins.",
        (
            NAME,
            PLAN.required,
            PRICE.required,
            day("trial end", "The last day of the trial", 14, field="until").required,
            flag("card will be charged", "There is a card, which is charged after the trial", "asks_card", sample=True),
            MEMBER_LINK.required,
        ),
        ({"asks_card": False},),
    ),
    EmailKind(
        "trial_refused",
        MEMBERSHIP,
        N_("Trial not started"),
        "When a card or e-mail address has already had a trial.",
        (
            NAME,
            PLAN,
            text("order number", "The order it was joined with", "S-10042").optional,
            MEMBER_LINK.required,
        ),
        ({"order_number": ""},),
    ),
    EmailKind(
        "plan_changed",
        MEMBERSHIP,
        N_("Plan changed"),
        "When a member has changed to another plan.",
        (
            NAME,
            PLAN.required,
            PRICE.required,
            day("renewal date", "When it renews", 30, field="renews_at").required.optional,
            BENEFITS,
            MEMBER_LINK,
        ),
        ({"renews_at": None},),
    ),
    EmailKind(
        "cancellation_receipt",
        MEMBERSHIP,
        N_("Membership cancelled"),
        "When a membership is cancelled, as the member’s proof of it.",
        (
            NAME,
            PLAN.required,
            moment("received", "When it was cancelled", 0, field="received_at").required,
            day("end date", "When the membership ends", 30, field="until").required,
            day("pause end", "When the pause ends that keeps benefits off", 12, field="off_until").required.optional,
            MEMBER_LINK.required,
        ),
        ({"off_until": None},),
    ),
    EmailKind(
        "cancellation_notice",
        MEMBERSHIP,
        N_("Cancellation received"),
        "When somebody cancels a membership without signing in, as their proof of it.",
        (
            text("name", "The name that was typed", "A. Customer").required,
            text("e-mail", "The address that was typed", "noor@example.org", field="email").required,
            text("plan name", "The membership that was typed", "Plus").required,
            text("kind", "Ordinary, or for an important reason", N_("Ordinary cancellation")).required,
            text("reason", "The reason that was typed", N_("I am moving abroad.")).required.optional,
            text("wanted", "The date it is to end", N_("the earliest possible date")).required,
            moment("received", "When it was received", 0, field="received_at").required,
            day("end date", "When the membership ends, where it is cancelled already", 30, field="ends_at").optional,
            link("confirmation link", "Where a member confirms it", "/cancel-membership", field="link").optional,
        ),
        ({"reason": "", "ends_at": None}, {"link": ""}, {"link": "", "ends_at": None, "reason": ""}),
    ),
    EmailKind(
        "cancellation_refused",
        MEMBERSHIP,
        N_("Cancellation refused"),
        "When Stripe refuses a cancellation after the member was told to wait for the answer.",
        (
            NAME,
            PLAN.required,
            day("renewal date", "When it renews", 30, field="renews_at").required.optional,
            MEMBER_LINK.required,
        ),
        ({"renews_at": None},),
    ),
    EmailKind(
        "wish_refused",
        MEMBERSHIP,
        N_("Wish refused"),
        "When Stripe refuses a pause, a return, a change of plan or the like after the member was told to wait.",
        (
            NAME,
            PLAN.required,
            text("what happened", "Which wish it was, and what is so now", _REFUSED, field="words").required,
            day("renewal date", "When it renews", 30, field="renews_at").required.optional,
            MEMBER_LINK.required,
        ),
        ({"renews_at": None},),
    ),
    EmailKind(
        "cancellation_withdrawn",
        MEMBERSHIP,
        N_("Cancellation withdrawn"),
        "When a cancellation no longer applies, because the member stays.",
        (
            NAME,
            PLAN,
            day("renewal date", "When it renews", 30, field="renews_at").required.optional,
            day("pause end", "When the pause ends that keeps benefits off", 12, field="off_until").required.optional,
            MEMBER_LINK.required,
        ),
        ({"off_until": None}, {"renews_at": None, "off_until": None}),
    ),
    EmailKind(
        "subscription_ended",
        MEMBERSHIP,
        N_("Paid membership ended"),
        "When a paid membership is over, because it was cancelled or not paid for, or the bank took a payment back.",
        (
            NAME,
            PLAN,
            day("ended on", "When it ended", -1, field="ended_at").required,
            flag("unpaid", "It ended because a payment failed", "why", equals="unpaid", sample="cancelled"),
            flag("cancelled", "It ended because it was cancelled", "why", equals="cancelled", sample="cancelled"),
            flag(
                "disputed",
                "It ended because a dispute about a payment was lost",
                "why",
                equals="disputed",
                sample="cancelled",
            ),
            link("rejoin link", "Where they can join again", "/join"),
        ),
        ({"why": "unpaid"}, {"why": ""}, {"why": "disputed"}),
    ),
    EmailKind(
        "membership_ended",
        MEMBERSHIP,
        N_("Membership ended"),
        "When a gift or another membership that nobody is billed for is over.",
        (
            NAME,
            PLAN,
            day("ended on", "When it ended", -1, field="ended_at").required,
            text("why", "A sentence that says why", N_("Your gift membership is over.")),
            MEMBER_LINK,
        ),
    ),
    EmailKind(
        "membership_ending",
        MEMBERSHIP,
        N_("Membership about to end"),
        "Two weeks before a gift, a paid term or a complimentary membership is over.",
        (
            NAME,
            PLAN,
            day("end date", "When it ends", 14, field="ends_at").required,
            flag("gift", "It was a gift", "is_gift", sample=True),
            link("join link", "Where they can join", "/join", field="join_link"),
        ),
        ({"is_gift": False},),
    ),
    EmailKind(
        "membership_moved",
        MEMBERSHIP,
        N_("Membership brought along"),
        "When a membership of your earlier shop is adopted, if you ask for it then.",
        (
            NAME,
            PLAN.required,
            PRICE.required.optional,
            day("renewal date", "When the next charge comes", 30, field="renews_at").required.optional,
            text("card", "The card that is charged", N_("Visa ending in 4242")).optional,
            day("end date", "When it ends, where it doesn’t renew", None, field="until").required.optional,
            flag("asks to join again", "It ends, because there is no card to charge", "asks"),
            text("e-mail", "The address they sign in with", "a.customer@example.com", field="email").required,
            MEMBER_LINK.required,
        ),
        (
            {"card": "", "until": lambda: clock.in_days(20), "renews_at": None},
            {"card": "", "until": lambda: clock.in_days(20), "renews_at": None, "asks": True, "price_words": ""},
            {"card": "", "renews_at": None, "price_words": ""},
        ),
    ),
    EmailKind(
        "price_moves",
        MEMBERSHIP,
        N_("Price change"),
        "Before the first renewal at a new price.",
        (
            NAME,
            PLAN,
            day("renewal date", "The first renewal at the new price", 30, field="renews_at").required,
            text("old price", "What it costs until then", N_("£5.00 a month"), field="before").required,
            text("new price", "What it costs from then on", N_("£6.00 a month"), field="after").required,
            flag("told before", "They were told another day before", "has_slipped"),
            CANCEL_LINK,
            MEMBER_LINK.required,
        ),
        ({"has_slipped": True},),
    ),
    EmailKind(
        "fee_tax_moves",
        MEMBERSHIP,
        N_("Fee without tax, or with it again"),
        "A business gave or took out its VAT number: before the first renewal at the other fee.",
        (
            NAME,
            PLAN,
            day("renewal date", "The first renewal at the other fee", 30, field="renews_at").required,
            text("old price", "What it costs until then", N_("£6.00 a month"), field="before").required,
            text("new price", "What it costs from then on", N_("£5.00 a month"), field="after").required,
            text(
                "reason", "Why the fee is without tax, or has it", N_("Reverse charge: no VAT is charged."), field="why"
            ),
            CANCEL_LINK,
            MEMBER_LINK.required,
        ),
    ),
)
