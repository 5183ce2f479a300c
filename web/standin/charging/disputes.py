"""Disputes: a cardholder's bank takes a payment back until the dispute is decided."""

from typing import Any, Literal

from web.standin.charging import fraud_warnings
from web.standin.state.books import Books, clock_of, private
from web.standin.state.clock import DAY

Json = dict[str, Any]
EVIDENCE_DAYS = 9


def open_against(books: Books, charge: Json, *, reason: str, is_inquiry: bool = False) -> Json:
    """The cardholder's bank takes the whole charge back until the dispute is decided; an inquiry takes nothing yet."""
    dispute = books.make(
        "dispute",
        amount=charge["amount"],
        charge=charge["id"],
        created=books.now(charge),
        currency=charge["currency"],
        is_charge_refundable=is_inquiry,
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="warning_needs_response" if is_inquiry else "needs_response",
    )
    dispute["evidence_details"]["due_by"] = books.now(charge) + EVIDENCE_DAYS * DAY
    private(dispute)["clock"] = clock_of(charge)
    charge["disputed"] = True
    books.announce("charge.dispute.created", dispute)
    fraud_warnings.follow(books, charge)
    if not is_inquiry:
        books.announce("charge.dispute.funds_withdrawn", dispute)
    return dispute


def escalate(books: Books, dispute: Json) -> None:
    """The bank was not content with an inquiry: it takes the money now, and the shop may answer once more."""
    dispute |= {"status": "needs_response", "is_charge_refundable": False}
    dispute["evidence_details"]["due_by"] = books.now(dispute) + EVIDENCE_DAYS * DAY
    books.announce("charge.dispute.updated", dispute)
    books.announce("charge.dispute.funds_withdrawn", dispute)


def close(books: Books, dispute: Json, *, verdict: Literal["won", "lost", "warning_closed"]) -> None:
    dispute["status"] = verdict
    books.announce("charge.dispute.closed", dispute)
    if verdict == "won":
        books.announce("charge.dispute.funds_reinstated", dispute)


def is_inquiry(dispute: Json) -> bool:
    return str(dispute["status"]).startswith("warning_")


def is_open(dispute: Json) -> bool:
    return dispute["status"] not in ("won", "lost", "warning_closed", "prevented")
