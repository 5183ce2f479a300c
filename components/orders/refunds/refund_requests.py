"""Refund requests of staff, and whether they are allowed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from components.foundation.formatting import money
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.orders.refunds import refund_allocation
from components.orders.views import OrderView


class OverRefund(Refusal):
    def __init__(self, left: Money) -> None:
        super().__init__(f"That is too much: only {money(left)} can still be refunded.")


class NothingToRefund(Refusal):
    message = "Choose what to refund: some units, or an amount above zero."


class TooManyUnits(Refusal):
    message = "That is more units than were bought or can still be refunded."


class NotPaid(Refusal):
    message = "This order has not been paid, so there is nothing to refund."


@dataclass(frozen=True, kw_only=True)
class RefundRequest:
    """A refund as requested by staff. `units` by order line are for the record, and for the stock where `restocks`."""

    amount: int
    units: Mapping[UUID, int] = field(default_factory=dict)
    restocks: bool = False
    reason: str = ""


def whole_order(order: OrderView, *, restocks: bool, reason: str = "") -> RefundRequest:
    """Everything not refunded yet, delivery included."""
    return RefundRequest(amount=order.left, units=refund_allocation.units_left(order), restocks=restocks, reason=reason)


def for_units(order: OrderView, units: Mapping[UUID, int], *, restocks: bool, reason: str = "") -> RefundRequest:
    """The price of these units. Raises `TooManyUnits`."""
    chosen = {line_id: quantity for line_id, quantity in units.items() if quantity > 0}
    left = refund_allocation.units_left(order)
    if any(quantity > left.get(line_id, 0) for line_id, quantity in chosen.items()):
        raise TooManyUnits
    return RefundRequest(
        amount=refund_allocation.of_lines(order, chosen), units=chosen, restocks=restocks, reason=reason
    )


def refuse_invalid(order: OrderView, request: RefundRequest) -> None:
    if not order.is_paid:
        raise NotPaid
    if request.amount <= 0:
        raise NothingToRefund
    if request.amount > order.left:
        raise OverRefund(Money(order.left, order.currency))
    left = refund_allocation.units_left(order)
    if any(quantity > left.get(line_id, 0) for line_id, quantity in request.units.items()):
        raise TooManyUnits
