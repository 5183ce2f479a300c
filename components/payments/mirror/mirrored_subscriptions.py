from uuid import UUID

from components.foundation import database, outbox
from components.payments import references
from components.payments.facts import SubscriptionMirrored
from components.payments.mirror.mirror_rows import MirrorChange, lock_row, store
from components.payments.ownership import UnknownLocally, is_ours
from components.payments.stripe_calls import stripe_subscriptions as calls
from components.payments.stripe_calls.stripe_values import uuid_in
from components.payments.tables import CheckoutSession, MirroredSubscription


async def sync(subscription_id: str) -> bool:
    """False when the subscription is not ours. Raises `UnknownLocally` when it claims to be but is unknown here."""
    async with database.transaction():
        await lock_row(subscription_id)
        found = await calls.get(subscription_id)
        if not is_ours(found.metadata):
            return False
        local_id = await _known_reference(found)
        change = await keep(found, local_id)
        if change.is_real:
            await forget_next_charge(local_id)
            await outbox.announce(SubscriptionMirrored(subscription_id, local_id))
    return True


async def sync_card(payment_method: str) -> bool:
    """A card leads to the subscriptions that are charged to it: its date may have changed."""
    table = MirroredSubscription
    charged = await table.select(table.stripe_id).where(table.payment_method == payment_method)
    for row in charged:
        await sync(row["stripe_id"])
    return bool(charged)


async def forget_next_charge(local_id: UUID) -> None:
    """What was read before something changed is not shown any more."""
    table = MirroredSubscription
    await table.update({table.next_asked_at: None, table.next_amount: None}).where(table.local_id == local_id)


async def _known_reference(found: calls.SubscriptionAnswer) -> UUID:
    local_id = uuid_in(found.metadata, "reference_id")
    if local_id is not None and await references.local_id_of(found.id) == local_id:
        return local_id
    if local_id is None or not await CheckoutSession.exists().where(CheckoutSession.reference_id == local_id):
        raise UnknownLocally(f"Subscription {found.id} belongs to “{local_id}”, which this shop never sent to Stripe.")
    return local_id


async def keep(found: calls.SubscriptionAnswer, local_id: UUID) -> MirrorChange:
    """Write its row, which is locked. What follows from it is up to the caller.

    Of a payer who has been erased Stripe goes on to tell the card: it is not kept.
    """
    is_nobodys = found.ended_at is not None and await references.local_id_of(found.customer) is None
    card = None if is_nobodys else found.card
    return await store(
        MirroredSubscription,
        found.id,
        {
            "customer": found.customer,
            "status": found.status,
            "price": found.price,
            "amount": found.amount,
            "currency": found.currency,
            "current_period_start": found.current_period_start,
            "current_period_end": found.current_period_end,
            "trial_end": found.trial_end,
            "cancel_at": found.cancel_at,
            "cancelled_at": found.cancelled_at,
            "ended_at": found.ended_at,
            "payment_method": found.payment_method,
            "card_brand": card.brand if card else "",
            "card_last4": card.last4 if card else "",
            "card_expires": card.expires if card else "",
            "latest_invoice": found.latest_invoice,
            "pending_until": found.pending_until,
            "coupon": found.coupon,
        },
        once={"local_id": local_id, "started_at": found.started_at},
    )
