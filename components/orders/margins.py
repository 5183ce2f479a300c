"""What the shop keeps of an order. For staff: no order as shoppers read it knows what its pieces cost."""

from dataclasses import dataclass
from typing import Any

from components.foundation import database
from components.orders.views import OrderView


@dataclass(frozen=True, slots=True)
class Margin:
    """In minor units before tax. `sales` has delivery in it and refunds taken off; pieces that came back into the
    stock cost nothing."""

    sales: int
    cost: int

    @property
    def amount(self) -> int:
        return self.sales - self.cost


async def margin_of(order: OrderView) -> Margin | None:
    """None while it is not paid, or when what one of its pieces cost was not known at the time."""
    if not order.is_paid:
        return None
    rows = await database.fetch(_COSTS, order.id)
    if not rows or any(row["unit_cost"] is None for row in rows):
        return None
    return Margin(_sales(order), sum(_cost(row) for row in rows))


_COSTS = """
SELECT l.unit_cost, l.quantity, (SELECT coalesce(sum(rl.quantity), 0) FROM refund_line rl
  JOIN refund r ON r.id = rl.refund AND r.status <> 'failed' AND r.restocks WHERE rl.line = l.id)::int AS back
FROM order_line l WHERE l."order" = $1"""


def _cost(row: dict[str, Any]) -> int:
    return int(row["unit_cost"] * (row["quantity"] - row["back"]))


def _sales(order: OrderView) -> int:
    """What was paid before tax, less the share of it that was given back."""
    untaxed = order.total - order.tax
    return untaxed - untaxed * order.refunded // order.total if order.total else 0
