"""Tries a Stripe key that somebody has typed, before the shop keeps it. Changes nothing at Stripe."""

import asyncio
from dataclasses import dataclass

import httpx
import stripe

from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.foundation.settings import Settings
from components.payments import stripe_connection
from components.payments.stripe_account.account_check import KEYS

SECONDS = 8.0
PUBLISHABLE = N_(
    "This is a publishable key. Copy the secret key instead: it begins with sk_ or rk_, and Stripe shows it once."
)
SIGNING = N_("This is the signing secret of a webhook. The secret key begins with sk_ or rk_.")
NO_KEY = N_("A secret key of Stripe begins with sk_test_, sk_live_, rk_test_ or rk_live_.")
TOO_SHORT = N_("This key is cut off. Copy the whole key from Stripe’s dashboard, under Developers, API keys.")
LIVE_IN_PRACTICE = N_(
    "This is a live key, which moves real money, and this server runs for practice. Use a test key (sk_test_…) now, or "
    "set ENVIRONMENT=production on the server first."
)
TEST_IN_PRODUCTION = N_("This is a test key: no real card could pay. In production use a live key (sk_live_…).")
SILENCE = N_("Stripe did not answer, so the key could not be tried. Check this server’s network and try again.")


class KeyRefused(Refusal):
    """Its words can stand beside the field."""


@dataclass(frozen=True, slots=True)
class TriedKey:
    """What Stripe says of the account. `name` is empty where a restricted key may not read it."""

    name: str
    country: str
    currency: str
    can_charge: bool
    is_live: bool


def fault(key: str, known: Settings) -> str:
    """What is wrong with it by its looks; empty when nothing is."""
    if key.startswith("pk_"):
        return PUBLISHABLE
    if key.startswith("whsec_"):
        return SIGNING
    if not key.startswith(KEYS) or not key.isascii() or not key.replace("_", "").isalnum():
        return NO_KEY
    if len(key) < 20:
        return TOO_SHORT
    is_live = _is_live(key)
    if is_live and not known.is_production:
        return LIVE_IN_PRACTICE
    return TEST_IN_PRODUCTION if known.is_production and not is_live else ""


async def attempt(key: str, known: Settings) -> TriedKey:
    """Ask Stripe whose key this is, within seconds. Raises `KeyRefused`."""
    if words := fault(key, known):
        raise KeyRefused(_(words))
    try:
        async with asyncio.timeout(SECONDS):
            account = await stripe_connection.client_with(key).v1.accounts.retrieve_current_async()
    except stripe.PermissionError:
        return TriedKey("", "", "", can_charge=True, is_live=_is_live(key))
    except stripe.AuthenticationError as refused:
        raise KeyRefused(_refused(refused)) from None
    except (stripe.StripeError, TimeoutError, OSError, httpx.HTTPError):
        raise KeyRefused(_(SILENCE)) from None
    named = account.settings.dashboard if account.settings else None
    profile = account.business_profile
    return TriedKey(
        name=(profile.name if profile else None) or (named.display_name if named else None) or account.id,
        country=(account.country or "").upper(),
        currency=(account.default_currency or "").upper(),
        can_charge=bool(account.charges_enabled),
        is_live=_is_live(key),
    )


def _is_live(key: str) -> bool:
    return key.startswith(("sk_live_", "rk_live_"))


def _refused(refused: stripe.AuthenticationError) -> str:
    if refused.error is not None and refused.error.code == "api_key_expired":
        return _("Stripe says this key has expired or was replaced. Copy the one that is shown now.")
    return _("Stripe does not know this key. Copy it again, whole, from the dashboard: Developers, API keys.")
