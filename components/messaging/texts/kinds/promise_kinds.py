"""E-mails about what a plan promises besides its benefits."""

from components.foundation.languages.words import N_
from components.messaging.texts.email_kinds import MEMBERSHIP, EmailKind
from components.messaging.texts.email_placeholders import day, link, moment, money, text
from components.messaging.texts.kinds.membership_kinds import NAME, PLAN, PRICE

KINDS = (
    EmailKind(
        "place_free",
        MEMBERSHIP,
        N_("A place is free"),
        "To whoever has waited longest for a plan whose places were all taken; the place is held for 48 hours.",
        (
            NAME,
            PLAN.required,
            PRICE,
            moment("held until", "Until when the place is held", 2, field="until").required,
            link("join link", "Where they join", "/join/plus", field="join_link").required,
        ),
    ),
    EmailKind(
        "guarantee_credit",
        MEMBERSHIP,
        N_("Fee guarantee: credit given"),
        "When a period has ended in which a member saved less than their fee, and the difference became store credit.",
        (
            NAME,
            PLAN.required,
            day("period start", "When the period began", -366, field="begins").required,
            day("period end", "When the period ended", -1, field="until").required,
            money("fee", "The fee that counts", 5000).required,
            text("saved", "What they saved in the period", N_("£32.00"), field="saved").required,
            money("credit", "What became store credit", 1800, field="given").required,
            link("credit link", "The page with their store credit", "/account/credit", field="credit_link").required,
        ),
    ),
)
