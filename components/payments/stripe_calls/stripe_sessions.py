from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from stripe.checkout import Session as StripeSession

from components.payments.stripe_calls.stripe_values import id_of, instant, metadata_of
from components.payments.stripe_connection import call, client, prepare

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams


@dataclass(frozen=True)
class SessionAnswer:
    """A hosted page. `status` is open, complete or expired; `payment_status` paid, unpaid or no_payment_required."""

    id: str
    url: str | None
    mode: str
    status: str
    payment_status: str
    amount: int | None
    currency: str
    payment_intent: str | None
    setup_intent: str | None
    subscription: str | None
    invoice: str | None
    expires_at: datetime
    metadata: dict[str, str]


def _read(answer: StripeSession) -> SessionAnswer:
    return SessionAnswer(
        id=answer.id,
        url=answer.url,
        mode=answer.mode,
        status=answer.status or "open",
        payment_status=answer.payment_status,
        amount=answer.amount_total,
        currency=(answer.currency or "").upper(),
        payment_intent=id_of(answer.payment_intent),
        setup_intent=id_of(answer.setup_intent),
        subscription=id_of(answer.subscription),
        invoice=id_of(answer.invoice),
        expires_at=instant(answer.expires_at),
        metadata=metadata_of(answer.metadata),
    )


async def create(request: SessionCreateParams, *, key: str) -> SessionAnswer:
    return _read(await prepare(lambda options: client().v1.checkout.sessions.create_async(request, options), key=key))


async def get(session_id: str) -> SessionAnswer:
    return _read(await call(lambda: client().v1.checkout.sessions.retrieve_async(session_id)))


async def expire(session_id: str, *, key: str) -> SessionAnswer:
    """Raises `PaymentRefused` when it is no longer open."""
    return _read(
        await prepare(lambda options: client().v1.checkout.sessions.expire_async(session_id, None, options), key=key)
    )
