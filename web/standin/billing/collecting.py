"""Collecting an invoice: at once, by a renewal, by a retry, by hand; and the effect on its subscription."""

from typing import Any

from web.standin.billing import discounts, issuing, paid, statuses
from web.standin.charging import charging
from web.standin.charging.charging import Presence
from web.standin.charging.test_cards import TestCard
from web.standin.state.books import Books, private
from web.standin.state.clock import DAY
from web.standin.state.columns import subscription_of

Json = dict[str, Any]
RETRY_DAYS = (3, 5, 7)  # after each failed attempt; after the last the subscription ends


def subscription(books: Books, invoice: Json) -> Json | None:
    wanted = subscription_of(invoice)
    return books.get("subscription", wanted) if wanted else None


def method_for(books: Books, invoice: Json) -> Json | None:
    """The subscription's own card, else the customer's default."""
    agreement = subscription(books, invoice)
    customer = books.get("customer", invoice["customer"])
    settings = customer["invoice_settings"] or {}
    wanted = (agreement or {}).get("default_payment_method") or settings.get("default_payment_method")
    return books.get("payment_method", wanted) if wanted else None


def issue(books: Books, invoice: Json) -> None:
    """Finalises; an invoice with nothing due is thereby paid."""
    issuing.finalise(books, invoice)
    agreement = subscription(books, invoice)
    if agreement is not None:
        agreement["latest_invoice"] = invoice["id"]
        discounts.spend(books, agreement, books.now(invoice))
    if invoice["amount_due"] == 0:
        settle(books, invoice)


def pay(books: Books, invoice: Json, method: Json | None, presence: Presence) -> TestCard | None:
    """One attempt on an open invoice. None when paid, else the card that gives the reason."""
    intent = books.get("payment_intent", private(invoice)["intent"])
    invoice["attempted"] = True
    invoice["attempt_count"] += 1
    if method is None:
        return _NO_CARD
    declined = charging.attempt(books, intent, method, presence)
    if declined is None and intent["status"] == "processing":
        _await_bank(books, invoice)
    elif declined is None:
        settle(books, invoice)
    return declined


def _await_bank(books: Books, invoice: Json) -> None:
    """The invoice stays open until the bank has answered. Stripe calls the subscription active meanwhile."""
    invoice["next_payment_attempt"] = None
    private(invoice).pop("lapses_at", None)
    agreement = subscription(books, invoice)
    if agreement is not None and agreement["status"] == "incomplete":
        statuses.change(books, agreement, "active")


def bank_answered(books: Books, invoice: Json, declined: TestCard | None) -> None:
    """A bank debit was paid, or refused: then a renewal is tried again, and a first invoice stays unpaid."""
    agreement = subscription(books, invoice)
    if declined is None:
        settle(books, invoice)
    elif invoice["billing_reason"] == "subscription_create" and agreement is not None:
        books.announce("invoice.payment_failed", invoice)
        statuses.change(books, agreement, "past_due")
    else:
        after_failure(books, invoice, declined)


_NO_CARD = TestCard(
    "", "", "invoice_payment_intent_requires_action", None, "There is no card to charge this invoice to."
)


def settle(books: Books, invoice: Json) -> None:
    """The invoice is paid in full, so its subscription is active (again)."""
    now = books.now(invoice)
    invoice |= {
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "attempted": True,
        "next_payment_attempt": None,
        "status": "paid",
    }
    invoice["status_transitions"]["paid_at"] = now
    private(invoice).pop("lapses_at", None)
    if invoice["amount_due"]:
        _close_payment(books, invoice)
    books.announce("invoice.paid", invoice)
    books.announce("invoice.payment_succeeded", invoice)
    agreement = subscription(books, invoice)
    if agreement is not None:
        paid.stand(books, agreement, invoice)


def _close_payment(books: Books, invoice: Json) -> None:
    payment = books.get("invoice_payment", private(invoice)["payment"])
    payment |= {"amount_paid": invoice["amount_due"], "status": "paid"}
    payment["status_transitions"]["paid_at"] = books.now(invoice)
    books.announce("invoice_payment.paid", payment)


def after_failure(books: Books, invoice: Json, declined: TestCard) -> None:
    """Automatic collection failed: announce it, plan the next attempt, or give up and end the subscription."""
    count = invoice["attempt_count"]
    may_retry = count <= len(RETRY_DAYS) and invoice["billing_reason"] != "subscription_create"
    invoice["next_payment_attempt"] = books.now(invoice) + RETRY_DAYS[count - 1] * DAY if may_retry else None
    if declined.code == "authentication_required":
        books.announce("invoice.payment_action_required", invoice)
    books.announce("invoice.payment_failed", invoice)
    agreement = subscription(books, invoice)
    if agreement is None or agreement["status"] == "incomplete":
        return
    if may_retry:
        statuses.change(books, agreement, "past_due")
    else:
        statuses.end(books, agreement, reason="payment_failed")


def collect(books: Books, invoice: Json) -> None:
    """The scheduled collection of an open invoice."""
    declined = pay(books, invoice, method_for(books, invoice), "absent")
    if declined is not None:
        after_failure(books, invoice, declined)


def issue_and_collect(books: Books, invoice: Json) -> TestCard | None:
    """For changes billed at once: issued, and charged to the card on file. Returns the card that refused, if any."""
    issue(books, invoice)
    if invoice["status"] != "open":
        return None
    return pay(books, invoice, method_for(books, invoice), "absent")
