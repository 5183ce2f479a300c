"""Orders: what was agreed, frozen at its placing, and everything that then becomes of it.

Owns orders and their lines, fulfilments, refunds, the notes staff keep, and the words of an order's state.
Leaves prices to `pricing`, units to `catalog`, moving money to `payments`, baskets and placing to `checkout`.
"""

from components.orders import (
    benefits_used,
    changes,
    earning,
    flags,
    fulfilments,
    listing,
    margins,
    notes,
    owners,
    past,
    refunds,
    shares,
    wording,
)
from components.orders.facts import (
    OrderFlagged,
    OrderLapsed,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
    OrderShipped,
    RefundAsked,
    RefundUndone,
)
from components.orders.ordered import ordered_question
from components.orders.placing import Agreement, Joining, extend, place
from components.orders.reading import by_id, by_number, by_token, joined_with, of_person
from components.orders.settling import flag_mismatch, lapse, lapse_overdue, record_paid, settle, take_stock
from components.orders.shapes import LineSold, OrderView, PostalAddress
from components.orders.soundness import invariants

__all__ = [
    "Agreement",
    "Joining",
    "LineSold",
    "OrderFlagged",
    "OrderLapsed",
    "OrderPaid",
    "OrderPlaced",
    "OrderRefunded",
    "OrderShipped",
    "OrderView",
    "PostalAddress",
    "RefundAsked",
    "RefundUndone",
    "benefits_used",
    "by_id",
    "by_number",
    "by_token",
    "changes",
    "earning",
    "extend",
    "flag_mismatch",
    "flags",
    "fulfilments",
    "invariants",
    "joined_with",
    "lapse",
    "lapse_overdue",
    "listing",
    "margins",
    "notes",
    "of_person",
    "ordered_question",
    "owners",
    "past",
    "place",
    "record_paid",
    "refunds",
    "settle",
    "shares",
    "take_stock",
    "wording",
]
