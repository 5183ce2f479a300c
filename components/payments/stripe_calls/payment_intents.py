"""Payment intents, setup intents and the payment methods they used."""

from dataclasses import dataclass
from datetime import datetime

from stripe import PaymentIntent

from components.payments.connection import call, client
from components.payments.stripe_calls.stripe_values import id_of, instant, metadata_of, ours


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
    created_at: datetime
    metadata: dict[str, str]


@dataclass(frozen=True)
class CardDetails:
    brand: str
    last4: str
    expires_month: int
    expires_year: int
    fingerprint: str = ""


def _read(answer: PaymentIntent) -> Intent:
    return Intent(
        id=answer.id,
        status=ours(answer.status),
        amount=answer.amount,
        received=answer.amount_received,
        currency=answer.currency.upper(),
        payment_method=id_of(answer.payment_method),
        failure=(answer.last_payment_error.message or "") if answer.last_payment_error else "",
        created_at=instant(answer.created),
        metadata=metadata_of(answer.metadata),
    )


async def get(intent_id: str) -> Intent:
    return _read(await call(lambda: client().v1.payment_intents.retrieve_async(intent_id)))


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
