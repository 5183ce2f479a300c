from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from stripe import Refund as StripeRefund

from components.payments.stripe_calls.stripe_values import id_of, instant, metadata_of, ours
from components.payments.stripe_connection import call, change, client

if TYPE_CHECKING:
    from stripe.params import RefundCreateParams


@dataclass(frozen=True)
class RefundAnswer:
    """`status` is pending, requires_action, succeeded, failed or cancelled."""

    id: str
    payment_intent: str | None
    status: str
    amount: int
    currency: str
    failure: str
    created_at: datetime
    metadata: dict[str, str]


def read(answer: StripeRefund) -> RefundAnswer:
    return RefundAnswer(
        id=answer.id,
        payment_intent=id_of(answer.payment_intent),
        status=ours(answer.status),
        amount=answer.amount,
        currency=answer.currency.upper(),
        failure=getattr(answer, "failure_reason", None) or "",
        created_at=instant(answer.created),
        metadata=metadata_of(answer.metadata),
    )


async def create(payment_intent: str, *, amount: int, metadata: dict[str, str], key: str) -> RefundAnswer:
    params: RefundCreateParams = {"payment_intent": payment_intent, "amount": amount, "metadata": metadata}
    return read(await change(lambda options: client().v1.refunds.create_async(params, options), key=key))


async def get(refund_id: str) -> RefundAnswer:
    return read(await call(lambda: client().v1.refunds.retrieve_async(refund_id)))


async def of_intent(payment_intent: str) -> Sequence[RefundAnswer]:
    answer = await call(lambda: client().v1.refunds.list_async({"payment_intent": payment_intent, "limit": 100}))
    return [read(refund) for refund in answer.data]
