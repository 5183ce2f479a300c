from uuid import UUID

from components.foundation import clock, database, outbox
from components.payments import references
from components.payments.facts import InvoiceDrafted, InvoiceFailed, InvoicePaid, InvoiceVoided
from components.payments.mirror import mirrored_payments, mirrored_subscriptions
from components.payments.mirror.mirror_rows import MirrorChange, lock_row, store
from components.payments.stripe_calls import stripe_invoices as calls
from components.payments.tables import MirroredInvoice, MirroredSubscription


async def sync(invoice_id: str) -> bool:
    """False when the invoice belongs to no subscription of ours. Its subscription is mirrored first."""
    local_id = await _local_id(invoice_id)
    if local_id is None:
        return False
    async with database.transaction():
        await lock_row(invoice_id)
        found = await calls.get(invoice_id)
        intent = await _mirrored_intent(found, local_id)
        change = await _keep(found, local_id, intent)
        await _note_failure(found)
        await _announce(found, local_id, change)
    if change.is_real:  # not while the invoice is locked: whoever holds the subscription waits for invoices
        await mirrored_subscriptions.forget_next_charge(local_id)
    return True


async def _local_id(invoice_id: str) -> UUID | None:
    mirrored = await MirroredInvoice.objects().where(MirroredInvoice.stripe_id == invoice_id).first()
    if mirrored is not None:
        return mirrored.local_id
    found = await calls.get(invoice_id)
    subscription_id = found.subscription
    if subscription_id is None or await _is_from_before(found, subscription_id):
        return None
    known = await _known_subscription(subscription_id)
    if known is None and await mirrored_subscriptions.sync(subscription_id):
        known = await _known_subscription(subscription_id)
    return known.local_id if known else None


async def _is_from_before(found: calls.Invoice, subscription_id: str) -> bool:
    """Of a subscription that was adopted: settled before, when other software looked after it."""
    since = await references.since(subscription_id)
    if since is None:
        return False
    if found.status == "paid":
        return (found.paid_at or found.created_at) < since
    return found.status in ("void", "uncollectible") and found.created_at < since


async def keep_quietly(invoice_id: str, local_id: UUID) -> None:
    """What an adopted subscription owes, without announcing it: nobody is told anew that a payment failed before."""
    await lock_row(invoice_id)
    found = await calls.get(invoice_id)
    if found.status in ("draft", "open"):
        await _keep(found, local_id, None)


async def _known_subscription(subscription_id: str) -> MirroredSubscription | None:
    is_it = MirroredSubscription.stripe_id == subscription_id
    return await MirroredSubscription.objects().where(is_it).first()


async def _mirrored_intent(found: calls.Invoice, local_id: UUID) -> str | None:
    if found.status == "draft":
        return None
    intent_id = await calls.payment_intent(found.id)
    if intent_id is not None:
        await mirrored_payments.sync_for_owner(intent_id, mirrored_payments.Owner("joining", local_id, found.id))
    return intent_id


async def _keep(found: calls.Invoice, local_id: UUID, intent_id: str | None) -> MirrorChange:
    return await store(
        MirroredInvoice,
        found.id,
        {
            "number": found.number,
            "status": found.status,
            "amount_due": found.amount_due,
            "amount_paid": found.amount_paid,
            "total": found.total,
            "tax": found.tax,
            "discount": found.discount,
            "store_credit": found.store_credit,
            "unused": found.unused,
            "coupon": found.coupon,
            "period_start": found.period_start,
            "period_end": found.period_end,
            "price": found.price,
            "attempts": found.attempts,
            "next_attempt_at": found.next_attempt_at,
            "payment_intent": intent_id,
            "receipt_url": found.receipt_url,
            "paid_at": found.paid_at,
        },
        once={
            "subscription": found.subscription,
            "local_id": local_id,
            "reason": found.reason,
            "currency": found.currency,
            "created_at": found.created_at,
        },
    )


async def _note_failure(found: calls.Invoice) -> None:
    """That it was tried in vain is kept when it is paid after all; where that came at once, it failed at its making."""
    if not found.attempts or (found.status == "paid" and found.attempts == 1) or found.status == "draft":
        return
    failed_at = clock.now() if found.status == "open" else found.created_at
    is_new = (MirroredInvoice.stripe_id == found.id) & MirroredInvoice.failed_at.is_null()
    await MirroredInvoice.update({MirroredInvoice.failed_at: failed_at}).where(is_new)


async def _announce(found: calls.Invoice, local_id: UUID, change: MirrorChange) -> None:
    tried_before = change.before["attempts"] if change.before else 0
    if change.has_become(status="paid"):
        await outbox.announce(InvoicePaid(found.id, local_id, found.reason, found.amount_paid, found.currency))
    elif change.has_become(status="draft"):
        await outbox.announce(InvoiceDrafted(found.id, local_id, found.reason))
    elif change.has_become(status="void"):
        await outbox.announce(InvoiceVoided(found.id, local_id))
    elif found.status == "open" and found.attempts > tried_before:
        await outbox.announce(InvoiceFailed(found.id, local_id, found.reason, found.attempts))
