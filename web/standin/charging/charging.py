"""Charging a card: charges, payment intents, challenges, and resulting disputes."""

from typing import Any, Literal

from web.standin.charging import amounts, disputes, fraud_warnings, test_cards
from web.standin.charging.test_cards import TestCard
from web.standin.contract import blanks
from web.standin.refusals import CardRefusal, CardRefusalUndone
from web.standin.state import ids
from web.standin.state.books import Books, clock_of, private, shown
from web.standin.state.clock import DAY

Json = dict[str, Any]
Presence = Literal["present", "challenged", "absent"]
"""The customer is at the page, has passed the bank's challenge there, or is absent."""


def card_of(method: Json) -> TestCard:
    found = test_cards.by_number(private(method)["number"])
    if found is None:
        raise LookupError(method["id"])
    return found


def needs_challenge(method: Json, presence: Presence) -> bool:
    card = card_of(method)
    if presence == "challenged" or card.challenge is None:
        return False
    return card.challenge == "always" or not private(method).get("is_authenticated")


def make_intent(books: Books, *, amount: int, currency: str, **fields: Any) -> Json:
    intent = books.make(
        "payment_intent",
        amount=amount,
        currency=currency,
        status="requires_payment_method",
        capture_method="automatic_async",
        payment_method_types=["card"],
        amount_details={"tip": {}},
        payment_method_options={"card": _card_options()},
        **fields,
    )
    intent["client_secret"] = ids.client_secret(intent["id"])
    return intent


def _card_options() -> Json:
    options = blanks.blank_part("stripe._payment_intent:PaymentIntent.PaymentMethodOptions.Card")
    return options | {"request_three_d_secure": "automatic"}


def attempt(books: Books, intent: Json, method: Json, presence: Presence) -> TestCard | None:
    """Charges the card. Returns None when it paid, else the card that gives the reason; the intent says the same."""
    intent["payment_method"] = method["id"]
    intent["next_action"] = None
    card = card_of(method)
    if needs_challenge(method, presence):
        ask = _fail if presence == "absent" else _ask_for_challenge
        return ask(books, intent, method, test_cards.CHALLENGE_NEEDED)
    if card.code and not card.delay_days:
        return _fail(books, intent, method, card)
    if card.delay_days:
        _await_bank(books, intent, method, card)
        return None
    if presence == "challenged":
        private(method)["is_authenticated"] = True
    _succeed(books, intent, method)
    return None


def fail_challenge(books: Books, intent: Json, method: Json) -> TestCard:
    """The bank's challenge was failed or closed: no charge was made."""
    intent["payment_method"] = None
    intent["status"] = "requires_payment_method"
    intent["last_payment_error"] = payment_error(test_cards.CHALLENGE_FAILED, method)
    books.announce("payment_intent.payment_failed", intent)
    return test_cards.CHALLENGE_FAILED


def settle(books: Books, intent: Json) -> bool:
    """A bank debit is completed: paid, or refused. True when paid."""
    private(intent).pop("settles_at", None)
    method = books.get("payment_method", intent["payment_method"])
    card = card_of(method)
    charge = books.get("charge", intent["latest_charge"])
    if card.code is None:
        _collect(books, intent, charge)
        return True
    charge |= {"status": "failed", "failure_code": card.code, "failure_message": card.message}
    intent |= {"status": "requires_payment_method", "last_payment_error": payment_error(card, method)}
    books.announce("charge.failed", charge)
    books.announce("payment_intent.payment_failed", intent)
    return False


def refusal(card: TestCard, intent: Json, *, keeps_changes: bool = True) -> CardRefusal:
    kind = CardRefusal if keeps_changes else CardRefusalUndone
    code = card.code or "card_declined"
    return kind(card.message, code=code, decline_code=card.decline_code, payment_intent=shown(intent))


def payment_error(card: TestCard, method: Json) -> Json:
    reference = "stripe._payment_intent:PaymentIntent.LastPaymentError"
    return blanks.blank_part(reference) | {
        "type": "card_error",
        "code": card.code,
        "decline_code": card.decline_code,
        "message": card.message,
        "payment_method": shown(method),
        "payment_method_type": method["type"],
    }


def _charge(books: Books, intent: Json, method: Json, **fields: Any) -> Json:
    card = card_of(method)
    charge = books.make(
        "charge",
        amount=intent["amount"],
        billing_details=method["billing_details"],
        currency=intent["currency"],
        customer=intent["customer"],
        created=books.now(intent),
        description=intent["description"],
        metadata=dict(intent["metadata"]),
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details=_details(method),
        receipt_email=intent["receipt_email"],
        shipping=intent["shipping"],
        **fields,
    )
    private(charge).update(clock=clock_of(intent), refund_fails=card.refund_fails)
    intent["latest_charge"] = charge["id"]
    return charge


def _details(method: Json) -> Json:
    details = blanks.blank_part("stripe._charge:Charge.PaymentMethodDetails") | {"type": method["type"]}
    if method["type"] == "card":
        fields = blanks.blank_part("stripe._charge:Charge.PaymentMethodDetails.Card")
        names = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
        details["card"] = fields | {name: method["card"][name] for name in names} | {"network": "visa"}
    return details


def _outcome(**fields: Any) -> Json:
    return blanks.blank_part("stripe._charge:Charge.Outcome") | {"risk_level": "normal", **fields}


def _succeed(books: Books, intent: Json, method: Json) -> None:
    charge = _charge(books, intent, method, status="pending", outcome=None)
    _collect(books, intent, charge)
    if card_of(method).is_disputed:
        disputes.open_against(books, charge, reason="fraudulent")
    if card_of(method).is_warned_of:
        fraud_warnings.send(books, charge, fraud_type=fraud_warnings.TYPES[0])


def _collect(books: Books, intent: Json, charge: Json) -> None:
    words = "Payment complete."
    outcome = _outcome(type="authorized", network_status="approved_by_network", seller_message=words)
    charge |= {
        "status": "succeeded",
        "paid": True,
        "captured": True,
        "amount_captured": charge["amount"],
        "outcome": outcome,
    }
    intent |= {"status": "succeeded", "amount_received": intent["amount"], "last_payment_error": None}
    books.announce("charge.succeeded", charge)
    books.announce("payment_intent.succeeded", intent)


def _fail(books: Books, intent: Json, method: Json, card: TestCard) -> TestCard:
    charge = _charge(books, intent, method, status="failed")
    charge |= {
        "failure_code": card.code,
        "failure_message": card.message,
        "outcome": _outcome(type="issuer_declined", network_status="declined_by_network", reason=card.decline_code),
    }
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_payment_error": payment_error(card, method),
    }
    books.announce("charge.failed", charge)
    books.announce("payment_intent.payment_failed", intent)
    return card


def _ask_for_challenge(books: Books, intent: Json, method: Json, card: TestCard) -> TestCard:
    """The customer is there: the payment waits for them to confirm it with their bank."""
    next_action = blanks.blank_part("stripe._payment_intent:PaymentIntent.NextAction")
    intent |= {
        "status": "requires_action",
        "last_payment_error": None,
        "next_action": next_action | {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}},
    }
    books.announce("payment_intent.requires_action", intent)
    return card


def _await_bank(books: Books, intent: Json, method: Json, card: TestCard) -> None:
    _charge(books, intent, method, status="pending")
    intent |= {"status": "processing", "payment_method_types": [method["type"]], "payment_method_options": None}
    private(intent)["settles_at"] = books.now(intent) + card.delay_days * DAY
    books.announce("payment_intent.processing", intent)


def is_chargeable(amount: int, currency: str) -> bool:
    return amount >= max(1, amounts.smallest_charge(currency))
