"""A payment page's state at Stripe, and what follows when it has changed."""

from uuid import UUID

import asyncpg

from components.foundation import clock, database, outbox
from components.payments.facts import CardSaved, CheckoutSessionExpired, CheckoutSessionUnpaid
from components.payments.mirror import (
    mirrored_card_charges,
    mirrored_invoices,
    mirrored_payments,
    mirrored_subscriptions,
    payment_transitions,
)
from components.payments.ownership import UnknownLocally, is_ours
from components.payments.payment_refusals import StripeUnavailable
from components.payments.stripe_calls import payment_intents, stripe_invoices
from components.payments.stripe_calls import stripe_sessions as calls
from components.payments.stripe_calls.stripe_values import uuid_in
from components.payments.tables import CheckoutSession

PAID = ("paid", "no_payment_required")
GIVEN_UP = ("requires_payment_method", "cancelled")


async def sync_session(session_id: str) -> bool:
    """False when the page was not opened by this shop."""
    session = await calls.get(session_id)
    if not is_ours(session.metadata):
        return False
    page_id = uuid_in(session.metadata, "page_id")
    page = await CheckoutSession.objects().where(CheckoutSession.id == page_id).first() if page_id else None
    if page is None:
        raise UnknownLocally(f"Page {session_id} says it is our page “{page_id}”, which is not here.")
    await name_session(page.id, session)
    await fetch_session(page.id)
    return True


async def sync_payment(intent_id: str) -> bool:
    """A payment is mirrored together with its page, so that neither is ever ahead of the other."""
    found = await payment_intents.get(intent_id)
    page_id = uuid_in(found.metadata, "page_id") if is_ours(found.metadata) else None
    page = await fetch_session(page_id) if page_id else None
    if page is not None and page.payment_intent == intent_id:
        return True
    return await mirrored_payments.sync(intent_id)


async def name_session(page_id: UUID, session: calls.SessionAnswer) -> None:
    """Store the session id of a page, whichever process learns it first. Raises `UnknownLocally` for a second
    session."""
    is_it = CheckoutSession.id == page_id
    opened = CheckoutSession.update(
        {
            CheckoutSession.stripe_session_id: session.id,
            CheckoutSession.url: session.url,
            CheckoutSession.status: "open",
            CheckoutSession.expires_at: session.expires_at,
        }
    )
    await opened.where(is_it & CheckoutSession.stripe_session_id.is_null())
    found = await CheckoutSession.select(CheckoutSession.stripe_session_id).where(is_it).first()
    known = found["stripe_session_id"] if found else None
    if known != session.id:
        raise UnknownLocally(f"Page {page_id} is session {known}; Stripe also has {session.id} for it.")


async def fetch_session(page_id: UUID) -> CheckoutSession | None:
    """Read the page's session, or its charge of a card, and mirror it with everything related to it. None for an
    unknown page."""
    async with database.transaction():
        page = await _held(page_id)
        if page is not None and page.charges_card:
            return await mirrored_card_charges.mirror(page)
        if page is None or not page.has_session:
            return page
        session = await calls.get(page.stripe_session_id)
        intent = await _mirror_what_hangs_on_it(page, session)
        _take_over(page, session)
        await _transitions(page, session, intent)
        await page.save()
    return page


async def _held(page_id: UUID) -> CheckoutSession | None:
    """With a short lock timeout: the lock holder may be waiting for Stripe. Raises `StripeUnavailable`."""
    await database.execute("SET LOCAL lock_timeout = '3s'")
    try:
        page = await database.locked(CheckoutSession, CheckoutSession.id == page_id)
    except asyncpg.LockNotAvailableError:
        raise StripeUnavailable from None
    await database.execute("SET LOCAL lock_timeout = 0")
    return page


async def _mirror_what_hangs_on_it(
    page: CheckoutSession, session: calls.SessionAnswer
) -> payment_intents.Intent | None:
    if session.subscription is not None:
        await mirrored_subscriptions.sync(session.subscription)
    if session.invoice is not None and session.subscription is not None:
        await mirrored_invoices.sync(session.invoice)
        if session.status == "complete" and session.payment_status not in PAID:
            return await _delayed_payment(session.invoice)
    if session.setup_intent is not None and session.status == "complete":
        page.payment_method = await payment_intents.saved_method(session.setup_intent)
    if session.payment_intent is None:
        return None
    return await mirrored_payments.sync_for_owner(
        session.payment_intent, mirrored_payments.Owner(page.purpose, page.reference_id)
    )


async def _delayed_payment(invoice_id: str) -> payment_intents.Intent | None:
    """The bank debit for the first invoice of a subscription, which is mirrored with its invoice."""
    intent_id = await stripe_invoices.payment_intent(invoice_id)
    return await payment_intents.get(intent_id) if intent_id else None


def _take_over(page: CheckoutSession, session: calls.SessionAnswer) -> None:
    page.status = session.status
    page.payment_status = session.payment_status
    page.payment_intent = session.payment_intent
    page.subscription_ref = session.subscription
    page.url = session.url
    page.mirrored_at = clock.now()


async def _transitions(
    page: CheckoutSession, session: calls.SessionAnswer, intent: payment_intents.Intent | None
) -> None:
    if session.status == "expired" and not page.is_expired:
        await _expire(page)
    if session.status != "complete":
        return
    is_news = not page.was_completed
    page.completed_at = page.completed_at or clock.now()
    if page.purpose == "card":
        await _keep_card(page, is_news)
    elif session.payment_status in PAID:
        await payment_transitions.receive(page, session.amount, session.currency)
    elif intent is not None and intent.status in GIVEN_UP:
        await payment_transitions.fail(page)
    elif is_news:
        await outbox.announce(CheckoutSessionUnpaid(page.id, page.purpose, page.reference_id))


async def _expire(page: CheckoutSession) -> None:
    page.expired_at = clock.now()
    if not page.is_replaced:
        await outbox.announce(CheckoutSessionExpired(page.id, page.purpose, page.reference_id))


async def _keep_card(page: CheckoutSession, is_news: bool) -> None:
    if is_news and page.payment_method:
        await outbox.announce(CardSaved(page.id, page.reference_id, page.payment_method))
