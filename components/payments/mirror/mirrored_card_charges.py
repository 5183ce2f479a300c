"""The charge of a saved card, mirrored by its payment: paid, on its way, or certain not to happen."""

from components.foundation import clock, outbox
from components.payments.facts import CheckoutSessionUnpaid
from components.payments.mirror import mirrored_payments, payment_transitions
from components.payments.tables import CheckoutSession

CERTAINLY_UNPAID = ("requires_payment_method", "cancelled")
"""Declined, or cancelled: only a request of ours could charge it now, and none is ever made."""


async def mirror(page: CheckoutSession) -> CheckoutSession:
    """Within the transaction that holds the page's row. Nothing changes while its outcome is not known."""
    if not page.has_payment:
        return page
    owner = mirrored_payments.Owner(page.purpose, page.reference_id)
    intent = await mirrored_payments.sync_for_owner(page.payment_intent, owner)
    page.payment_status, page.mirrored_at = intent.status, clock.now()
    if intent.status == "succeeded":
        _complete(page)
        await payment_transitions.receive(page, intent.received, intent.currency)
    elif intent.status == "processing":
        await _wait(page)
    elif intent.status in CERTAINLY_UNPAID:
        await _end(page)
    await page.save()
    return page


def _complete(page: CheckoutSession) -> None:
    page.status, page.completed_at = "complete", page.completed_at or clock.now()
    page.expired_at = None


async def _wait(page: CheckoutSession) -> None:
    """The bank takes its time: no more is to be done by the shopper."""
    if not page.was_completed:
        _complete(page)
        await outbox.announce(CheckoutSessionUnpaid(page.id, page.purpose, page.reference_id))


async def _end(page: CheckoutSession) -> None:
    """Only this attempt is over: the order goes on waiting for another, so no expiry is announced."""
    if page.was_completed:
        await payment_transitions.fail(page)
        return
    page.status, page.expired_at = "expired", page.expired_at or clock.now()
    page.replaced_at = page.replaced_at or clock.now()
