"""The Stripe key as the owner types it: tried at once, kept in the data folder, counted from the next start."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation import audit, settings
from components.foundation.languages.words import N_, _
from components.foundation.secrecy import kept_stripe_key, secret_files
from components.foundation.shop_settings import shop_settings
from components.payments import stripe_connection
from components.payments.stripe_account import key_trial
from components.payments.stripe_account.key_trial import KeyRefused, TriedKey
from web import countries
from web.setup.setup_forms import PRACTICE, STRIPE, PaymentQuestions

AGAIN = N_("It counts from the next start: stop the shop and start it again.")
UNCHANGED = N_("Payments stay as they are.")


@dataclass(frozen=True, slots=True)
class KeyStanding:
    """`mode` is what this process works with: offline, test or live. `is_given`: by the environment, so that it is
    changed there. `waits` says that a key, or practice, counts from the next start."""

    mode: str
    is_given: bool
    waits: str


async def standing() -> KeyStanding:
    kept, used = kept_stripe_key.read(settings.current().data), settings.current().stripe_secret_key
    is_given = bool(secret_files.given("stripe_secret_key"))
    waits = "" if is_given or kept == used else STRIPE if kept else PRACTICE
    return KeyStanding(stripe_connection.mode(), is_given, waits)


def filled() -> PaymentQuestions:
    return PaymentQuestions.blank(way=STRIPE if kept_stripe_key.read(settings.current().data) else PRACTICE)


async def take(form: PaymentQuestions, *, by: UUID) -> str:
    """Try the key and keep it, or go back to practice; what to tell the owner. A refused key is refused at its field.

    A key that the environment gives is not changed here.
    """
    known = settings.current()
    kept = kept_stripe_key.read(known.data)
    if secret_files.given("stripe_secret_key"):
        form.errors.clear()
        return _(UNCHANGED)
    if not form.is_valid:
        return ""
    if form.way == PRACTICE:
        if not kept:
            return _("Payments are practice: no money moves, and you can try everything.")
        kept_stripe_key.forget(known.data)
        await audit.record(by, "Stripe key removed", "shop settings", "shop")
        return f"{_('The key is forgotten, and payments are practice again.')} {_(AGAIN)}"
    try:
        tried = await key_trial.attempt(form.key, known)
    except KeyRefused as refusal:
        form.refuse("key", str(refusal))
        return ""
    kept_stripe_key.keep(known.data, form.key)
    await audit.record(by, "Stripe key set", "shop settings", "shop", after={"account": tried.name or "not readable"})
    return f"{_told(tried)} {_(AGAIN)}"


def _told(tried: TriedKey) -> str:
    if not tried.name:
        return _("Stripe accepts the key. It is a restricted one that may not read the account.")
    mode = _("live: real money moves") if tried.is_live else _("test: no real card is charged")
    where = countries.name(tried.country)
    words = _(
        "Stripe accepts the key. The account is %(name)s, %(country)s (%(mode)s).",
        name=tried.name,
        country=where,
        mode=mode,
    )
    if not tried.can_charge:
        words += " " + _("It may not take payments yet: finish its set-up in Stripe’s dashboard.")
    sold_in = shop_settings.current().currency
    if tried.currency and tried.currency != sold_in:
        words += " " + _(
            "It is paid out in %(paid)s and the shop sells in %(sold)s: Stripe converts, for a fee.",
            paid=tried.currency,
            sold=sold_in,
        )
    return words
