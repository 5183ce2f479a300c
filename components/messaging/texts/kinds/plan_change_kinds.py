"""E-mails about a change of plan that waits for the next period, and about discounts."""

from components.foundation import formatting
from components.foundation.languages.words import N_
from components.messaging.texts.email_kinds import MEMBERSHIP, OWED, EmailKind
from components.messaging.texts.email_placeholders import day, flag, money, sentences, text
from components.messaging.texts.kinds.membership_kinds import MEMBER_LINK, NAME, PLAN

_NEW = text("new plan", "The plan they planned to change to", "Basic")
_IN_TRIAL = flag("in a trial", "They are in a free trial, which goes on until its end", "in_trial")
_BEGINS = day("change date", "When the new plan begins", 20, field="begins").required

KINDS = (
    EmailKind(
        "plan_change_planned",
        MEMBERSHIP,
        N_("Plan change planned"),
        "When a member plans to change to another plan with the next renewal.",
        (
            NAME,
            PLAN.required,
            _NEW.required,
            _BEGINS,
            text("new price", "What it costs from then on", N_("£3.00 a month"), field="price_words").required,
            sentences(
                "lost benefits",
                "A list of the benefits that the new plan doesn’t have",
                (N_("Early access"),),
                field="lost",
            ),
            _IN_TRIAL,
            MEMBER_LINK.required,
        ),
        ({"lost": ()}, {"in_trial": True}),
    ),
    EmailKind(
        "plan_change_dropped",
        MEMBERSHIP,
        N_("Planned plan change withdrawn"),
        "When a member keeps their plan instead of changing as they had planned.",
        (
            NAME,
            PLAN.required,
            _NEW,
            _BEGINS,
            text("price", "What their plan costs", N_("£5.00 a month"), field="price_words").required,
            day("renewal date", "When it renews", 20, field="renews_at").required.optional,
            _IN_TRIAL,
            MEMBER_LINK,
        ),
        ({"renews_at": None}, {"in_trial": True}),
    ),
    EmailKind(
        "fee_discount",
        OWED,
        N_("Discount on a membership"),
        "When a discount is put on a membership, and when it has ended.",
        (
            NAME,
            PLAN,
            text("discount", "The discount", N_("20% off your next payment")).required,
            flag("discount has ended", "The discount has ended", "has_ended"),
            money("amount", "What the next payment is", 500).required,
            day("renewal date", "When it is charged", 21, field="renews_at").required,
            MEMBER_LINK,
        ),
        ({"has_ended": True, "discount": lambda: formatting.percent(2000)},),
    ),
)
