"""The one connection to Stripe: its key, its address, its timeouts, and the refusals for its errors.

Three ways to ask, by what an answer that does not come would mean:

- `call` for reading: impatient, because nothing depends on it. `StripeUnavailable`.
- `prepare` for writes that charge nobody (a customer, a price, a payment page): impatient too, under a key.
- `change` for whatever may move money or change billing: patient, under a key, and `OutcomeUnknown` when nobody can
  say whether it was done.

What Stripe documents (docs.stripe.com/error-low-level): its rate limiter (429) and its check of the secret key (401)
come before anything is carried out and before keys are looked at; a 5xx says nothing about what was carried out; the
answer to a key is kept once carrying out has begun; 409 `idempotency_key_in_use` means it is still being carried out.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

import httpx
import stripe
import structlog
from stripe import HTTPClient, HTTPXClient, RequestOptions, StripeClient

from components.foundation import settings
from components.payments.payment_refusals import (
    CardDeclined,
    OutcomeUnknown,
    PaymentRefused,
    StripeFailed,
    StripeKeyRefused,
    StripeUnavailable,
    UnknownAtStripe,
)
from components.payments.stripe_account import key_alarm
from components.payments.stripe_calls import decline_words
from components.payments.timeouts import request_time, unattended
from components.payments.timeouts.request_time import patience, reads_until

API_VERSION = "2026-10-28.endive"
RETRIES = 2
"""How often an impatient call is repeated. A patient one, and one that came too soon (409, 429),
until its time is up."""

UNTOUCHED = (stripe.RateLimitError,)
"""Stripe carried nothing out."""
SENT_NOWHERE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
KEY_REFUSED = (stripe.AuthenticationError, stripe.PermissionError)

T = TypeVar("T")
Send = Callable[[], Awaitable[T]]
log = structlog.get_logger()


class _Connection:
    client: StripeClient | None = None
    trials: HTTPClient | None = None


class _Sent:
    """Whether a change was sent to Stripe by this task since `watched` began."""

    is_so = False


_sent: ContextVar[_Sent | None] = ContextVar("sent", default=None)


def connect(*, api_base: str | None = None, http_client: HTTPClient | None = None) -> None:
    """Choose the server: Stripe itself, or the stand-in's `http_client` when the shop is offline.

    The SDK repeats nothing by itself: what may be repeated, and for how long, is decided here.
    """
    _Connection.client = StripeClient(
        settings.current().stripe_secret_key or "sk_test_offline",
        stripe_version=API_VERSION,
        max_network_retries=0,
        base_addresses={"api": api_base} if api_base else {},
        http_client=http_client or HTTPXClient(timeout=patience().per_write + 1),
    )


def use_for_trials(http_client: HTTPClient | None) -> None:
    """For tests: whom a key is tried with that the shop does not use yet. Stripe itself, unless said."""
    _Connection.trials = http_client


def client_with(key: str) -> StripeClient:
    """Stripe asked with another key than the shop's own, even while the shop is offline."""
    return StripeClient(
        key,
        stripe_version=API_VERSION,
        max_network_retries=0,
        http_client=_Connection.trials or HTTPXClient(timeout=patience().per_read),
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
def watched() -> Iterator[_Sent]:
    """Says afterwards whether a change was sent inside."""
    sent = _Sent()
    token = _sent.set(sent)
    try:
        yield sent
    finally:
        _sent.reset(token)


async def call(send: Awaitable[T] | Send[T]) -> T:
    """The response to one impatient call; an awaitable cannot be repeated, what makes one can.

    Raises `StripeUnavailable`, `StripeKeyRefused`, `UnknownAtStripe`, `CardDeclined` or `PaymentRefused`.
    """
    known = patience()
    until = reads_until()
    tries = 0
    while True:
        tries += 1
        try:
            return await _once(send, min(known.per_read, until - time.monotonic()))
        except (stripe.StripeError, TimeoutError) as trouble:
            if not _is_outage(trouble):
                raise _refusal(trouble) from trouble
            pause = _pause(tries)
            is_last = tries > RETRIES and getattr(trouble, "http_status", None) not in (409, 429)
            if not callable(send) or is_last or time.monotonic() + pause >= until or _is_final(trouble):
                log.warning("Stripe is unavailable", trouble=type(trouble).__name__, words=str(trouble)[:300])
                raise _outage(trouble) from trouble
        await asyncio.sleep(pause)


async def prepare(send: Callable[[RequestOptions], Awaitable[T]], *, key: str) -> T:
    """A write that charges nobody, under a key of ours: impatient, and repeated later by whoever needs it."""
    options: RequestOptions = {"idempotency_key": key}
    return await call(lambda: send(options))


async def change(send: Callable[[RequestOptions], Awaitable[T]], *, key: str) -> T:
    """A write that may move money or change billing, under a key of ours.

    Waits for Stripe as long as a bank may take, and repeats the request under the same key. Within a request that is a
    task of its own, which goes on when the request's time is up. Raises `CardDeclined` and `PaymentRefused` when Stripe
    said no, `StripeUnavailable` when Stripe surely did nothing, else `OutcomeUnknown`.
    """
    if not request_time.is_limited():
        return await _patiently(send, key)
    try:
        answer = await unattended.answered(("change", key), lambda: _patiently(send, key))
    except unattended.StillUnderWay:
        raise OutcomeUnknown from None
    request_time.note_change()  # another request's task may have sent it
    return answer


async def _patiently(send: Callable[[RequestOptions], Awaitable[T]], key: str) -> T:
    known, options = patience(), RequestOptions(idempotency_key=key)
    until, tries, may_be_done = time.monotonic() + known.writes, 0, False
    while True:
        tries += 1
        try:
            answer = await _once(lambda: send(options), min(known.per_write, until - time.monotonic()))
            _note_sent()
            return answer
        except StripeKeyRefused:
            if may_be_done:
                raise OutcomeUnknown from None
            raise
        except (stripe.StripeError, TimeoutError) as trouble:
            if isinstance(trouble, stripe.IdempotencyError):
                raise OutcomeUnknown from trouble  # something was sent under this key before: look at what became of it
            if not _is_outage(trouble):
                raise _refusal(trouble) from trouble
            if not _is_untouched(trouble):
                may_be_done = True
                _note_sent()
            pause = _pause(tries)
            if time.monotonic() + pause >= until or _is_final(trouble):
                log.warning("Stripe’s answer is not known", key=key, trouble=repr(trouble)[:300])
                raise (OutcomeUnknown() if may_be_done else _outage(trouble)) from trouble
        await asyncio.sleep(pause)


async def _once(send: Awaitable[T] | Send[T], seconds: float) -> T:
    try:
        async with asyncio.timeout(max(seconds, 0.02)):
            answer = await (send() if callable(send) else send)
    except KEY_REFUSED as refused:
        raise await key_alarm.raised(refused) from refused
    await key_alarm.answered()
    return answer


def _pause(tries: int) -> float:
    known = patience()
    return float(min(known.first_pause * 2 ** (tries - 1), known.longest_pause))


def _note_sent() -> None:
    request_time.note_change()
    if (watcher := _sent.get()) is not None:
        watcher.is_so = True


def _is_outage(trouble: Exception) -> bool:
    """No answer about the request itself."""
    if isinstance(trouble, (TimeoutError, stripe.APIConnectionError, *UNTOUCHED)):
        return True
    status, code = getattr(trouble, "http_status", None), getattr(trouble, "code", None)
    is_server_error = status is not None and status >= 500
    return is_server_error or code == "idempotency_key_in_use" or type(trouble) is stripe.APIError


def _is_untouched(trouble: Exception) -> bool:
    return isinstance(trouble, UNTOUCHED) or isinstance(trouble.__cause__, SENT_NOWHERE)


def _is_final(trouble: Exception) -> bool:
    """Repeating it would give the same again: a 500 is kept with its key."""
    return getattr(trouble, "http_status", None) == 500


def _outage(trouble: Exception) -> StripeUnavailable:
    return StripeFailed() if getattr(trouble, "http_status", None) == 500 else StripeUnavailable()


def _refusal(refused: Exception) -> PaymentRefused:
    assert isinstance(refused, stripe.StripeError)
    if isinstance(refused, stripe.CardError):
        return CardDeclined(
            decline_words.said(refused.user_message), code=refused.code or "", detail=refused.user_message or ""
        )
    code, detail = refused.code or "", str(refused)[:300]
    if code == "resource_missing":
        return UnknownAtStripe(code=code, detail=detail, param=getattr(refused, "param", None) or "")
    log.warning("Stripe refused", code=code, words=detail)
    return PaymentRefused(code=code, detail=detail, param=getattr(refused, "param", None) or "")
