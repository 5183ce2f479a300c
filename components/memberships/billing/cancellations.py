"""Cancelling keeps what is paid for: the benefits stay until the period ends, and until then it can be undone."""

from uuid import UUID

from components.foundation import audit
from components.foundation.refusals import Refusal
from components.memberships.billing import subscriptions
from components.memberships.billing.subscription_state import OVER
from components.memberships.tables import Subscription
from components.payments import running_subscriptions
from components.payments.payment_refusals import NoSubscription

REASONS = (
    ("price", "It costs more than it saves me"),
    ("use", "I don’t buy often enough"),
    ("choice", "I didn’t find what I was looking for"),
    ("else", "Something else"),
)


class NothingToCancel(Refusal):
    message = "You don’t have an active membership to cancel."
    status = 409


class AlreadyEnded(Refusal):
    message = "This membership has ended. You can start again whenever you like."
    status = 409


async def schedule(subscription_id: UUID, *, reason: str = "", by: UUID | None = None) -> Subscription:
    """End it with the paid period; `by` when staff asked for it. Idempotent.

    Raises `NothingToCancel`.
    """
    try:
        await running_subscriptions.cancel_at_period_end(subscription_id)
    except NoSubscription:
        raise NothingToCancel from None
    if reason:
        await _set_reason(subscription_id, reason[:40])
    if by is not None:
        await audit.record(by, "subscription cancelled", "subscription", subscription_id)
    await subscriptions.apply(subscription_id)
    return await subscriptions.by_id(subscription_id)


async def withdraw(subscription_id: UUID) -> Subscription:
    """Undo the cancellation. Raises `AlreadyEnded` once it has ended."""
    try:
        await running_subscriptions.resume(subscription_id)
    except NoSubscription:
        raise AlreadyEnded from None
    await subscriptions.apply(subscription_id)
    await _set_reason(subscription_id, None)
    return await subscriptions.by_id(subscription_id)


async def _set_reason(subscription_id: UUID, reason: str | None) -> None:
    await Subscription.update({Subscription.cancel_reason: reason}).where(Subscription.id == subscription_id)


async def end_now(person_id: UUID) -> None:
    """Stop billing at once, for an account that is being erased."""
    running = await subscriptions.running(person_id)
    if running is None or running.status in OVER:
        return
    await running_subscriptions.end_now(running.id)
    await subscriptions.apply(running.id)
