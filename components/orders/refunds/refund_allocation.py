"""How much of a line's amount belongs to some of its units. Pure; amounts in minor units."""

from collections.abc import Mapping
from itertools import pairwise
from uuid import UUID

from components.orders.views import LineSold, OrderView


def of_units(order: OrderView, line: LineSold, quantity: int) -> int:
    """The price of the next `quantity` units: the shares of all units add up to the line to the penny."""
    charged = line.total if order.tax_is_included else line.total + line.tax
    before = order.units_refunded(line.id)
    return charged * (before + quantity) // line.quantity - charged * before // line.quantity


def unit_prices(order: OrderView, line: LineSold) -> tuple[int, ...]:
    """What is refunded for each unit that is left, in turn: a penny apart where the line does not divide."""
    left = line.quantity - order.units_refunded(line.id)
    upto = [of_units(order, line, quantity) for quantity in range(left + 1)]
    return tuple(after - before for before, after in pairwise(upto))


def of_lines(order: OrderView, quantities: Mapping[UUID, int]) -> int:
    """The price of these units of an order, beyond those refunded before."""
    return sum(of_units(order, line, quantities.get(line.id, 0)) for line in order.lines)


def of_credit(order: OrderView, amount: int) -> int:
    """How much of a refund is returned as store credit: its share of the order, and never more than either has left.

    The shares of all refunds add up to the order's credit to the penny.
    """
    if not order.credit or not order.total:
        return 0
    given = order.credit - order.credit_left
    share = order.credit * (order.refunded + amount) // order.total - given
    money_left = order.left - order.credit_left
    return max(amount - money_left, min(share, amount, order.credit_left), 0)


def units_left(order: OrderView) -> dict[UUID, int]:
    """The units of each line that have not been refunded yet."""
    left = {line.id: line.quantity - order.units_refunded(line.id) for line in order.lines}
    return {line_id: quantity for line_id, quantity in left.items() if quantity > 0}
