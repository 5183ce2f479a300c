"""The lines of an invoice: Stripe embeds the first ten, and lists all of them at an address of their own."""

from typing import Any

Json = dict[str, Any]
EMBEDDED = 10


def ordered(invoice: Json) -> list[Json]:
    """As Stripe sorts them: pending items and prorations first, then what the subscription itself bills."""
    return sorted(invoice["lines"]["data"], key=_is_of_subscription)


def _is_of_subscription(line: Json) -> bool:
    details = line["parent"]["subscription_item_details"]
    return bool(details) and not details["proration"]


def embedded(invoice: Json) -> Json:
    """The invoice with its first ten lines, in Stripe's order."""
    lines = ordered(invoice)
    invoice["lines"] |= {"data": lines[:EMBEDDED], "has_more": len(lines) > EMBEDDED}
    return invoice
