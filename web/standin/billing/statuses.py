"""A subscription's status and the events that announce it."""

from typing import Any

from web.standin.billing import issuing
from web.standin.state.books import Books, shown

Json = dict[str, Any]


def announce_change(books: Books, subscription: Json, before: Json) -> None:
    """`customer.subscription.updated` with the previous values that differ; nothing when there is no difference."""
    after = shown(subscription)
    previous = {name: before.get(name) for name in after if after[name] != before.get(name)}
    if previous:
        books.announce("customer.subscription.updated", subscription, previous=previous)


def change(books: Books, subscription: Json, status: str) -> None:
    if subscription["status"] != status:
        before = shown(subscription)
        subscription["status"] = status
        announce_change(books, subscription, before)


def resume(books: Books, subscription: Json) -> None:
    subscription |= {"status": "active", "status_details": None}
    books.announce("customer.subscription.resumed", subscription)


def end(books: Books, subscription: Json, *, reason: str) -> None:
    """Ended for good. Open invoices are no longer collected automatically."""
    now = books.now(subscription)
    subscription |= {
        "cancel_at_period_end": False,
        "canceled_at": subscription["canceled_at"] or now,
        "ended_at": now,
        "pending_update": None,
        "status": "canceled",
        "status_details": None,
    }
    subscription["cancellation_details"] = _details(subscription, reason)
    stop_collecting(books, subscription)
    books.announce("customer.subscription.deleted", subscription)


def stop_collecting(books: Books, subscription: Json) -> None:
    """Nothing that is open is tried again, and no draft is finalised; both can still be paid by hand."""
    for invoice in books.find("invoice", parent=subscription["id"]):
        if invoice["status"] in ("open", "draft"):
            invoice |= {"auto_advance": False, "automatically_finalizes_at": None, "next_payment_attempt": None}


def _details(subscription: Json, reason: str) -> Json:
    known = subscription["cancellation_details"] or {"comment": None, "feedback": None, "feedback_option": None}
    return {**known, "reason": known.get("reason") or reason}


def abandon(books: Books, subscription: Json) -> None:
    """The first payment never arrived."""
    before = shown(subscription)
    subscription |= {"status": "incomplete_expired", "ended_at": books.now(subscription)}
    invoice = books.get("invoice", subscription["latest_invoice"])
    if invoice["status"] == "open":
        issuing.void(books, invoice)
    announce_change(books, subscription, before)
