"""Paying and voiding invoices by hand."""

from typing import Any

from web.standin.billing import collecting, issuing, pending
from web.standin.charging import charging
from web.standin.modelled import only
from web.standin.refusals import CardRefusal, StripeRefusal
from web.standin.state.books import Books, private

Json = dict[str, Any]


def pay(books: Books, wanted: str, params: Json) -> Json:
    only(params, ("off_session", "payment_method"))
    invoice = books.get("invoice", wanted)
    if invoice["status"] == "draft":
        collecting.issue(books, invoice)
        if invoice["status"] == "paid":
            return invoice
    if invoice["status"] == "paid":
        raise StripeRefusal("Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] != "open":
        raise StripeRefusal(
            f"This invoice is {invoice['status']} and can no longer be paid.", code="invoice_not_payable"
        )
    return _charge(books, invoice, params)


def _charge(books: Books, invoice: Json, params: Json) -> Json:
    method = collecting.method_for(books, invoice)
    if params.get("payment_method"):
        method = books.named("payment_method", params["payment_method"], param="payment_method")
        if method["customer"] != invoice["customer"]:
            raise StripeRefusal("The payment method belongs to another customer.", param="payment_method")
    if method is None:
        words = "There is no default_payment_method set on this Customer or Invoice. Please set one, or pass one."
        raise StripeRefusal(words)
    declined = collecting.pay(books, invoice, method, "absent" if params.get("off_session", True) else "present")
    if declined is None:
        return invoice
    if declined.code == "authentication_required":
        books.announce("invoice.payment_action_required", invoice)
    books.announce("invoice.payment_failed", invoice)
    refusal: CardRefusal = charging.refusal(declined, books.get("payment_intent", private(invoice)["intent"]))
    raise refusal


def finalise(books: Books, wanted: str, params: Json) -> Json:
    """A draft becomes open; what it charges is final. `auto_advance` of false leaves collecting it to the shop."""
    only(params, ("auto_advance",))
    invoice = books.get("invoice", wanted)
    if invoice["status"] != "draft":
        raise StripeRefusal("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
    collecting.issue(books, invoice)
    invoice["auto_advance"] = params.get("auto_advance", True) and invoice["status"] == "open"
    return invoice


def void(books: Books, wanted: str) -> Json:
    invoice = books.get("invoice", wanted)
    if invoice["status"] not in ("open", "uncollectible"):
        raise StripeRefusal(f"You can only void open or uncollectible invoices; this one is {invoice['status']}.")
    issuing.void(books, invoice)
    _drop_the_update_it_was_for(books, invoice)
    return invoice


def _drop_the_update_it_was_for(books: Books, invoice: Json) -> None:
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    subscription = books.peek(details["subscription"]) if details.get("subscription") else None
    if subscription is not None and private(subscription).get("pending_invoice") == invoice["id"]:
        pending.drop(books, subscription)
