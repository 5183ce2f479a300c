"""Payment intents and setup intents, read and cancelled; Checkout and invoices create them."""

from typing import Any

from web.standin.modelled import only
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books

Json = dict[str, Any]
CANCELABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action", "processing")


def cancel(books: Books, wanted: str, params: Json) -> Json:
    only(params, ("cancellation_reason",))
    intent = books.get("payment_intent", wanted)
    if intent["status"] not in CANCELABLE:
        words = (
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. Only a PaymentIntent"
            f" with one of the following statuses may be canceled: {', '.join(CANCELABLE)}."
        )
        raise StripeRefusal(words, code="payment_intent_unexpected_state")
    intent |= {
        "status": "canceled",
        "canceled_at": books.now(intent),
        "cancellation_reason": params.get("cancellation_reason"),
        "next_action": None,
    }
    books.announce("payment_intent.canceled", intent)
    return intent
