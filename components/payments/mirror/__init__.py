"""Stripe's objects, mirrored in our rows.

Each object is mirrored by its id alone: the first process locks it, reads it again from Stripe and writes the changes
in one transaction; facts follow from the changes, never from what an event claims. The order and number of deliveries
therefore do not matter. Objects are locked in one order: page, subscription, invoice, payment, refund.
"""

from collections.abc import Awaitable, Callable

from components.payments.mirror import (
    mirrored_disputes,
    mirrored_fraud_warnings,
    mirrored_invoices,
    mirrored_refunds,
    mirrored_sessions,
    mirrored_subscriptions,
)
from components.payments.payment_refusals import UnknownAtStripe

NOTHING_TO_MIRROR = "nothing to mirror"
FOLLOWERS: dict[str, Callable[[str], Awaitable[bool]]] = {
    "checkout.session": mirrored_sessions.sync_session,
    "subscription": mirrored_subscriptions.sync,
    "invoice": mirrored_invoices.sync,
    "payment_intent": mirrored_sessions.sync_payment,
    "charge": mirrored_refunds.sync_charge,
    "refund": mirrored_refunds.sync,
    "dispute": mirrored_disputes.sync,
    "radar.early_fraud_warning": mirrored_fraud_warnings.sync,
    "payment_method": mirrored_subscriptions.sync_card,
}

EVENTS = frozenset({
    "checkout.session.completed",
    "checkout.session.expired",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.resumed",
    "customer.subscription.pending_update_applied",
    "customer.subscription.pending_update_expired",
    "customer.subscription.trial_will_end",
    "invoice.created",
    "invoice.finalized",
    "invoice.updated",
    "invoice.paid",
    "invoice.payment_succeeded",
    "invoice.payment_failed",
    "invoice.payment_action_required",
    "invoice.marked_uncollectible",
    "invoice.voided",
    "payment_method.updated",
    "payment_method.automatically_updated",
    "payment_intent.succeeded",
    "payment_intent.processing",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "charge.refunded",
    "charge.refund.updated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "radar.early_fraud_warning.created",
    "radar.early_fraud_warning.updated",
})  # fmt: skip
"""The events the shop subscribes to. They cover every change that it needs to know."""


async def sync_object(kind: str, stripe_id: str) -> str:
    """Mirror one object; returns the result in words. Raises `UnknownLocally` and what the calls raise."""
    if kind not in FOLLOWERS or not stripe_id:
        return NOTHING_TO_MIRROR
    try:
        return "mirrored" if await FOLLOWERS[kind](stripe_id) else "not ours"
    except UnknownAtStripe:
        return "no longer at Stripe"
