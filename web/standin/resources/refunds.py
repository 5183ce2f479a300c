"""Refunds: whole or in part, never more than was charged."""

from typing import Any

from web.standin.charging import disputes, fraud_warnings
from web.standin.modelled import merged, only
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books, clock_of, private
from web.standin.state.clock import DAY

Json = dict[str, Any]
FAILS_AFTER_DAYS = 5


def create(books: Books, params: Json) -> Json:
    only(params, ("amount", "charge", "metadata", "payment_intent", "reason"))
    charge = _charge(books, params)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = params.get("amount", left)
    _must_not_be_disputed(books, charge)
    _must_be_left(charge, amount, left)
    refund = books.make(
        "refund",
        amount=amount,
        charge=charge["id"],
        created=books.now(charge),
        currency=charge["currency"],
        metadata=merged({}, params.get("metadata")),
        payment_intent=charge["payment_intent"],
        payment_method=charge["payment_method"],
        reason=params.get("reason"),
        status="succeeded",
    )
    private(refund)["clock"] = clock_of(charge)
    if private(charge).get("refund_fails"):
        private(refund)["settles_at"] = books.now(charge) + FAILS_AFTER_DAYS * DAY
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    books.announce("refund.created", refund)
    books.announce("charge.refunded", charge)
    if charge["refunded"]:
        _settle_inquiries(books, charge)
        fraud_warnings.follow(books, charge)
    return refund


def _settle_inquiries(books: Books, charge: Json) -> None:
    """A bank that only asks has its answer once everything was given back."""
    for each in list(books.find("dispute", parent=charge["payment_intent"])):
        if disputes.is_inquiry(each) and disputes.is_open(each):
            disputes.close(books, each, verdict="warning_closed")


def _charge(books: Books, params: Json) -> Json:
    if "charge" in params:
        return books.named("charge", params["charge"], param="charge")
    if "payment_intent" not in params:
        words = "One of the following params should be provided for this request: payment_intent or charge."
        raise StripeRefusal(words, code="parameter_missing", param="charge")
    intent = books.named("payment_intent", params["payment_intent"], param="payment_intent")
    charge = books.peek(intent["latest_charge"]) if intent["latest_charge"] else None
    if charge is None or not charge["captured"]:
        words = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        raise StripeRefusal(words, param="payment_intent")
    return charge


def _must_not_be_disputed(books: Books, charge: Json) -> None:
    """A charge whose dispute was won may be refunded again, and one that a bank only asks about."""
    if not charge["disputed"]:
        return
    of_it = [each for each in books.find("dispute") if each["charge"] == charge["id"]]
    if any(each["status"] != "won" and not disputes.is_inquiry(each) for each in of_it):
        raise StripeRefusal(f"Charge {charge['id']} has been charged back.", code="charge_disputed")


def _must_be_left(charge: Json, amount: int, left: int) -> None:
    if charge["status"] != "succeeded":
        raise StripeRefusal(f"Charge {charge['id']} has not succeeded.", param="charge")
    if charge["refunded"]:
        words = f"Charge {charge['id']} has already been refunded."
        raise StripeRefusal(words, code="charge_already_refunded")
    if amount < 1:
        raise StripeRefusal("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        words = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise StripeRefusal(words, param="amount")


def settle(books: Books, refund: Json) -> None:
    """The bank returned it: the shop has the money again."""
    private(refund).pop("settles_at", None)
    charge = books.get("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    refund |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    books.announce("refund.updated", refund)
    books.announce("refund.failed", refund)
    fraud_warnings.follow(books, charge)


def update(books: Books, wanted: str, params: Json) -> Json:
    only(params, ("metadata",))
    refund = books.get("refund", wanted)
    refund["metadata"] = merged(refund["metadata"], params.get("metadata"))
    books.announce("refund.updated", refund)
    return refund
