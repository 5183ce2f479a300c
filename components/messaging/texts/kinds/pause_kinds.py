"""E-mails about a pause of a membership."""

from components.foundation import clock
from components.foundation.languages.words import N_
from components.messaging.texts.email_kinds import PAUSES, EmailKind
from components.messaging.texts.email_placeholders import day, flag, money
from components.messaging.texts.kinds.membership_kinds import MEMBER_LINK, NAME, PLAN

_UNTIL = day("pause end", "When the pause ends", 60, field="until").required
_BEGINS = day("pause start", "When the pause begins", 14, field="begins").required
_RENEWS = day("renewal date", "When the next charge comes", 75, field="renews_at").required.optional
_ENDS = day("end date", "When the membership ends, if it has been cancelled", None, field="ends_at").required.optional
_CHARGED = flag("charged at pause end", "A new period begins and is charged when the pause ends", "is_charged_then")

KINDS = (
    EmailKind(
        "pause_planned",
        PAUSES,
        N_("Pause planned"),
        "When a member plans a pause.",
        (NAME, PLAN, _BEGINS, _UNTIL, _CHARGED, _RENEWS, MEMBER_LINK.required),
        ({"is_charged_then": True, "renews_at": None},),
    ),
    EmailKind(
        "pause_dropped",
        PAUSES,
        N_("Pause dropped"),
        "When a planned pause is dropped.",
        (NAME, PLAN, _BEGINS, _UNTIL, _RENEWS, MEMBER_LINK),
        ({"renews_at": None},),
    ),
    EmailKind(
        "pause_begun",
        PAUSES,
        N_("Pause begun"),
        "When a pause begins.",
        (NAME, PLAN, _UNTIL, _RENEWS, _ENDS, MEMBER_LINK.required),
        ({"renews_at": None, "ends_at": lambda: clock.in_days(80)},),
    ),
    EmailKind(
        "membership_resumed",
        PAUSES,
        N_("Membership resumed"),
        "When a pause is ended before its last day, by the member or by you.",
        (
            NAME,
            PLAN,
            _UNTIL,
            flag("charged now", "A new period has begun and was charged", "is_charged"),
            _RENEWS,
            _ENDS,
            MEMBER_LINK,
        ),
        ({"is_charged": True}, {"renews_at": None, "ends_at": lambda: clock.in_days(20)}),
    ),
    EmailKind(
        "pause_ending",
        PAUSES,
        N_("Pause about to end"),
        "Three days before a pause ends.",
        (
            NAME,
            PLAN,
            _UNTIL,
            money("amount", "What is charged next", 500).required.optional,
            _CHARGED,
            _RENEWS,
            _ENDS,
            MEMBER_LINK.required,
        ),
        (
            {"is_charged_then": True, "renews_at": None},
            {"amount": None, "renews_at": None, "ends_at": lambda: clock.in_days(80)},
        ),
    ),
)
