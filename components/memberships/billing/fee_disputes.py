"""A lost dispute about a membership fee: staff decide whether the membership goes on.

Access stays as it was while a dispute is open, and after it was lost until somebody has decided: the bank's verdict is
about one payment, not about the person.
"""

from uuid import UUID

from components.memberships.billing import cancellations, subscriptions
from components.memberships.grants import paid_once
from components.memberships.tables import Subscription
from components.payments import disputes, running_subscriptions
from components.payments.payment_refusals import NoSubscription, OutcomeUnknown


async def payer_of(dispute: disputes.DisputeView) -> Subscription | None:
    """The subscription whose fee is disputed; None for any other payment."""
    if dispute.reference_id is None or dispute.invoice is None:
        return None
    return await Subscription.objects().where(Subscription.id == dispute.reference_id).first()


async def decide(dispute: disputes.DisputeView, *, ends_now: bool, words: str, by: UUID) -> None:
    """The membership goes on, or ends at once without another charge. Raises `NotFound` when it has been decided."""
    disputed = await payer_of(dispute)
    if ends_now and disputed is not None:
        await _end(disputed.id, dispute.id)
    elif ends_now and dispute.reference_id and await paid_once.of_reference(dispute.reference_id):
        await paid_once.end(dispute.reference_id, by=by)
    await disputes.review(dispute.id, words=f"{words} (membership ended)" if ends_now else words, by=by)


async def _end(subscription_id: UUID, dispute_id: str) -> None:
    await cancellations.note(subscription_id)
    try:
        await running_subscriptions.end_now(subscription_id, key=f"dispute:{dispute_id}:end")
    except (NoSubscription, OutcomeUnknown):  # over already, or it goes on by itself until Stripe has done it
        return
    await subscriptions.apply(subscription_id)
