"""What was paid, what went back of it, and what the shop has: one block, alike for orders, fees, gifts and terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.checkout.placement import joined_fees
from components.foundation.money import Money
from components.orders.views import OrderView
from components.payments.disputes import DisputeView


@dataclass(frozen=True, slots=True)
class NetPayment:
    """`rows` as `ui/totals.html` shows them: what was paid less what went back is `net`."""

    rows: list[tuple[Any, ...]]
    net: Money


def net_payment(paid: Money, refunded: Money, *, credit_back: Money | None = None) -> NetPayment | None:
    """Of a fee, a gift or a term, in money; None while nothing went back."""
    if not refunded.amount and not credit_back:
        return None
    rows: list[tuple[Any, ...]] = [("Paid", paid, ""), ("Refunded", refunded, "back")]
    if credit_back:
        rows.append(("Given back as store credit", credit_back, "within"))
    return NetPayment(rows, paid - refunded)


async def of_order(order: OrderView, disputed: Sequence[DisputeView]) -> NetPayment | None:
    """In money: what was paid or given back as store credit is only named. None while nothing went back."""
    if not order.is_paid:
        return None
    made = [refund for refund in order.refunds if refund.counts]
    back = [
        ("Refunded", sum(refund.money for refund in made if refund.status == "succeeded")),
        ("Refund on its way", sum(refund.money for refund in made if refund.status != "succeeded")),
        ("Membership fee refunded", await joined_fees.refunded(order)),
        ("Lost in a dispute", sum(one.amount for one in disputed if one.status == "lost")),
    ]
    beside = [
        ("Given back as store credit", sum(refund.credit for refund in made)),
        ("Disputed, and held by the bank", sum(one.amount for one in disputed if one.is_open and not one.is_inquiry)),
    ]
    if not any(amount for _, amount in [*back, *beside]):
        return None
    rows = [(words, Money(amount, order.currency), "back") for words, amount in back if amount]
    rows += [(words, Money(amount, order.currency), "within") for words, amount in beside if amount]
    return NetPayment(rows, Money(order.charged - sum(amount for _, amount in back), order.currency))
