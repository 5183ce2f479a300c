"""The one connection to Stripe: its key, its address, its timeouts, and the refusals for its errors."""

import asyncio
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

import stripe
import structlog
from stripe import HTTPClient, HTTPXClient, StripeClient

from components.foundation import settings
from components.payments.payment_refusals import (
    CardDeclined,
    PaymentRefused,
    StripeFailed,
    StripeUnavailable,
    UnknownAtStripe,
)
from components.payments.stripe_account import key_alarm

API_VERSION = "2026-10-28.endive"
RETRIES = 2
SECONDS_PER_TRY = 3.5
PATIENCE = 8.0
"""Seconds for all calls of one request together, so that a shopper gets a response within ten."""

OUTAGES = (
    stripe.APIConnectionError,
    stripe.APIError,
    stripe.RateLimitError,
    TimeoutError,
)

T = TypeVar("T")
log = structlog.get_logger()
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


class _Connection:
    client: StripeClient | None = None


def connect(*, api_base: str | None = None, http_client: HTTPClient | None = None) -> None:
    """Choose the server: Stripe itself, or the stand-in's `http_client` when the shop is offline."""
    _Connection.client = StripeClient(
        settings.current().stripe_secret_key or "sk_test_offline",
        stripe_version=API_VERSION,
        max_network_retries=RETRIES,
        base_addresses={"api": api_base} if api_base else {},
        http_client=http_client or HTTPXClient(timeout=SECONDS_PER_TRY),
    )


def client() -> StripeClient:
    if _Connection.client is None:
        connect()
    assert _Connection.client is not None
    return _Connection.client


def is_live() -> bool:
    """Whether real money moves; events of the other mode are refused."""
    return settings.current().stripe_secret_key.startswith(("sk_live_", "rk_live_"))


def mode() -> str:
    """Where our Stripe ids are valid: in the stand-in, in Stripe's test mode, or with real money."""
    if settings.current().is_offline:
        return "offline"
    return "live" if is_live() else "test"


@contextmanager
def timeouts() -> Iterator[None]:
    """All calls inside share one `PATIENCE`; a limit that is already running is not extended."""
    until = time.monotonic() + PATIENCE
    token = _deadline.set(min(until, _deadline.get() or until))
    try:
        yield
    finally:
        _deadline.reset(token)


async def call(call: Awaitable[T]) -> T:
    """The response to one call. Raises `StripeUnavailable`, `StripeKeyRefused`, `UnknownAtStripe`, `CardDeclined` or
    `PaymentRefused`."""
    remaining = (_deadline.get() or time.monotonic() + PATIENCE) - time.monotonic()
    try:
        async with asyncio.timeout(max(remaining, 0.05)):
            answer = await call
    except (stripe.AuthenticationError, stripe.PermissionError) as refused:
        raise await key_alarm.raised(refused) from refused
    except OUTAGES as outage:
        log.warning("Stripe is unavailable", trouble=type(outage).__name__, words=str(outage)[:300])
        raise (StripeFailed if getattr(outage, "http_status", None) == 500 else StripeUnavailable) from outage
    except stripe.CardError as declined:
        raise CardDeclined(declined.user_message, code=declined.code or "") from declined
    except stripe.StripeError as refused:
        raise _refusal(refused) from refused
    await key_alarm.answered()
    return answer


def _refusal(refused: stripe.StripeError) -> PaymentRefused:
    code, detail = refused.code or "", str(refused)[:300]
    if code == "resource_missing":
        return UnknownAtStripe(code=code, detail=detail, param=getattr(refused, "param", None) or "")
    log.warning("Stripe refused", code=code, words=detail)
    return PaymentRefused(code=code, detail=detail)
