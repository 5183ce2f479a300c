"""Payment intents, setup intents and the payment methods they used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from stripe import PaymentIntent

from components.payments.stripe_calls.stripe_values import id_of, instant, metadata_of, ours
from components.payments.stripe_connection import call, change, client, prepare

if TYPE_CHECKING:
    from stripe.params import PaymentIntentConfirmParams, PaymentIntentCreateParams


@dataclass(frozen=True)
class Intent:
    """A payment on its way or received; `received` is the captured amount."""

    id: str
    status: str
    amount: int
    received: int
    currency: str
    payment_method: str | None
    failure: str
    failure_code: str
    created_at: datetime
    metadata: dict[str, str]
    customer: str | None = None


@dataclass(frozen=True)
class CardDetails:
    brand: str
    last4: str
    expires_month: int
    expires_year: int
    fingerprint: str = ""


def read(answer: PaymentIntent) -> Intent:
    return Intent(
        id=answer.id,
        status=ours(answer.status),
        amount=answer.amount,
        received=answer.amount_received,
        currency=answer.currency.upper(),
        payment_method=id_of(answer.payment_method),
        failure=(answer.last_payment_error.message or "") if answer.last_payment_error else "",
        failure_code=(answer.last_payment_error.code or "") if answer.last_payment_error else "",
        created_at=instant(answer.created),
        metadata=metadata_of(answer.metadata),
        customer=id_of(answer.customer),
    )


async def get(intent_id: str) -> Intent:
    return read(await call(lambda: client().v1.payment_intents.retrieve_async(intent_id)))


async def create(request: PaymentIntentCreateParams, *, key: str) -> Intent:
    """For a saved card. Nothing is charged before it is confirmed."""
    return read(await prepare(lambda options: client().v1.payment_intents.create_async(request, options), key=key))


async def confirm(intent_id: str, *, key: str) -> Intent:
    """Charge the card now. A payment can be made once, however often this is called.

    Raises `CardDeclined`; a bank that asks for the customer's confirmation declines with `authentication_required`.
    """
    params: PaymentIntentConfirmParams = {"off_session": True}
    return read(
        await change(lambda options: client().v1.payment_intents.confirm_async(intent_id, params, options), key=key)
    )


async def cancel(intent_id: str, *, key: str) -> Intent:
    """It can no longer be paid. Raises `PaymentRefused` when it has been, or is on its way."""
    return read(
        await prepare(lambda options: client().v1.payment_intents.cancel_async(intent_id, None, options), key=key)
    )


async def detach(payment_method_id: str, *, key: str) -> None:
    """The customer's card is no longer on file. Raises `PaymentRefused` when it was not."""
    await prepare(lambda options: client().v1.payment_methods.detach_async(payment_method_id, None, options), key=key)


async def saved_method(setup_intent_id: str) -> str | None:
    """The payment method a setup intent has saved; None until it has succeeded."""
    answer = await call(lambda: client().v1.setup_intents.retrieve_async(setup_intent_id))
    return id_of(answer.payment_method) if answer.status == "succeeded" else None


async def card(payment_method_id: str) -> CardDetails | None:
    """None for a method that is not a card."""
    answer = await call(lambda: client().v1.payment_methods.retrieve_async(payment_method_id))
    if answer.type != "card" or answer.card is None:
        return None
    found = answer.card
    return CardDetails(found.brand, found.last4 or "", found.exp_month, found.exp_year, found.fingerprint or "")


async def intent_of_charge(charge_id: str) -> str | None:
    answer = await call(lambda: client().v1.charges.retrieve_async(charge_id))
    return id_of(answer.payment_intent)
