"""A customer's actions on the page of an open invoice: a card, the bank's challenge, or the card on file."""

from typing import Any

from web.standin.billing import collecting
from web.standin.charging import charging, test_cards
from web.standin.charging.charging import Presence
from web.standin.checkout.completing import PaymentOutcome
from web.standin.refusals import missing
from web.standin.resources import payment_methods
from web.standin.state.books import Books, private

Json = dict[str, Any]
NOT_OPEN = "This invoice can no longer be paid."


def by_address(books: Books, wanted: str, secret: str) -> Json:
    """The invoice of this address. A wrong secret is as unknown as a wrong id."""
    found = books.get("invoice", wanted)
    if private(found).get("secret") != secret:
        raise missing("invoice", wanted, param="id", status=404)
    return found


def saved_card(books: Books, invoice: Json) -> Json | None:
    found = collecting.method_for(books, invoice)
    return found if found is not None and found["type"] == "card" else None


def pay(books: Books, invoice: Json, number: str, presence: Presence = "present") -> PaymentOutcome:
    """With the card of this number; without one, with the card on file. A new card is not kept for renewals."""
    if invoice["status"] != "open":
        return PaymentOutcome("declined", NOT_OPEN)
    method = _method(books, invoice, number)
    if method is None:
        return PaymentOutcome("declined", "Your card was declined. Offline payments take the test cards listed here.")
    if charging.needs_challenge(method, presence):
        private(invoice)["challenged"] = number
        return PaymentOutcome("challenge")
    if presence == "challenged":
        private(method)["is_authenticated"] = True
    declined = collecting.pay(books, invoice, method, presence)
    if declined is None:
        return PaymentOutcome("done")
    books.announce("invoice.payment_failed", invoice)
    return PaymentOutcome("declined", declined.message)


def _method(books: Books, invoice: Json, number: str) -> Json | None:
    if not number:
        return saved_card(books, invoice)
    card = test_cards.by_number(number)
    return payment_methods.keep(books, card, customer=invoice["customer"]) if card and not card.delay_days else None


def answer_challenge(books: Books, invoice: Json, *, passed: bool) -> PaymentOutcome:
    number = private(invoice).pop("challenged", None)
    if number is None:
        return PaymentOutcome("declined", "Please enter the card again.")
    if passed:
        return pay(books, invoice, number, "challenged")
    method = _method(books, invoice, number)
    if invoice["status"] == "open" and method is not None:
        charging.fail_challenge(books, books.get("payment_intent", private(invoice)["intent"]), method)
    return PaymentOutcome("declined", test_cards.CHALLENGE_FAILED.message)
