"""Asks Stripe whether the shop's account, key and webhook endpoint are as they must be. Changes nothing."""

from collections.abc import AsyncIterator, Awaitable, Callable

import stripe

from components.foundation import formatting, settings
from components.foundation.operations.doctor import Finding
from components.foundation.settings import Settings
from components.foundation.shop_settings import shop_settings
from components.payments import stripe_connection
from components.payments.payment_refusals import PaymentRefused, StripeKeyRefused, StripeUnavailable
from components.payments.stripe_account import key_alarm, key_permissions, practice_place, webhook_endpoint
from components.payments.stripe_calls import stripe_accounts, stripe_endpoints
from components.payments.stripe_calls.stripe_accounts import AccountDetails
from components.payments.stripe_connection import API_VERSION
from components.payments.taxes import tax_readiness
from components.payments.timeouts import request_time
from components.payments.webhooks import refused_deliveries

KEYS = ("sk_test_", "rk_test_", "sk_live_", "rk_live_")
ALARMING = frozenset({"no secret", "mode"})
"""Anybody can send a delivery with a wrong signature; these only come from a wrong configuration."""
SILENCE = "Stripe does not answer. See https://status.stripe.com, and this machine’s network."
READABLE = "the key may read all that it must; what it must write is not tried: docs/payments.md lists it"
CONNECT = "Run `clubfront stripe connect`."


def key_fault(known: Settings) -> str:
    """What is wrong with the key by its looks and the environment; empty when nothing is."""
    if not known.stripe_secret_key.startswith(KEYS):
        return "STRIPE_SECRET_KEY is not a secret or restricted key of Stripe: those begin with sk_ or rk_."
    is_live = known.stripe_secret_key.startswith(("sk_live_", "rk_live_"))
    if known.is_production and not is_live:
        return "Stripe, test mode: no real payments. Production needs a live key."
    if is_live and not known.is_production:
        return "Stripe, live mode: real payments. Set ENVIRONMENT to production, or use a test key."
    return ""


async def examine() -> AsyncIterator[Finding]:
    """Bounded in time: all questions to Stripe share the patience of one request."""
    known = settings.current()
    if known.is_offline:
        yield _offline(known)
        return
    fault, asked, is_accepted = key_fault(known), list[Finding](), False
    if known.stripe_secret_key.startswith(KEYS):
        with request_time.timeouts(), key_alarm.trying():
            asked, is_accepted = await _asked(known)
    yield _mode(is_accepted=is_accepted) if not fault else Finding("payments", fault, False)
    yield _secret()
    for finding in asked:
        yield finding


def _offline(known: Settings) -> Finding:
    if practice_place.is_public(known.base_url):
        words = "no order can be paid: offline test payments are refused at a public address. Set STRIPE_SECRET_KEY"
        return Finding("payments", f"{words}; a test key of Stripe is enough to practise.", False)
    return Finding("payments", "offline: test payments stand in for Stripe, no real payments are made")


def _mode(*, is_accepted: bool) -> Finding:
    mode = "live mode: real payments" if stripe_connection.is_live() else "test mode"
    if is_accepted:
        return Finding("payments", f"Stripe, {mode}")
    return Finding("payments", f"the key is one of Stripe’s {mode}; Stripe has not accepted it yet", is_seen=False)


def _secret() -> Finding:
    """A secret of the right form may be another endpoint's."""
    fault = webhook_endpoint.secret_fault()
    words = "STRIPE_WEBHOOK_SECRET is set; only a webhook that arrives shows whether it is this endpoint’s"
    return Finding("secret", fault or words, not fault, is_seen=bool(fault))


async def _asked(known: Settings) -> tuple[list[Finding], bool]:
    """One line each, and whether Stripe accepted the key. After a question without an answer nothing else is asked."""
    found, trouble, is_accepted = [_versions()], "", False
    for what, ask in _questions(known).items():
        if trouble:
            found.append(Finding(what, f"not checked: {trouble}", is_seen=False))
            continue
        finding, trouble = await _answer(what, ask)
        found.append(finding)
        is_accepted = is_accepted or not trouble
    return found, is_accepted


def _questions(known: Settings) -> dict[str, Callable[[], Awaitable[Finding]]]:
    tax = {"Stripe Tax": _tax} if shop_settings.current().asks_stripe_tax else {}
    if not known.stripe_secret_key.startswith("rk_"):
        return {"account": lambda: _account(False), "webhooks": _endpoint, **tax}
    return {"account": lambda: _account(True), "permissions": _permissions, "webhooks": _endpoint, **tax}


async def _answer(what: str, ask: Callable[[], Awaitable[Finding]]) -> tuple[Finding, str]:
    """With why nothing else can be asked, if so."""
    try:
        return await ask(), ""
    except StripeKeyRefused as refusal:
        words = f"Stripe refuses the key: {refusal.detail} Check STRIPE_SECRET_KEY."
        return Finding(what, words, False), "Stripe refuses the key"
    except StripeUnavailable:
        return Finding(what, SILENCE, False), "Stripe does not answer"
    except PaymentRefused as refusal:
        return Finding(what, f"Stripe says: {refusal.detail}", False), ""


def _versions() -> Finding:
    is_well = stripe.api_version == API_VERSION
    words = f"{API_VERSION}, stripe {stripe.VERSION}"
    if not is_well:
        words += f" expects {stripe.api_version}: reinstall Clubfront."
    return Finding("Stripe API", words, is_well)


async def _account(is_restricted: bool) -> Finding:
    try:
        found = await stripe_accounts.own()
    except StripeKeyRefused as refusal:
        if not (is_restricted and refusal.is_permission):
            raise
        return Finding("account", "not known: this restricted key may not read the account", is_seen=False)
    return Finding("account", _in_words(found), found.can_charge)


def _in_words(found: AccountDetails) -> str:
    sold_in = shop_settings.current().currency
    words = f"{found.name or 'without a name'} ({found.id}), {found.country}"
    if not found.can_charge:
        return f"{words}: may not take payments yet. Finish its set-up in Stripe’s dashboard."
    if not found.can_pay_out:
        words += "; payouts are not enabled yet"
    if found.currency != sold_in:
        words += f"; it is paid out in {found.currency}, the shop sells in {sold_in}: Stripe converts, for a fee"
    return words


async def _permissions() -> Finding:
    missing = await key_permissions.unreadable()
    if not missing:
        return Finding("permissions", READABLE)
    named = ", ".join(f"{each.resource} ({each.level})" for each in missing)
    return Finding("permissions", f"The restricted key may not read: {named}.", False)


async def _endpoint() -> Finding:
    try:
        faults = webhook_endpoint.faults(await stripe_endpoints.every())
    except StripeKeyRefused as refusal:
        if not refusal.is_permission:
            raise
        return Finding("webhooks", "not known: this restricted key may not read webhook endpoints", False)
    return Finding("webhooks", " ".join([*faults, CONNECT]) if faults else webhook_endpoint.address(), not faults)


async def _tax() -> Finding:
    fault = await tax_readiness.fault()
    return Finding("Stripe Tax", fault or "it works out the tax of orders", not fault)


async def examine_traces() -> AsyncIterator[Finding]:
    """What the shop has met since: a key that Stripe refused, deliveries that were refused. Needs the database."""
    if settings.current().is_offline:
        return
    alarm = await key_alarm.current()
    if alarm is not None:
        since = formatting.moment(alarm.since)
        is_key = alarm.kind == "key"
        words = (
            f"Stripe has refused the key since {since}" if is_key else f"The key lacks a permission, noticed on {since}"
        )
        yield Finding("key", f"{words}: {alarm.detail}", False)
    for refused in await refused_deliveries.recent():
        words = f"{refused.times} refused in seven days, the last on {formatting.moment(refused.last_at)}."
        is_alarming = refused.reason in ALARMING
        yield Finding("deliveries", f"{words} {refused.meaning}", not is_alarming, is_seen=is_alarming)
