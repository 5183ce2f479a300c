from datetime import datetime

from components.foundation import clock, database, outbox
from components.payments.facts import DisputeMirrored
from components.payments.mirror.mirror_rows import lock_row, store
from components.payments.mirror.mirrored_refunds import reference_of
from components.payments.stripe_calls import stripe_disputes as calls
from components.payments.tables import MirroredDispute


async def sync(dispute_id: str) -> bool:
    """False when the disputed payment is not ours."""
    intent_id = (await calls.get(dispute_id)).payment_intent
    reference_id = await reference_of(intent_id) if intent_id else None
    if reference_id is None:
        return False
    async with database.transaction():
        await lock_row(dispute_id)
        found = await calls.get(dispute_id)
        change = await store(
            MirroredDispute,
            found.id,
            {
                "status": found.status,
                "reason": found.reason,
                "amount": found.amount,
                "answer_by": found.answer_by,
                "submissions": found.submissions,
                "lost_at": await _lost_at(found.id) if found.status == "lost" else None,
            },
            once={
                "payment_intent": intent_id,
                "reference_id": reference_id,
                "currency": found.currency,
                "created_at": found.created_at,
            },
        )
        if change.has_become(status=found.status):
            await outbox.announce(DisputeMirrored(found.id, reference_id, found.status))
    return True


async def _lost_at(dispute_id: str) -> datetime:
    """When it was first seen to be lost: Stripe does not say when the bank decided."""
    known = await MirroredDispute.objects().where(MirroredDispute.stripe_id == dispute_id).first()
    return known.lost_at if known is not None and known.lost_at else clock.now()
