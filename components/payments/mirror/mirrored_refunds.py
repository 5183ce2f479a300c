from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import database, outbox
from components.payments.facts import RefundMirrored
from components.payments.mirror import mirrored_payments, shared_refunds
from components.payments.mirror.mirror_rows import lock_row, store
from components.payments.stripe_calls import payment_intents
from components.payments.stripe_calls import stripe_refunds as calls
from components.payments.stripe_calls.stripe_values import uuid_in
from components.payments.tables import MirroredRefund, RequestedRefund


async def sync(refund_id: str) -> bool:
    """False when the refunded payment is not ours. Refunds made in Stripe's dashboard count like our own."""
    intent_id = (await calls.get(refund_id)).payment_intent
    if intent_id is None:
        return False
    reference_id = await reference_of(intent_id)
    if reference_id is None:
        return False
    async with database.transaction():
        await lock_row(refund_id)
        found = await calls.get(refund_id)
        await _keep(found, await _asked_for(found) or reference_id)
    return True


async def sync_charge(charge_id: str) -> bool:
    """A charge leads to its payment and every refund of it."""
    intent_id = await payment_intents.intent_of_charge(charge_id)
    if intent_id is None or not await mirrored_payments.sync(intent_id):
        return False
    for refund in await calls.of_intent(intent_id):
        await sync(refund.id)
    return True


async def reference_of(intent_id: str) -> UUID | None:
    """What the payment was for; the payment is mirrored first when it is new here."""
    if await mirrored_payments.known(intent_id) is None:
        await mirrored_payments.sync(intent_id)
    payment = await mirrored_payments.known(intent_id)
    return payment.reference_id if payment else None


async def _asked_for(found: calls.RefundAnswer) -> UUID | None:
    """The reference we requested it for: the payment that began a membership may have paid for an order too."""
    key = uuid_in(found.metadata, "refund_key")
    asked = await RequestedRefund.objects().where(RequestedRefund.key == key).first() if key else None
    return asked.reference_id if asked else None


async def _keep(found: calls.RefundAnswer, reference_id: UUID) -> None:
    key = uuid_in(found.metadata, "refund_key")
    along, along_amount = await _of_order(found) if key is None else (None, 0)
    change = await store(
        MirroredRefund,
        found.id,
        {"status": found.status, "amount": found.amount, "failure": found.failure},
        once={
            "payment_intent": found.payment_intent,
            "reference_id": reference_id,
            "key": key,
            "currency": found.currency,
            "along": along,
            "along_amount": along_amount,
            "created_at": found.created_at,
        },
    )
    if key is not None:
        await RequestedRefund.update({RequestedRefund.stripe_id: found.id}).where(RequestedRefund.key == key)
    if change.is_real:
        await outbox.announce(RefundMirrored(found.id, reference_id, found.status))
        if (kept := await MirroredRefund.objects().where(MirroredRefund.stripe_id == found.id).first()) and kept.along:
            await outbox.announce(RefundMirrored(found.id, kept.along, found.status))


async def _of_order(found: calls.RefundAnswer) -> tuple[UUID | None, int]:
    """The order that shared the payment, and the part of the refund that is of it."""
    if found.payment_intent is None:
        return None, 0
    await lock_row(found.payment_intent)
    shared = await shared_refunds.shared(found.payment_intent)
    part = shared.of_order(found.amount) if shared else 0
    return (shared.along, part) if shared and part else (None, 0)


class RefundOfPayment(NamedTuple):
    """With the payment it is of."""

    refund: str
    amount: int
    at: datetime
    reference_id: UUID
    payment: str
    received: int
    paid_at: datetime
    currency: str


async def made_since(since: datetime) -> list[RefundOfPayment]:
    """Those that went through, oldest first."""
    return await database.fetch_as(RefundOfPayment, _MADE, since)


_MADE = """
SELECT r.stripe_id AS refund, r.amount, r.created_at AS at, r.reference_id, p.stripe_id AS payment, p.received,
  p.created_at AS paid_at, lower(p.currency) AS currency
FROM mirrored_refund r JOIN mirrored_payment p ON p.stripe_id = r.payment_intent
WHERE r.status = 'succeeded' AND r.created_at >= $1 ORDER BY r.created_at"""
