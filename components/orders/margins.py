"""The margin of an order. For staff: no view of an order for shoppers contains unit costs."""

from dataclasses import dataclass
from typing import NamedTuple

from components.foundation import database
from components.orders.views import OrderView


@dataclass(frozen=True, slots=True)
class Margin:
    """In minor units before tax. `sales` includes delivery and excludes refunds; units that were restocked cost
    nothing."""

    sales: int
    cost: int

    @property
    def amount(self) -> int:
        return self.sales - self.cost


class _SoldLine(NamedTuple):
    """`back` of its units were restocked."""

    unit_cost: int | None
    quantity: int
    back: int


_COSTS = """
SELECT l.unit_cost, l.quantity, (SELECT coalesce(sum(rl.quantity), 0) FROM refund_line rl
  JOIN refund r ON r.id = rl.refund AND r.status <> 'failed' AND r.restocks WHERE rl.line = l.id)::int AS back
FROM order_line l WHERE l."order" = $1"""


async def margin_of(order: OrderView) -> Margin | None:
    """None while it is not paid, or when a unit cost was unknown at the time."""
    if not order.is_paid:
        return None
    lines = await database.fetch_as(_SoldLine, _COSTS, order.id)
    costs = [line.unit_cost * (line.quantity - line.back) for line in lines if line.unit_cost is not None]
    if not lines or len(costs) < len(lines):
        return None
    return Margin(_sales(order), sum(costs))


def _sales(order: OrderView) -> int:
    """The amount paid before tax, less the refunded share."""
    untaxed = order.total - order.tax
    return untaxed - untaxed * order.refunded // order.total if order.total else 0
