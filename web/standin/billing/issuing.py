"""The end of a draft: open, with an intent for the amount due; or closed, with used credit returned."""

import secrets
from typing import Any

from web.standin.billing import invoices
from web.standin.charging import charging
from web.standin.http import hosts
from web.standin.state.books import Books, clock_of, private

Json = dict[str, Any]
_LATEST_SESSION = (
    "SELECT json_extract(body, '$.success_url') FROM objects WHERE kind = 'checkout.session'"
    " ORDER BY created DESC, seq DESC LIMIT 1"
)


def finalise(books: Books, invoice: Json) -> None:
    """Draft to open: numbered, the balance used, and an intent created for the amount due."""
    customer = books.get("customer", invoice["customer"])
    is_new = invoice["automatically_finalizes_at"] is None
    invoices.set_due(books, invoice)
    now = books.now(invoice)
    invoice |= {
        "auto_advance": True,
        "automatically_finalizes_at": None,
        "effective_at": now,
        "ending_balance": invoice["ending_balance"],
        "number": f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}",
        "status": "open",
    }
    invoice["status_transitions"]["finalized_at"] = now
    invoice["hosted_invoice_url"] = _hosted_url(books, invoice)
    customer["next_invoice_sequence"] += 1
    customer["balance"] = invoice["ending_balance"]
    if is_new:
        books.announce("invoice.created", invoice)
    if invoice["amount_due"]:
        _owe(books, invoice)
    books.announce("invoice.finalized", invoice)


def _hosted_url(books: Books, invoice: Json) -> str:
    """On the shop's host, which is known from the payment pages it asked for. Whoever has the address may pay."""
    row = books.connection.execute(_LATEST_SESSION).fetchone()
    private(invoice)["secret"] = secret = secrets.token_urlsafe(24)
    return hosts.page(row[0] if row else "http://localhost", f"invoice/{invoice['id']}/{secret}")


def _owe(books: Books, invoice: Json) -> None:
    words = {"subscription_create": "Subscription creation", "subscription_update": "Subscription update"}
    intent = charging.make_intent(
        books,
        amount=invoice["amount_due"],
        created=books.now(invoice),
        currency=invoice["currency"],
        customer=invoice["customer"],
        description=words.get(invoice["billing_reason"], f"Payment for invoice {invoice['number']}"),
        setup_future_usage="off_session" if invoice["billing_reason"] == "subscription_create" else None,
    )
    private(intent)["clock"] = clock_of(invoice)
    private(invoice)["intent"] = intent["id"]
    payment = books.make(
        "invoice_payment",
        amount_requested=invoice["amount_due"],
        created=books.now(invoice),
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=True,
        payment={"type": "payment_intent", "payment_intent": intent["id"], "charge": None, "payment_record": None},
        status="open",
    )
    private(payment)["clock"] = clock_of(invoice)
    private(invoice)["payment"] = payment["id"]
    books.announce("payment_intent.created", intent)


def confirmation_secret(books: Books, invoice: Json) -> Json | None:
    wanted = private(invoice).get("intent")
    intent = books.peek(wanted) if wanted else None
    return {"client_secret": intent["client_secret"], "type": "payment_intent"} if intent else None


def void(books: Books, invoice: Json) -> None:
    """Nothing is owed any more; used credit is returned to the customer."""
    customer = books.get("customer", invoice["customer"])
    customer["balance"] += invoice["starting_balance"] - (invoice["ending_balance"] or 0)
    close(books, invoice, status="void", transition="voided_at", event="invoice.voided")


def close(books: Books, invoice: Json, *, status: str, transition: str, event: str) -> None:
    invoice |= {
        "auto_advance": False,
        "automatically_finalizes_at": None,
        "next_payment_attempt": None,
        "status": status,
    }
    invoice["status_transitions"][transition] = books.now(invoice)
    private(invoice).pop("lapses_at", None)
    cancel_intent(books, invoice, reason="void_invoice")
    books.announce(event, invoice)


def cancel_intent(books: Books, invoice: Json, *, reason: str) -> None:
    wanted = private(invoice).get("intent")
    intent = books.peek(wanted) if wanted else None
    if intent is None or intent["status"] in ("succeeded", "canceled"):
        return
    intent |= {"status": "canceled", "canceled_at": books.now(intent), "cancellation_reason": reason}
    payment = books.get("invoice_payment", private(invoice)["payment"])
    payment["status"] = "canceled"
    payment["status_transitions"]["canceled_at"] = books.now(invoice)
    books.announce("payment_intent.canceled", intent)
