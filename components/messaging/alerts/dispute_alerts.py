"""A payment is disputed, or may be fraudulent: what staff are told at once."""

from components.foundation import settings
from components.memberships.billing import fee_disputes
from components.messaging.alerts import staff_recipients
from components.messaging.notices import payment_subject
from components.payments import disputes
from components.payments.dispute_answers import fraud_warnings
from components.payments.facts import DisputeMirrored, FraudWarned

SUBJECTS = {
    "needs_response": "A payment is disputed: please answer",
    "warning_needs_response": "A bank asks about a payment: please answer",
    "won": "You won a dispute",
    "lost": "You lost a dispute",
}


async def dispute(fact: DisputeMirrored) -> None:
    """Opened, won and lost, once each. Nothing while the bank is looking at it."""
    if fact.status not in SUBJECTS:
        return
    found = await disputes.by_id(fact.dispute_id)
    about = await payment_subject.of_payment(fact.reference_id, found.payment_intent)
    await staff_recipients.send(
        f"dispute:{fact.dispute_id}:{fact.status}",
        "dispute",
        SUBJECTS[fact.status],
        permission="orders",
        status=fact.status,
        amount=found.money,
        cause=found.cause,
        answer_by=found.answer_by,
        follows=await fee_disputes.what_follows(found),
        what=about.words,
        link=f"{settings.current().base_url}/staff/payments/disputes/{found.id}",
    )


async def fraud_warning(fact: FraudWarned) -> None:
    """Once for each warning, while something can still be done about it."""
    found = await fraud_warnings.by_id(fact.warning_id)
    if not found.needs_decision:
        return
    about = await payment_subject.of_payment(fact.reference_id, found.payment_intent)
    order = about.order
    await staff_recipients.send(
        f"fraud-warning:{found.id}",
        "fraud_warning",
        "A payment may be fraudulent",
        permission="refunds",
        amount=found.money,
        cause=found.cause,
        shipped=order is not None and order.parcel is not None,
        to_ship=order is not None and order.parcel is None,
        what=about.words,
        link=f"{settings.current().base_url}/staff/payments/fraud-warnings/{found.id}",
    )
