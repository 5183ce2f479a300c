"""`invoices.create_preview`: the next invoice as it would be. The caller discards the books afterwards."""

from typing import Any

from web.standin.billing import agreeing, calendar, changes, invoices, lines, subscriptions
from web.standin.modelled import only
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books, private

Json = dict[str, Any]
KNOWN = ("customer", "discounts", "subscription", "subscription_details", "currency")
DETAILS = (
    "billing_cycle_anchor",
    "cancel_at",
    "cancel_at_period_end",
    "items",
    "metadata",
    "proration_behavior",
    "proration_date",
    "trial_end",
)


def create(books: Books, params: Json) -> Json:
    only(params, KNOWN)
    details = params.get("subscription_details", {})
    only(details, DETAILS, within="subscription_details")
    invoice = _of_running(books, params, details) if "subscription" in params else _of_new(books, params, details)
    invoice["id"] = f"upcoming_{invoice['id']}"
    for line in invoice["lines"]["data"]:
        line["invoice"] = invoice["id"]
    return invoice


def _of_new(books: Books, params: Json, details: Json) -> Json:
    if not details.get("items"):
        raise StripeRefusal("You must pass subscription_details[items] or subscription.", param="subscription_details")
    terms: Json = {name: details[name] for name in ("items", "metadata", "trial_end") if name in details}
    anchor = details.get("billing_cycle_anchor", {}).get("timestamp")
    terms |= {"billing_cycle_anchor": anchor} if anchor else {}
    subscription = agreeing.agree(
        books, terms | {name: params[name] for name in ("customer", "discounts") if name in params}
    )
    found = [subscriptions.first_line(books, subscription, item) for item in subscription["items"]["data"]]
    return invoices.draft(books, subscription, found, "subscription_create")


def _of_running(books: Books, params: Json, details: Json) -> Json:
    subscription = books.named("subscription", params["subscription"], param="subscription")
    if subscription["status"] in ("canceled", "incomplete_expired"):
        words = "You cannot preview the upcoming invoice for a canceled subscription."
        raise StripeRefusal(words, code="invoice_upcoming_none")
    is_changed = bool({"items", "billing_cycle_anchor", "trial_end"} & details.keys())
    change = changes.work_out(books, subscription, details) if is_changed else changes.SubscriptionChange({})
    subscription |= change.fields
    waiting = private(subscription).pop("pending_items", [])
    if change.is_billed_now or (change.lines and details.get("proration_behavior") == "always_invoice"):
        invoice = invoices.draft(books, subscription, change.lines + waiting, "upcoming")
    else:
        invoice = _at_renewal(books, subscription, details, change.lines + waiting)
    shown_at = details.get("proration_date", books.now(subscription)) if change.lines else None
    invoice["parent"]["subscription_details"]["subscription_proration_date"] = shown_at
    return invoice


def _at_renewal(books: Books, subscription: Json, details: Json, waiting: list[Json]) -> Json:
    """The renewal with its pending lines; only the latter when the subscription will not renew."""
    ends = details.get("cancel_at_period_end", subscription["cancel_at"] is not None)
    first = subscription["items"]["data"][0]
    if ends and not waiting:
        raise StripeRefusal(
            "No upcoming invoices for customer: the subscription ends.", status=404, code="invoice_upcoming_none"
        )
    found = []
    for item in () if ends else subscription["items"]["data"]:
        start = item["current_period_end"]
        end = calendar.period_at(subscription["billing_cycle_anchor"], start, item["price"]["recurring"])[1]
        found.append(lines.for_period(books, subscription, item, start, end))
    invoice = invoices.draft(books, subscription, found + waiting, "upcoming")
    invoice |= {
        "created": first["current_period_end"],
        "next_payment_attempt": first["current_period_end"] + invoices.DRAFT_HOURS * 3600,
        "period_start": first["current_period_start"],
        "period_end": first["current_period_end"],
    }
    return invoice
