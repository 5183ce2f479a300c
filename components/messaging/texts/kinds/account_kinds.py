"""E-mails about an account and the ways into it. Links and codes are secrets: an e-mail holds their marks only."""

from components.foundation.languages.words import N_
from components.messaging.texts.email_kinds import ACCOUNT, EmailKind
from components.messaging.texts.email_placeholders import code, day, flag, link, moment, text

_NAME = text("name", "The customer’s name", "A. Customer").optional
_CODE = code("code", "The code of six digits").required
_MINUTES = text("minutes", "How many minutes the code and the link work", 15)
_DAYS = text("days", "How many days the link works", 7)
_CONFIRMATION = link(
    "confirmation link", "The link that confirms the address", "/account/confirmation/[[secret:token]]", field="link"
).required
_SIGN_IN = link(
    "sign-in link", "The link that signs them in, once", "/sign-in/email/[[secret:token]]", field="link"
).required

KINDS = (
    EmailKind(
        "sign_in",
        ACCOUNT,
        N_("Sign-in code"),
        "When somebody asks to sign in by e-mail.",
        (_NAME, _CODE, _SIGN_IN, _MINUTES),
    ),
    EmailKind(
        "account_exists",
        ACCOUNT,
        N_("Account exists already"),
        "When somebody asks for an account and has one already.",
        (_NAME, _CODE, _SIGN_IN, _MINUTES),
    ),
    EmailKind(
        "account_wanted",
        ACCOUNT,
        N_("Confirm a new account"),
        "When somebody asks for an account, before it is opened.",
        (_CODE, _SIGN_IN, _MINUTES),
    ),
    EmailKind(
        "account_opened",
        ACCOUNT,
        N_("Account opened"),
        "When an account has been opened.",
        (_NAME, _CONFIRMATION, _DAYS),
    ),
    EmailKind(
        "consent_confirmation",
        ACCOUNT,
        N_("Confirm marketing e-mails"),
        "When somebody ticks that they want marketing e-mails, for an address that nobody has confirmed.",
        (
            text("kind", "Which e-mails", N_("News and offers")).required,
            link(
                "confirmation link",
                "The link that confirms it",
                "/e-mails/confirm/[[secret:token]]",
                field="link",
            ).required,
            _DAYS,
        ),
    ),
    EmailKind(
        "email_confirmation",
        ACCOUNT,
        N_("Confirm an e-mail address"),
        "When an address of an account has to be confirmed.",
        (
            _NAME,
            text("e-mail", "The address to confirm", "maya@example.org", field="email").required,
            flag("change", "It is to replace another address", "is_change", sample=True),
            _CONFIRMATION,
            _DAYS,
        ),
        ({"is_change": False},),
    ),
    EmailKind(
        "identity_code",
        ACCOUNT,
        N_("Code to confirm it’s them"),
        "Before somebody who is signed in changes what protects their account.",
        (_NAME, _CODE, _MINUTES),
    ),
    EmailKind(
        "email_changed",
        ACCOUNT,
        N_("E-mail address changed"),
        "To the previous address, once another one is used.",
        (_NAME, text("e-mail", "The new address", "maya@example.org", field="email").required),
    ),
    EmailKind(
        "password_changed",
        ACCOUNT,
        N_("Password changed"),
        "When a password was changed.",
        (
            _NAME,
            moment("changed", "When it was changed", 0, field="at").required,
            link("sign-in page", "The page to sign in by e-mail", "/sign-in/email", field="link").required,
        ),
    ),
    EmailKind(
        "second_factor_changed",
        ACCOUNT,
        N_("Ways to sign in changed"),
        "When a passkey, an app or recovery codes were added or removed.",
        (
            _NAME,
            text("what changed", "What was changed", N_("A passkey was added to your account"), field="said").required,
            moment("changed", "When it was changed", 0, field="at").required,
            flag("by themselves", "It was done in their own account, not by your staff", "is_own", sample=True),
            link("security link", "Their security page", "/account/security", field="link").required,
        ),
        ({"is_own": False},),
    ),
    EmailKind(
        "account_deleted",
        ACCOUNT,
        N_("Account deleted"),
        "When an account whose deletion had to wait has been deleted.",
        (_NAME, day("asked", "When they asked for it", -9, field="at").required),
    ),
)
