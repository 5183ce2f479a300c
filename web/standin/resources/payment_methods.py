"""Cards (and bank accounts) that were entered on the payment page."""

import hashlib
from typing import Any

from web.standin.charging import test_cards
from web.standin.charging.test_cards import TestCard
from web.standin.contract import blanks
from web.standin.modelled import needed, only
from web.standin.refusals import CardRefusal, StripeRefusal
from web.standin.state.books import Books, private

Json = dict[str, Any]
EXPIRY = (12, 2034)
"""Default expiry month and year of a test card."""


def keep(
    books: Books, card: TestCard, *, customer: str | None, expiry: tuple[int, int] = EXPIRY, **billing: str | None
) -> Json:
    method = books.make(
        "payment_method",
        allow_redisplay="limited",
        customer=customer,
        metadata={},
        type="bacs_debit" if card.delay_days else "card",
    )
    method["billing_details"] |= billing
    private(method)["number"] = card.number
    if card.delay_days:
        method["bacs_debit"] = {"fingerprint": _fingerprint(card), "last4": card.last4, "sort_code": "108800"}
    else:
        method["card"] = _face(card, expiry)
    return method


def _face(card: TestCard, expiry: tuple[int, int]) -> Json:
    face = blanks.blank_part("stripe._payment_method:PaymentMethod.Card")
    checks = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}
    return face | {
        "brand": "visa",
        "checks": checks,
        "country": "GB",
        "display_brand": "visa",
        "exp_month": expiry[0],
        "exp_year": expiry[1],
        "fingerprint": _fingerprint(card),
        "funding": "credit",
        "last4": card.last4,
        "networks": {"available": ["visa"], "preferred": None},
        "three_d_secure_usage": {"supported": True},
    }


def _fingerprint(card: TestCard) -> str:
    """The same for the same number, as at Stripe: it identifies a second trial."""
    return hashlib.sha256(card.number.encode()).hexdigest()[:16]


def attach(books: Books, wanted: str, params: Json) -> Json:
    """To a customer. A method that was attached once and is no longer cannot be attached again."""
    only(params, ("customer",))
    method = books.get("payment_method", wanted)
    holder = books.named("customer", needed(params, "customer"), param="customer")
    if method["customer"] not in (None, holder["id"]):
        words = "The payment method you provided has already been attached to a customer."
        raise StripeRefusal(words, param="payment_method")
    if private(method).get("is_detached"):
        words = (
            "This PaymentMethod was previously used without being attached to a Customer or was detached from a "
            "Customer, and may not be used again."
        )
        raise StripeRefusal(words)
    _must_be_savable(method)
    method["customer"] = holder["id"]
    books.announce("payment_method.attached", method)
    return method


def _must_be_savable(method: Json) -> None:
    card = test_cards.by_number(private(method).get("number", ""))
    if card is not None and not card.may_be_saved:
        raise CardRefusal(card.message, code=card.code or "card_declined")


def detach(books: Books, wanted: str) -> Json:
    method = books.get("payment_method", wanted)
    holder = method["customer"]
    if holder is None:
        words = "The payment method you provided is not attached to a customer so detachment is impossible."
        raise StripeRefusal(words, param="payment_method")
    method["customer"] = None
    private(method)["is_detached"] = True
    customer = books.get("customer", holder)
    if customer["invoice_settings"]["default_payment_method"] == wanted:
        customer["invoice_settings"]["default_payment_method"] = None
    for subscription in books.find("subscription", customer=holder):
        if subscription["default_payment_method"] == wanted and subscription["status"] != "canceled":
            subscription["default_payment_method"] = None
    books.announce("payment_method.detached", method)
    return method
