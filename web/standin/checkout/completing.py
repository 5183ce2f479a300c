"""A shopper's actions on the payment page: enters a card, passes or fails the bank's challenge, finishes or tries
again."""

from dataclasses import dataclass
from typing import Any, Literal

from web.standin.billing import discounts, subscriptions
from web.standin.charging import charging, test_cards
from web.standin.charging.charging import Presence
from web.standin.charging.test_cards import TestCard
from web.standin.checkout import finishing, tried_cards
from web.standin.refusals import StripeRefusal
from web.standin.resources import customers, payment_methods
from web.standin.state.books import Books, private

Json = dict[str, Any]


@dataclass(frozen=True)
class Filled:
    """The form as filled in."""

    number: str
    email: str = ""
    name: str = ""
    expiry: tuple[int, int] = payment_methods.EXPIRY

    def words(self) -> Json:
        return {"email": self.email or None, "name": self.name or None}


@dataclass(frozen=True)
class PaymentOutcome:
    """`done`: go to the success page. `challenge`: go to the bank's challenge. `declined`: `words` say why.

    `url` is the shop's success page, where the browser goes when all is done.
    """

    state: Literal["done", "challenge", "declined"]
    words: str = ""
    url: str | None = None


def _done(session: Json) -> PaymentOutcome:
    return PaymentOutcome("done", url=str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"]))


def is_payable(books: Books, session: Json) -> bool:
    return bool(session["status"] == "open" and session["expires_at"] > books.now())


def needs_card(session: Json) -> bool:
    if session["mode"] == "setup":
        return True
    if session["mode"] == "payment":
        return bool(session["amount_total"])
    return bool(session["amount_total"]) or session["payment_method_collection"] == "always"


def submit(books: Books, session: Json, filled: Filled, presence: Presence = "present") -> PaymentOutcome:
    _coupon_must_hold(books, session)
    if not needs_card(session):
        return _without_card(books, session, filled)
    card = test_cards.by_number(filled.number)
    if card is None:
        return PaymentOutcome(
            "declined", "Your card was declined. Offline payments take the test cards listed here only."
        )
    if card.delay_days and session["mode"] == "setup":
        return PaymentOutcome("declined", "A bank account cannot be saved here, only pay.")
    return _with_card(books, session, filled, card, presence)


def _coupon_must_hold(books: Books, session: Json) -> None:
    """Between opening the page and paying, others may have used the coupon up."""
    for chosen in private(session)["chosen"]:
        if not discounts.is_redeemable(books.get("coupon", chosen["coupon"]), books.now()):
            raise NotCompleted("The discount on this payment has been used up.")


def _with_card(books: Books, session: Json, filled: Filled, card: TestCard, presence: Presence) -> PaymentOutcome:
    method = payment_methods.keep(books, card, customer=session["customer"], expiry=filled.expiry, **filled.words())
    if charging.needs_challenge(method, presence):
        books.forget(method)
        private(session)["filled"] = {"number": filled.number, **filled.words(), "expiry": list(filled.expiry)}
        return PaymentOutcome("challenge")
    if presence == "challenged":
        private(method)["is_authenticated"] = True
    return _PAID_BY_MODE[session["mode"]](books, session, filled, method, presence)


def answer_challenge(books: Books, session: Json, *, passed: bool) -> PaymentOutcome:
    stored = private(session).pop("filled", None)
    if stored is None:
        return PaymentOutcome("declined", "Please enter the card again.")
    filled = Filled(stored["number"], stored["email"] or "", stored["name"] or "", tuple(stored["expiry"]))
    if passed:
        return submit(books, session, filled, "challenged")
    _note_failed_challenge(books, session, filled)
    return PaymentOutcome("declined", test_cards.CHALLENGE_FAILED.message)


def _note_failed_challenge(books: Books, session: Json, filled: Filled) -> None:
    card = test_cards.by_number(filled.number)
    if session["mode"] == "setup" or card is None or not session["amount_total"]:
        return
    method = payment_methods.keep(books, card, customer=None, expiry=filled.expiry, **filled.words())
    find = tried_cards.tried if session["mode"] == "subscription" else finishing.tried
    charging.fail_challenge(books, find(books, session), method)


def _pay(books: Books, session: Json, filled: Filled, method: Json, presence: Presence) -> PaymentOutcome:
    intent = finishing.intent(books, session, _holder(books, session, filled))
    declined = charging.attempt(books, intent, method, presence)
    if declined is not None:
        return PaymentOutcome("declined", declined.message)
    if intent["customer"] and intent["setup_future_usage"]:
        _attach(books, method, intent["customer"])
    finishing.redeem(books, session)
    session["customer"] = intent["customer"]
    is_settled = intent["status"] == "succeeded"
    finishing.complete(books, session, filled.words(), payment_status="paid" if is_settled else "unpaid")
    return _done(session)


def _holder(books: Books, session: Json, filled: Filled) -> str | None:
    """The customer the payment belongs to. A guest's payment has none unless a customer is requested or needed."""
    is_saved = "setup_future_usage" in private(session).get("payment_intent_data", {})
    if session["customer"] or not (is_saved or session["customer_creation"] == "always"):
        holder: str | None = session["customer"]
        return holder
    known = books.peek(session["payment_intent"]) if session["payment_intent"] else None
    return known["customer"] if known and known["customer"] else _new_customer(books, session, filled)


def _new_customer(books: Books, session: Json, filled: Filled) -> str:
    words = {"email": session["customer_email"] or filled.email or None, "name": filled.name or None}
    made = customers.create(books, {name: value for name, value in words.items() if value})
    return str(made["id"])


def _attach(books: Books, method: Json, customer: str) -> None:
    method["customer"] = customer
    books.announce("payment_method.attached", method)


def _subscribe(books: Books, session: Json, filled: Filled, method: Json | None, presence: Presence) -> PaymentOutcome:
    card = charging.card_of(method) if method else None
    if card and not session["amount_total"] and not card.may_be_saved:
        return PaymentOutcome("declined", card.message)
    customer = session["customer"] or _new_customer(books, session, filled)
    session["customer"] = customer
    if method:
        _attach(books, method, customer)
    params, extra = finishing.subscription_terms(session)
    try:
        subscription = subscriptions.start_with_card(books, params, extra, method, presence)
    except StripeRefusal as refusal:
        raise NotCompleted(str(refusal), card=card if method and card and card.code else None) from refusal
    session |= {"subscription": subscription["id"], "invoice": subscription["latest_invoice"]}
    status = "no_payment_required"
    if session["amount_total"]:
        status = "paid" if books.get("invoice", session["invoice"])["status"] == "paid" else "unpaid"
    tried_cards.give_up(books, session)
    finishing.complete(books, session, filled.words(), payment_status=status)
    return _done(session)


def _set_up(books: Books, session: Json, filled: Filled, method: Json, presence: Presence) -> PaymentOutcome:
    card = charging.card_of(method)
    if not card.may_be_saved:
        return PaymentOutcome("declined", card.message)
    if session["customer"] is None and session["customer_creation"] == "always":
        session["customer"] = _new_customer(books, session, filled)
    if session["customer"]:
        _attach(books, method, session["customer"])
    session["setup_intent"] = finishing.setup_intent(books, session, method)["id"]
    finishing.complete(books, session, filled.words(), payment_status="no_payment_required")
    return _done(session)


def _without_card(books: Books, session: Json, filled: Filled) -> PaymentOutcome:
    if session["mode"] == "subscription":
        return _subscribe(books, session, filled, None, "present")
    finishing.redeem(books, session)
    if session["customer_creation"] == "always" and not session["customer"]:
        session["customer"] = _new_customer(books, session, filled)
    finishing.complete(books, session, filled.words(), payment_status="no_payment_required")
    return _done(session)


_PAID_BY_MODE = {"payment": _pay, "subscription": _subscribe, "setup": _set_up}


class NotCompleted(Exception):
    """Nothing of the attempt is stored but the failed payment of a `card`; the words are for the shopper."""

    def __init__(self, words: str, *, card: TestCard | None = None) -> None:
        super().__init__(words)
        self.card = card
