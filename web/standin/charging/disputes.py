"""Disputes: a cardholder's bank takes a payment back until the dispute is decided."""

from typing import Any, Literal

from web.standin.state.books import Books, clock_of, private
from web.standin.state.clock import DAY

Json = dict[str, Any]
EVIDENCE_DAYS = 9


def open_against(books: Books, charge: Json, *, reason: str) -> Json:
    """The cardholder's bank takes the whole charge back until the dispute is decided."""
    dispute = books.make(
        "dispute",
        amount=charge["amount"],
        charge=charge["id"],
        created=books.now(charge),
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="needs_response",
    )
    dispute["evidence_details"]["due_by"] = books.now(charge) + EVIDENCE_DAYS * DAY
    private(dispute)["clock"] = clock_of(charge)
    charge["disputed"] = True
    books.announce("charge.dispute.created", dispute)
    books.announce("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close(books: Books, dispute: Json, *, verdict: Literal["won", "lost"]) -> None:
    dispute["status"] = verdict
    books.announce("charge.dispute.closed", dispute)
    if verdict == "won":
        books.announce("charge.dispute.funds_reinstated", dispute)
