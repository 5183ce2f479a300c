"""Collecting an invoice: at once, by a renewal, by a retry, by hand; and the effect on its subscription."""

from typing import Any

from web.standin.billing import discounts, dunning, issuing, paid, statuses
from web.standin.charging import charging
from web.standin.charging.charging import Presence
from web.standin.charging.test_cards import TestCard
from web.standin.state.books import Books, private
from web.standin.state.clock import DAY
from web.standin.state.columns import subscription_of

Json = dict[str, Any]


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


def pay(
    books: Books, invoice: Json, method: Json | None, presence: Presence, *, is_scheduled: bool = False
) -> TestCard | None:
    """One attempt on an open invoice. None when paid, else the card that gives the reason.

    Any attempt counts as the first; after that only scheduled ones are counted, so paying by hand costs no retry.
    """
    intent = books.get("payment_intent", private(invoice)["intent"])
    invoice["attempted"] = True
    if is_scheduled or not invoice["attempt_count"]:
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
    """Automatic collection failed: announce it, plan the next attempt, or leave the subscription in its final state."""
    is_first = invoice["billing_reason"] == "subscription_create"
    days = None if is_first else dunning.days_until_retry(books, invoice["attempt_count"])
    invoice["next_payment_attempt"] = None if days is None else books.now(invoice) + days * DAY
    if declined.code == "authentication_required":
        books.announce("invoice.payment_action_required", invoice)
    books.announce("invoice.payment_failed", invoice)
    agreement = subscription(books, invoice)
    if agreement is None or agreement["status"] == "incomplete":
        return
    if days is None:
        _give_up(books, invoice, agreement)
    elif agreement["status"] != "unpaid":
        statuses.change(books, agreement, "past_due")


def _give_up(books: Books, invoice: Json, agreement: Json) -> None:
    """The retries are used up. `unpaid` and `past_due` keep the subscription and the open invoice."""
    invoice["auto_advance"] = False
    final = dunning.final_state(books.connection)
    if final == "cancel":
        statuses.end(books, agreement, reason="payment_failed")
        return
    if final == "unpaid":
        statuses.stop_collecting(books, agreement)
    statuses.change(books, agreement, final)


def collect(books: Books, invoice: Json) -> None:
    """The scheduled collection of an open invoice."""
    declined = pay(books, invoice, method_for(books, invoice), "absent", is_scheduled=True)
    if declined is not None:
        after_failure(books, invoice, declined)


def issue_and_collect(books: Books, invoice: Json, presence: Presence = "absent") -> TestCard | None:
    """For changes billed at once: issued, and charged to the card on file. Returns the card that refused, if any."""
    issue(books, invoice)
    if invoice["status"] != "open":
        return None
    return pay(books, invoice, method_for(books, invoice), presence)
