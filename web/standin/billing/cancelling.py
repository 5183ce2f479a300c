"""Ending a subscription at once."""

from typing import Any

from web.standin.billing import collecting, invoices, lines, statuses
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books, private

Json = dict[str, Any]


def cancel(books: Books, wanted: str, params: Json) -> Json:
    """At once. Unused time is credited only on request (`prorate`), and invoiced only on request (`invoice_now`)."""
    subscription = books.get("subscription", wanted)
    if subscription["status"] in ("canceled", "incomplete_expired"):
        raise StripeRefusal(f"No such subscription: '{wanted}'", status=404, code="resource_missing", param="id")
    note_reason(subscription, params.get("cancellation_details") or {})
    _final_invoice(books, subscription, params)
    statuses.end(books, subscription, reason="cancellation_requested")
    return subscription


def _final_invoice(books: Books, subscription: Json, params: Json) -> None:
    found = private(subscription).pop("pending_items", [])
    if params.get("prorate") and subscription["status"] in ("active", "past_due"):
        at = books.now(subscription)
        found += [lines.credit(books, subscription, item, at) for item in subscription["items"]["data"]]
    if found and params.get("invoice_now"):
        collecting.issue_and_collect(books, invoices.draft(books, subscription, found, "subscription_update"))


def note_reason(subscription: Json, wanted: Json) -> None:
    known = subscription["cancellation_details"] or {"reason": None}
    subscription["cancellation_details"] = {"comment": None, "feedback": None, "feedback_option": None} | known
    for name in ("comment", "feedback"):
        if name in wanted:
            subscription["cancellation_details"][name] = wanted[name] or None
