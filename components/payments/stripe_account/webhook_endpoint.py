"""The shop's webhook endpoint at Stripe: its address, exactly our events, our API version."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from components.foundation import ids, settings
from components.foundation.refusals import Refusal
from components.payments import ownership, stripe_connection
from components.payments.mirror import EVENTS
from components.payments.stripe_calls import stripe_endpoints as calls
from components.payments.stripe_calls.stripe_endpoints import WebhookEndpoint
from components.payments.stripe_connection import API_VERSION

PATH = "/hooks/stripe"
DESCRIPTION = "Clubfront"
REAL_SECRET = re.compile(r"whsec_[A-Za-z0-9+/=_-]{24,}")
_OWN_MACHINE = frozenset({"127.0.0.1", "localhost", "::1", "0.0.0.0"})


class OutOfReach(Refusal):
    """Stripe could not deliver to this address."""


@dataclass(frozen=True)
class ConnectedEndpoint:
    """`secret` is empty when the endpoint was there already: Stripe tells it once."""

    endpoint: WebhookEndpoint
    secret: str
    outcome: str


def address() -> str:
    return settings.current().base_url + PATH


async def connect(*, renews_secret: bool = False) -> ConnectedEndpoint:
    """The endpoint exists and is exactly as the shop needs it. An endpoint of another API version, which cannot be
    changed, is replaced; with `renews_secret` any is. Raises `OutOfReach` and what calls to Stripe raise."""
    _must_be_reachable()
    found = at_our_address(await calls.every())
    usable = [each for each in found if each.api_version == API_VERSION and not renews_secret]
    if usable:
        connected = await _brought_up_to_date(usable[0])
        superfluous = [each for each in found if each.id != usable[0].id]
    else:
        made = await calls.create(
            url=address(),
            events=EVENTS,
            description=DESCRIPTION,
            metadata=ownership.ownership_metadata(),
            key=_key(),
        )
        connected = ConnectedEndpoint(made, made.secret, "replaced" if found else "made")
        superfluous = found
    for each in superfluous:
        await calls.delete(each.id, key=_key())
    return connected


async def _brought_up_to_date(known: WebhookEndpoint) -> ConnectedEndpoint:
    if known.is_enabled and known.events == EVENTS:
        return ConnectedEndpoint(known, "", "unchanged")
    return ConnectedEndpoint(await calls.update(known.id, events=EVENTS, key=_key()), "", "updated")


def _key() -> str:
    """Of this command alone: what it repeats within seconds is one change, and run again it looks first."""
    return f"endpoint:{ids.new()}"


def at_our_address(endpoints: Iterable[WebhookEndpoint]) -> list[WebhookEndpoint]:
    return [each for each in endpoints if each.url.rstrip("/") == address()]


def faults(endpoints: Iterable[WebhookEndpoint]) -> list[str]:
    """What is wrong with the endpoint at our address, as sentences; empty when all is well."""
    found = at_our_address(endpoints)
    if not found:
        return [f"No webhook endpoint for {address()}."]
    said = [f"{len(found)} webhook endpoints for {address()}; one is enough."] if len(found) > 1 else []
    return said + [words for each in found for words in _faults_of(each)]


def _faults_of(endpoint: WebhookEndpoint) -> list[str]:
    missing, superfluous = EVENTS - endpoint.events, endpoint.events - EVENTS
    if "*" in endpoint.events:
        missing = frozenset()
    said = []
    if not endpoint.is_enabled:
        said.append("The webhook endpoint is disabled.")
    if endpoint.api_version != API_VERSION:
        theirs = endpoint.api_version or "the account’s"
        said.append(f"The webhook endpoint uses API version {theirs}, not {API_VERSION}.")
    if missing:
        said.append(f"Events not sent: {', '.join(sorted(missing))}.")
    if superfluous:
        said.append(f"Events sent but not needed: {', '.join(sorted(superfluous))}.")
    return said


def secret_fault() -> str:
    """What is wrong with STRIPE_WEBHOOK_SECRET; empty when it can be the secret of a real endpoint."""
    known = settings.current()
    secret = known.stripe_webhook_secret
    if not secret:
        return "STRIPE_WEBHOOK_SECRET is missing: every webhook is refused. Run `clubfront stripe connect`."
    if secret == settings.offline_webhook_secret(known.data):
        return "STRIPE_WEBHOOK_SECRET is the one made up for test payments. Run `clubfront stripe connect`."
    if not REAL_SECRET.fullmatch(secret):
        return "STRIPE_WEBHOOK_SECRET is not a signing secret of Stripe: those begin with whsec_ and are longer."
    return ""


def _must_be_reachable() -> None:
    parts = urlsplit(address())
    if not parts.hostname or parts.hostname in _OWN_MACHINE:
        raise OutOfReach(
            f"Stripe cannot reach {address()}. Set BASE_URL to the shop’s public address, or forward webhooks to this "
            f"machine with `stripe listen --forward-to {address()}`."
        )
    if stripe_connection.is_live() and parts.scheme != "https":
        raise OutOfReach("Stripe delivers only to https:// in live mode. Check BASE_URL.")
