"""How much of a line's money belongs to some of its units. Pure; amounts in minor units."""

from collections.abc import Mapping
from uuid import UUID

from components.orders.shapes import LineSold, OrderView


def of_units(order: OrderView, line: LineSold, quantity: int) -> int:
    """What the next `quantity` units cost: the shares of all units add up to the line to the penny."""
    charged = line.total if order.tax_is_included else line.total + line.tax
    before = order.units_refunded(line.id)
    return charged * (before + quantity) // line.quantity - charged * before // line.quantity


def of_lines(order: OrderView, quantities: Mapping[UUID, int]) -> int:
    """What these units of an order cost, beyond those that were refunded before."""
    return sum(of_units(order, line, quantities.get(line.id, 0)) for line in order.lines)


def units_left(order: OrderView) -> dict[UUID, int]:
    """The units of each line that no refund was for yet."""
    left = {line.id: line.quantity - order.units_refunded(line.id) for line in order.lines}
    return {line_id: quantity for line_id, quantity in left.items() if quantity > 0}
