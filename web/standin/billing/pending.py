"""Updates that await their payment (`payment_behavior=pending_if_incomplete`)."""

from typing import Any

from web.standin.billing import issuing, statuses
from web.standin.contract import blanks
from web.standin.state.books import Books, private, shown
from web.standin.state.clock import HOUR
from web.standin.state.due import UNFINISHED_HOURS, period_end

Json = dict[str, Any]


def keep(books: Books, subscription: Json, change: Json, invoice: Json) -> None:
    """`change` is the subscription's fields once `invoice` is paid."""
    billed = private(subscription).get("billed", {})
    private(subscription).update(pending_change=change, pending_invoice=invoice["id"], pending_billed=billed)
    subscription["pending_update"] = blanks.blank_part("stripe._subscription:Subscription.PendingUpdate") | {
        "expires_at": min(books.now(subscription) + UNFINISHED_HOURS * HOUR, period_end(subscription)),
        "subscription_items": change["items"]["data"],
        "trial_end": change.get("trial_end"),
    }


def apply(books: Books, subscription: Json) -> None:
    before = shown(subscription)
    subscription |= private(subscription)["pending_change"]
    private(subscription)["billed"] = private(subscription)["pending_billed"]
    _clear(subscription)
    books.announce("customer.subscription.pending_update_applied", subscription)
    statuses.announce_change(books, subscription, before)


def drop(books: Books, subscription: Json) -> None:
    """Nobody paid in time: the old plan stays, the invoice for the new one is void."""
    invoice = books.get("invoice", private(subscription)["pending_invoice"])
    if invoice["status"] == "open":
        issuing.void(books, invoice)
    _clear(subscription)
    books.announce("customer.subscription.pending_update_expired", subscription)


def _clear(subscription: Json) -> None:
    subscription["pending_update"] = None
    for name in ("pending_change", "pending_invoice", "pending_billed"):
        private(subscription).pop(name, None)
