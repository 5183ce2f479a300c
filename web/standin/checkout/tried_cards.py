"""Cards tried in vain on the page of a subscription."""

from typing import Any

from web.standin.charging import charging
from web.standin.charging.test_cards import TestCard
from web.standin.resources import payment_methods
from web.standin.state.books import Books, private

Json = dict[str, Any]


def note_decline(books: Books, session: Json, card: TestCard) -> None:
    """The card that was declined in subscription mode, on the payment that exists before the subscription does."""
    method = payment_methods.keep(books, card, customer=None)
    charging.attempt(books, tried(books, session), method, "challenged")


def tried(books: Books, session: Json) -> Json:
    """Stripe makes a subscription and its invoice only when the session is complete. What is tried before is a payment
    with the session's customer and without any metadata or invoice."""
    known = books.peek(private(session).get("tried", ""))
    if known is not None:
        return known
    made = charging.make_intent(
        books, amount=session["amount_total"], currency=session["currency"], customer=session["customer"], metadata={}
    )
    private(session)["tried"] = made["id"]
    books.announce("payment_intent.created", made)
    return made


def give_up(books: Books, session: Json) -> None:
    """Here the payment that goes through is another one; at Stripe it is the same."""
    known = books.peek(private(session).pop("tried", ""))
    if known is not None:
        known |= {"status": "canceled", "canceled_at": books.now(known), "cancellation_reason": "abandoned"}
        books.announce("payment_intent.canceled", known)
