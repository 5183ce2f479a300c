"""Pausing and resuming by `subscriptions.pause` and `.resume`: no invoices and no new periods in between.

`pause_collection`, an older feature with a similar name, still creates periods and invoices; `renewals` handles it.
"""

from typing import Any

from web.standin.billing import calendar, collecting, invoices, lines, statuses
from web.standin.modelled import only
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books, private
from web.standin.state.clock import HOUR
from web.standin.state.due import UNFINISHED_HOURS

Json = dict[str, Any]
MAY_PAUSE = ("active", "trialing", "past_due")


def pause(books: Books, wanted: str, params: Json) -> Json:
    only(params, ("bill_for", "invoicing_behavior", "type"))
    subscription = books.get("subscription", wanted)
    if subscription["billing_mode"]["type"] != "flexible":
        raise StripeRefusal("Only subscriptions with `billing_mode` set to `flexible` can be paused.", param="id")
    if subscription["status"] not in MAY_PAUSE:
        raise StripeRefusal(f"A subscription that is {subscription['status']} cannot be paused.", param="id")
    found = _credits(books, subscription, params)
    if found and params.get("invoicing_behavior") == "invoice":
        collecting.issue_and_collect(books, invoices.draft(books, subscription, found, "subscription_update"))
    else:
        private(subscription).setdefault("pending_items", []).extend(found)
    mark(books, subscription, "pause_requested")
    return subscription


def _credits(books: Books, subscription: Json, params: Json) -> list[Json]:
    since = params.get("bill_for", {}).get("unused_time_from", {}).get("type", "now")
    if since == "none" or subscription["status"] == "trialing":
        return []
    now = books.now(subscription)
    items = subscription["items"]["data"]
    return [
        lines.credit(books, subscription, item, now if since == "now" else item["current_period_start"])
        for item in items
    ]


def mark(books: Books, subscription: Json, reason: str) -> None:
    subscription |= {
        "status": "paused",
        "status_details": {
            "paused": {
                "subscription": {"type": reason},
                "transitioned_at": books.now(subscription),
                "type": "subscription",
            }
        },
    }
    books.announce("customer.subscription.paused", subscription)


def resume(books: Books, wanted: str, params: Json) -> Json:
    only(params, ("billing_cycle_anchor", "payment_behavior", "proration_behavior", "proration_date"))
    subscription = books.get("subscription", wanted)
    if subscription["status"] != "paused":
        raise StripeRefusal("Only a subscription that is paused can be resumed.", param="id")
    if params.get("billing_cycle_anchor", {}).get("type") == "unchanged":
        found, is_billed = _within_old_cycle(books, subscription, params)
    else:
        found, is_billed = _new_cycle(books, subscription), True
    if not is_billed:
        private(subscription).setdefault("pending_items", []).extend(found)
        statuses.resume(books, subscription)
        return subscription
    _bill(books, subscription, found + private(subscription).pop("pending_items", []), params)
    return subscription


def _new_cycle(books: Books, subscription: Json) -> list[Json]:
    now = books.now(subscription)
    subscription |= {"billing_cycle_anchor": now}
    return [_moved(books, subscription, item, now, now) for item in subscription["items"]["data"]]


def _moved(books: Books, subscription: Json, item: Json, anchor: int, now: int) -> Json:
    start, end = calendar.period_at(anchor, now, item["price"]["recurring"])
    item |= {"current_period_start": start, "current_period_end": end}
    return lines.for_period(books, subscription, item, start, end)


def _within_old_cycle(books: Books, subscription: Json, params: Json) -> tuple[list[Json], bool]:
    now = books.now(subscription)
    at = params.get("proration_date", now)
    found = []
    for item in subscription["items"]["data"]:
        _moved(books, subscription, item, subscription["billing_cycle_anchor"], now)
        found.append(lines.debit(books, subscription, item, at))
    behaviour = params.get("proration_behavior", "create_prorations")
    return ([] if behaviour == "none" else found), behaviour == "always_invoice"


def _bill(books: Books, subscription: Json, found: list[Json], params: Json) -> None:
    invoice = invoices.draft(books, subscription, found, "subscription_update")
    private(invoice).update(resumes=True, lapses_at=books.now(subscription) + UNFINISHED_HOURS * HOUR)
    collecting.issue(books, invoice)
    if invoice["status"] != "open" or params.get("payment_behavior") == "resume_on_payment_success":
        return
    declined = collecting.pay(books, invoice, collecting.method_for(books, invoice), "absent")
    if declined is not None:
        private(invoice).pop("lapses_at")
        statuses.resume(books, subscription)
        collecting.after_failure(books, invoice, declined)
