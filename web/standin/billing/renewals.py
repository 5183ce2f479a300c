"""Scheduled changes of subscriptions and invoices."""

from collections.abc import Callable
from typing import Any

from web.standin.billing import calendar, collecting, invoices, issuing, lines, pausing, pending, statuses
from web.standin.state.books import Books, private, shown

Json = dict[str, Any]


def renew(books: Books, subscription: Json) -> None:
    """The period is over: a new one begins, and its invoice is a draft for about an hour."""
    was_trial = subscription["status"] == "trialing"
    if was_trial and _ends_without_card(books, subscription):
        return
    before = shown(subscription)
    found = _next_period(books, subscription)
    subscription["status"] = "active" if was_trial else subscription["status"]
    found += private(subscription).pop("pending_items", [])
    invoice = invoices.draft(books, subscription, found, "subscription_cycle")
    invoice |= {
        "period_start": before["items"]["data"][0]["current_period_start"],
        "period_end": books.now(subscription),
    }
    subscription["latest_invoice"] = invoice["id"]
    statuses.announce_change(books, subscription, before)
    _hold_back(books, subscription, invoice)


def _next_period(books: Books, subscription: Json) -> list[Json]:
    now = books.now(subscription)
    found = []
    for item in subscription["items"]["data"]:
        start, end = calendar.period_at(subscription["billing_cycle_anchor"], now, item["price"]["recurring"])
        item |= {"current_period_start": start, "current_period_end": end}
        found.append(lines.for_period(books, subscription, item, start, end))
    return found


def _ends_without_card(books: Books, subscription: Json) -> bool:
    """A trial without a card ends as `trial_settings` says; True when nothing is to be billed."""
    behaviour = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    customer = books.get("customer", subscription["customer"])
    has_card = subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]
    if has_card or behaviour == "create_invoice":
        return False
    if behaviour == "cancel":
        statuses.end(books, subscription, reason="payment_failed")
    else:
        pausing.mark(books, subscription, "trial_end_without_payment_method")
    return True


def _hold_back(books: Books, subscription: Json, invoice: Json) -> None:
    """`pause_collection` creates invoices all the same, and sets them aside in one of three ways."""
    held = subscription["pause_collection"]
    if subscription["status"] == "unpaid" or (held and held["behavior"] == "keep_as_draft"):
        invoice["auto_advance"] = False
        books.announce("invoice.created", invoice)
    elif held and held["behavior"] == "void":
        books.announce("invoice.created", invoice)
        issuing.close(books, invoice, status="void", transition="voided_at", event="invoice.voided")
    elif held:
        books.announce("invoice.created", invoice)
        issuing.close(
            books,
            invoice,
            status="uncollectible",
            transition="marked_uncollectible_at",
            event="invoice.marked_uncollectible",
        )
    else:
        invoices.keep_as_draft(books, invoice)


def finalise(books: Books, invoice: Json) -> None:
    collecting.issue(books, invoice)
    if invoice["status"] == "open":
        collecting.collect(books, invoice)


def lapse(books: Books, invoice: Json) -> None:
    """Nobody paid for the resumption: the subscription stays paused."""
    issuing.void(books, invoice)


def trial_notice(books: Books, subscription: Json) -> None:
    private(subscription)["trial_notice_sent"] = True
    books.announce("customer.subscription.trial_will_end", subscription)


def collect_again(books: Books, subscription: Json) -> None:
    before = shown(subscription)
    subscription["pause_collection"] = None
    statuses.announce_change(books, subscription, before)


Change = Callable[[Books, Json], None]

SUBSCRIPTION: dict[str, Change] = {
    "abandon": statuses.abandon,
    "cancel": lambda books, subscription: statuses.end(books, subscription, reason="cancellation_requested"),
    "collect_again": collect_again,
    "drop_update": pending.drop,
    "renew": renew,
    "trial_notice": trial_notice,
}
INVOICE: dict[str, Change] = {"finalise": finalise, "lapse": lapse, "retry": collecting.collect}
