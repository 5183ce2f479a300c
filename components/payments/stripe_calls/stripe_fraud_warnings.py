from dataclasses import dataclass
from datetime import datetime

from components.payments.connection import call, client
from components.payments.stripe_calls.stripe_values import id_of, instant


@dataclass(frozen=True)
class FraudWarningAnswer:
    id: str
    payment_intent: str | None
    charge: str | None
    fraud_type: str
    is_actionable: bool
    created_at: datetime


async def get(warning_id: str) -> FraudWarningAnswer:
    found = await call(lambda: client().v1.radar.early_fraud_warnings.retrieve_async(warning_id))
    return FraudWarningAnswer(
        id=found.id,
        payment_intent=id_of(found.payment_intent),
        charge=id_of(found.charge),
        fraud_type=found.fraud_type,
        is_actionable=found.actionable,
        created_at=instant(found.created),
    )
