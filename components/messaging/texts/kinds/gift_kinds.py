"""E-mails about memberships that are given or shared."""

from components.foundation import clock
from components.foundation.languages.words import N_
from components.messaging.texts.email_kinds import GIFTS, EmailKind
from components.messaging.texts.email_placeholders import code, day, flag, link, money, text
from components.messaging.texts.kinds.invoice_placeholders import CREDIT_NOTE_LINK, INVOICE_LINK
from components.messaging.texts.kinds.membership_kinds import BENEFITS, MEMBER_LINK, NAME, PLAN

_GIVER = text("giver", "Who gives or shares it", "A. Customer").required
_LENGTH = text("length", "How long the membership is", N_("a year"))
_GIFT_LINK = link("gifts link", "The page with the gifts they bought", "/account/given", field="link")
_RECIPIENT = text("recipient", "Who gets the gift", "A. Friend", field="recipient_name")
_UNTIL = day("redeem by", "The last day to redeem it, where codes expire", None, field="until")
_OTHER = text("other membership", "Another membership that they still have", "Basic", field="other").optional

KINDS = (
    EmailKind(
        "gift",
        GIFTS,
        N_("Gift"),
        "To whoever gets a gift membership, on the day the giver chose.",
        (
            text("name", "The name of whoever gets it", "A. Friend"),
            _GIVER,
            text("message", "What the giver wrote", N_("Happy birthday!")).required.optional,
            PLAN.required,
            _LENGTH.required,
            BENEFITS,
            code("gift code", "The code to redeem it with", field="code").required,
            _UNTIL.required.optional,
            link("redeem link", "Where it is redeemed", "/gifts/redeem?code=[[secret:code]]", field="link").required,
        ),
        ({"message": ""}, {"until": lambda: clock.in_days(365)}),
    ),
    EmailKind(
        "gift_receipt",
        GIFTS,
        N_("Gift receipt"),
        "To the buyer of a gift membership, once it has been paid.",
        (
            PLAN.required,
            _LENGTH,
            money("price", "What was paid", 5000).required,
            _RECIPIENT.required,
            text("recipient e-mail", "Where the gift is sent", "noor@example.org", field="recipient_email").required,
            day("delivery date", "When it is sent", 5, field="send_at").required,
            code("gift code", "The code to redeem it with", field="code").required,
            _UNTIL.required.optional,
            _GIFT_LINK,
            INVOICE_LINK,
        ),
        ({"invoice_link": ""}, {"until": lambda: clock.in_days(365)}),
    ),
    EmailKind(
        "gift_readdressed",
        GIFTS,
        N_("Gift address corrected"),
        "To the buyer, when the e-mail address that a gift goes to was corrected, by them or by staff.",
        (
            PLAN.required,
            _RECIPIENT.required,
            text("recipient e-mail", "Where the gift is sent", "noor@example.org", field="recipient_email").required,
            day("delivery date", "When it is sent, while it isn’t sent yet", 5, field="send_at").required.optional,
            code("gift code", "The code to redeem it with", field="code").required,
            _UNTIL.required.optional,
            _GIFT_LINK,
        ),
        ({"send_at": None}, {"until": lambda: clock.in_days(365)}),
    ),
    EmailKind(
        "gift_expiring",
        GIFTS,
        N_("Gift about to expire"),
        "To the buyer, 30 days before the code of a gift that nobody has redeemed expires.",
        (
            PLAN.required,
            _RECIPIENT.optional,
            day("redeem by", "The last day to redeem it", 30, field="until").required,
            code("gift code", "The code to redeem it with", field="code").required,
            _GIFT_LINK,
        ),
        ({"recipient_name": ""},),
    ),
    EmailKind(
        "gift_refunded",
        GIFTS,
        N_("Gift refunded"),
        "To the buyer, when a gift has been paid back.",
        (
            money("amount", "What was refunded", 5000).required,
            day("refunded on", "When it was refunded", -1, field="at").required,
            PLAN,
            _RECIPIENT.optional,
            flag("redeemed", "The gift has been redeemed", "is_redeemed"),
            flag(
                "never begins", "It was redeemed, waited for another membership to end, and won’t begin", "never_begins"
            ),
            flag("ends now", "It was redeemed, and its membership ends with the refund", "ends_now"),
            flag("code no longer works", "The gift can no longer be redeemed", "is_void", sample=True),
            _GIFT_LINK,
            CREDIT_NOTE_LINK,
        ),
        (
            {"is_void": False, "recipient_name": "", "invoice_link": ""},
            {"is_redeemed": True},
            {"is_redeemed": True, "never_begins": True},
            {"is_redeemed": True, "ends_now": True},
        ),
    ),
    EmailKind(
        "seat_offered",
        GIFTS,
        N_("Household invitation"),
        "To somebody whom a member invites to share their membership.",
        (
            _GIVER,
            PLAN.required,
            day("end date", "How long it lasts, where that is known", 200, field="until").required.optional,
            link("invitation link", "The invitation", "/household/[[secret:token]]", field="link").required,
        ),
        ({"until": None},),
    ),
    EmailKind(
        "seat_on_hold",
        GIFTS,
        N_("Shared membership on hold"),
        "To those who share a membership, when it is paused or not active.",
        (
            NAME,
            _GIVER,
            PLAN,
            day("pause end", "When the pause ends, if it is paused", 30, field="back_at").required.optional,
            day("end date", "When the membership ends, if that is known", 80, field="ends_at").required.optional,
            _OTHER,
            MEMBER_LINK,
        ),
        (
            {"back_at": None, "ends_at": None, "other": ""},
            {"ends_at": None, "other": ""},
            {"back_at": None},
        ),
    ),
    EmailKind(
        "seat_back",
        GIFTS,
        N_("Shared membership is back"),
        "To those who share a membership, when it is active again.",
        (
            NAME,
            _GIVER,
            PLAN,
            day("end date", "When the membership ends, if that is known", 80, field="ends_at").required.optional,
            MEMBER_LINK,
        ),
        ({"ends_at": None},),
    ),
    EmailKind(
        "seat_ended",
        GIFTS,
        N_("Shared membership ended"),
        "To those who shared a membership, when their place is gone.",
        (
            NAME,
            _GIVER,
            PLAN,
            day("ended on", "When their place ended", -1, field="ended_at").required,
            flag("left", "They left it themselves", "why", equals="left", sample="ended"),
            flag("removed", "The member no longer shares it with them", "why", equals="removed", sample="ended"),
            flag("fewer places", "The member’s new plan has fewer places", "why", equals="plan", sample="ended"),
            _OTHER,
            MEMBER_LINK,
        ),
        ({"why": "left", "other": ""}, {"why": "removed"}, {"why": "plan"}),
    ),
)
