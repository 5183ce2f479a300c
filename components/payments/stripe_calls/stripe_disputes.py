from dataclasses import dataclass
from datetime import datetime

from stripe import Dispute as StripeDispute

from components.payments.connection import call, client
from components.payments.stripe_calls.stripe_values import id_of, instant, instant_or_none, ours


@dataclass(frozen=True)
class Dispute:
    id: str
    payment_intent: str | None
    status: str
    reason: str
    amount: int
    currency: str
    answer_by: datetime | None
    created_at: datetime


def read(answer: StripeDispute) -> Dispute:
    return Dispute(
        id=answer.id,
        payment_intent=id_of(answer.payment_intent),
        status=ours(answer.status),
        reason=answer.reason,
        amount=answer.amount,
        currency=answer.currency.upper(),
        answer_by=instant_or_none(answer.evidence_details.due_by),
        created_at=instant(answer.created),
    )


async def get(dispute_id: str) -> Dispute:
    return read(await call(lambda: client().v1.disputes.retrieve_async(dispute_id)))
