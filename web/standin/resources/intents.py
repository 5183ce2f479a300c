"""Payment intents: created and confirmed for a saved card, and cancelled. Checkout and invoices create their own."""

from typing import Any

from web.standin.charging import amounts, charging
from web.standin.modelled import exactly, merged, needed, only
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books

Json = dict[str, Any]
CREATABLE = ("amount", "automatic_payment_methods", "currency", "customer", "description", "metadata", "payment_method")
CONFIRMABLE = ("off_session", "payment_method")
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


def create(books: Books, params: Json) -> Json:
    """For a card that is saved already; nothing is charged before it is confirmed."""
    only(params, CREATABLE)
    amount, currency = params["amount"], params["currency"].lower()
    if not charging.is_chargeable(amount, currency):
        least = amounts.in_words(amounts.smallest_charge(currency), currency)
        raise StripeRefusal(f"Amount must be at least {least}", code="amount_too_small", param="amount")
    customer = books.named("customer", needed(params, "customer"), param="customer")
    method = _method_of(books, customer, needed(params, "payment_method"))
    intent = charging.make_intent(
        books,
        amount=amount,
        currency=currency,
        automatic_payment_methods=params.get("automatic_payment_methods"),
        customer=customer["id"],
        description=params.get("description"),
        metadata=merged({}, params.get("metadata")),
    )
    intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
    books.announce("payment_intent.created", intent)
    return intent


def confirm(books: Books, wanted: str, params: Json) -> Json:
    """Charges the card while the customer is away, so a challenge counts as declined (`authentication_required`)."""
    only(params, CONFIRMABLE)
    exactly(params, "off_session", True)
    needed(params, "off_session")
    intent = books.get("payment_intent", wanted)
    if intent["status"] not in ("requires_confirmation", "requires_payment_method"):
        words = (
            f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}."
            " Only a PaymentIntent with one of the following statuses may be confirmed:"
            " requires_confirmation, requires_payment_method."
        )
        raise StripeRefusal(words, code="payment_intent_unexpected_state", param="intent")
    if (intent["automatic_payment_methods"] or {}).get("allow_redirects") != "never":
        raise StripeRefusal(_RETURN_URL_MISSING, code="parameter_missing", param="return_url")
    if not (params.get("payment_method") or intent["payment_method"]):
        words = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise StripeRefusal(words, code="payment_intent_unexpected_state")
    customer = books.get("customer", intent["customer"])
    method = _method_of(books, customer, params.get("payment_method") or intent["payment_method"])
    declined = charging.attempt(books, intent, method, "absent")
    if declined is not None:
        raise charging.refusal(declined, intent)
    return intent


_RETURN_URL_MISSING = (
    "A `return_url` must be specified because this Payment Intent is configured to automatically accept the payment"
    " methods enabled in the Dashboard, some of which may require a full page redirect to succeed. If you do not want"
    " to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and"
    " `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents."
)


def _method_of(books: Books, customer: Json, wanted: str) -> Json:
    """A payment method that is attached to the customer."""
    method = books.named("payment_method", wanted, param="payment_method")
    if method["customer"] != customer["id"]:
        words = f"The customer does not have a payment method with the ID {wanted}."
        raise StripeRefusal(words, code="resource_missing", param="payment_method")
    return method
