from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from stripe import Dispute as StripeDispute

from components.payments.stripe_calls.stripe_values import id_of, instant, instant_or_none, ours
from components.payments.stripe_connection import call, change, client

if TYPE_CHECKING:
    from stripe.params import DisputeUpdateParams, DisputeUpdateParamsEvidence


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
    submissions: int


def read(answer: StripeDispute) -> Dispute:
    return Dispute(
        id=answer.id,
        payment_intent=id_of(answer.payment_intent),
        status=ours(answer.status),
        reason=answer.reason,
        amount=answer.amount,
        currency=answer.currency.upper(),
        answer_by=instant_or_none(answer.evidence_details.due_by or None),
        created_at=instant(answer.created),
        submissions=answer.evidence_details.submission_count,
    )


async def get(dispute_id: str) -> Dispute:
    return read(await call(lambda: client().v1.disputes.retrieve_async(dispute_id)))


async def submit(dispute_id: str, evidence: Mapping[str, str], *, key: str) -> Dispute:
    """To the bank, for good. What is staged at Stripe of other fields stays there."""
    given = cast("DisputeUpdateParamsEvidence", dict(evidence))
    wanted: DisputeUpdateParams = {"evidence": given, "submit": True}
    return read(await change(lambda options: client().v1.disputes.update_async(dispute_id, wanted, options), key=key))


async def close(dispute_id: str, *, key: str) -> Dispute:
    """Accept the loss, for good."""
    return read(await change(lambda options: client().v1.disputes.close_async(dispute_id, {}, options), key=key))


@dataclass(frozen=True)
class FraudWarningAnswer:
    id: str
    payment_intent: str | None
    charge: str | None
    fraud_type: str
    is_actionable: bool
    created_at: datetime


async def get_fraud_warning(warning_id: str) -> FraudWarningAnswer:
    found = await call(lambda: client().v1.radar.early_fraud_warnings.retrieve_async(warning_id))
    return FraudWarningAnswer(
        id=found.id,
        payment_intent=id_of(found.payment_intent),
        charge=id_of(found.charge),
        fraud_type=found.fraud_type,
        is_actionable=found.actionable,
        created_at=instant(found.created),
    )
