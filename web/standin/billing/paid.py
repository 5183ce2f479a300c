"""The effect of a paid invoice on its subscription."""

from typing import Any

from web.standin.billing import pending, statuses
from web.standin.state.books import Books, private

Json = dict[str, Any]


def stand(books: Books, subscription: Json, invoice: Json) -> None:
    """Applies the update it paid for, resumes a paused subscription, and ends arrears."""
    if private(subscription).get("pending_invoice") == invoice["id"]:
        pending.apply(books, subscription)
    if subscription["status"] == "paused" and private(invoice).get("resumes"):
        statuses.resume(books, subscription)
    elif subscription["status"] in ("incomplete", "past_due", "unpaid") and _is_latest(subscription, invoice):
        statuses.change(books, subscription, "active")


def _is_latest(subscription: Json, invoice: Json) -> bool:
    """Only the latest invoice decides, as at Stripe."""
    return subscription["latest_invoice"] in (invoice["id"], None)
