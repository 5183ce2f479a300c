from components.foundation import database, outbox
from components.payments.dispute_answers.tables import MirroredFraudWarning
from components.payments.facts import FraudWarned
from components.payments.mirror.mirror_rows import lock_row, store
from components.payments.mirror.mirrored_refunds import reference_of
from components.payments.stripe_calls import payment_intents, stripe_disputes


async def sync(warning_id: str) -> bool:
    """False when the payment that is warned of is not ours."""
    first = await stripe_disputes.get_fraud_warning(warning_id)
    intent_id = first.payment_intent
    if intent_id is None and first.charge:
        intent_id = await payment_intents.intent_of_charge(first.charge)
    reference_id = await reference_of(intent_id) if intent_id else None
    if reference_id is None:
        return False
    async with database.transaction():
        await lock_row(warning_id)
        found = await stripe_disputes.get_fraud_warning(warning_id)
        change = await store(
            MirroredFraudWarning,
            found.id,
            {"fraud_type": found.fraud_type, "is_actionable": found.is_actionable},
            once={"payment_intent": intent_id, "reference_id": reference_id, "created_at": found.created_at},
        )
        if change.has_become(is_actionable=True):
            await outbox.announce(FraudWarned(found.id, reference_id))
    return True
