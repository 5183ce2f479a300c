"""One charge of a saved card: made in two steps, so that its outcome can always be read.

The payment is created first, which moves no money, and its id is committed; then it is confirmed. Stripe charges one
payment once, so an answer that was lost is found again by reading, never by sending.
"""

import contextlib
from datetime import timedelta

from components.foundation import clock, ids, json
from components.foundation.languages.words import N_, _
from components.payments.mirror import mirrored_sessions as mirror
from components.payments.payment_refusals import (
    CardDeclined,
    OutcomeUnknown,
    PaymentRefused,
    StripeUnavailable,
    Superseded,
)
from components.payments.stripe_calls import payment_intents
from components.payments.tables import CheckoutSession
from components.payments.timeouts import request_time, unattended

NEVER_SENT = timedelta(minutes=2)
"""Longer than any confirmation is waited for: a payment unconfirmed for so long was never sent to the bank."""
CHALLENGED = "authentication_required"


class ChallengeNeeded(CardDeclined):
    """The bank wants its customer to confirm the payment; nothing was charged."""

    message = N_("Your bank wants you to confirm this payment. You have not been charged.")


async def charge(page: CheckoutSession) -> CheckoutSession:
    """The page afterwards: paid, or still open when nobody knows yet; then the charge goes on by itself.

    Raises `CardDeclined`, `ChallengeNeeded`, `PaymentRefused`, and `StripeUnavailable` before anything was sent to the
    bank. Then nothing was charged, and never will be by this attempt.
    """
    page = await _created(page)
    try:
        return await unattended.answered(("card", page.id), lambda: _confirmed(page))
    except unattended.StillUnderWay:
        return await _fresh(page)


async def _confirmed(page: CheckoutSession) -> CheckoutSession:
    assert page.payment_intent is not None
    try:
        await payment_intents.confirm(page.payment_intent, key=f"{page.key}:confirm")
    except PaymentRefused as refusal:
        page = await close(page)
        if not page.is_complete:
            raise _named(refusal) from refusal
    except (OutcomeUnknown, StripeUnavailable):
        return page
    with contextlib.suppress(StripeUnavailable):
        return await mirror.fetch_session(page.id) or page
    return page


def _named(refusal: PaymentRefused) -> PaymentRefused:
    if isinstance(refusal, CardDeclined) and refusal.code == CHALLENGED:
        return ChallengeNeeded(code=refusal.code, detail=refusal.detail)
    return refusal


async def settle(page: CheckoutSession) -> CheckoutSession:
    """What became of it. A payment that was never confirmed is cancelled after `NEVER_SENT`."""
    page = await mirror.fetch_session(page.id) or page
    if page.is_open and page.created_at < clock.now() - NEVER_SENT:
        return await close(page)
    return page


async def close(page: CheckoutSession) -> CheckoutSession:
    """Make sure that it can no longer be charged. It may turn out to be paid. Raises `OutcomeUnknown`."""
    if not page.has_payment:
        await _drop(page)
        page = await _fresh(page)
    if page.is_open and page.has_payment:
        page = await _cancelled(page)
    if page.is_open:
        raise OutcomeUnknown
    return page


async def _cancelled(page: CheckoutSession) -> CheckoutSession:
    assert page.payment_intent is not None
    try:
        with request_time.timeouts():
            with contextlib.suppress(PaymentRefused):  # paid or cancelled by then: reading it again says which
                await payment_intents.cancel(page.payment_intent, key=f"{page.key}:cancel:{ids.new()}")
            return await mirror.fetch_session(page.id) or page
    except StripeUnavailable as outage:
        raise OutcomeUnknown from outage


async def _created(page: CheckoutSession) -> CheckoutSession:
    try:
        intent = await payment_intents.create(json.load(page.request), key=page.key)
    except OutcomeUnknown as unknown:  # it may be there, but unconfirmed: that charges nobody
        await _drop(page)
        raise StripeUnavailable(_(StripeUnavailable.untouched)) from unknown
    except (PaymentRefused, StripeUnavailable):
        await _drop(page)
        raise
    table = CheckoutSession
    named = table.update({table.payment_intent: intent.id, table.status: "open"})
    is_waiting = (table.id == page.id) & (table.status == "creating")
    if not await named.where(is_waiting).returning(table.id):
        raise Superseded
    return await _fresh(page)


async def _drop(page: CheckoutSession) -> None:
    """Its payment was never named here, so nobody can confirm it."""
    table = CheckoutSession
    ended = table.update({table.status: "expired", table.expired_at: clock.now(), table.replaced_at: clock.now()})
    await ended.where((table.id == page.id) & (table.status == "creating"))


async def _fresh(page: CheckoutSession) -> CheckoutSession:
    return await CheckoutSession.objects().where(CheckoutSession.id == page.id).first() or page
