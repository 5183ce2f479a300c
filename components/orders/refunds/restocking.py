"""The effects of a refund on stock: returned units, and the early access quota and limits."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from components.catalog.early_access import purchases
from components.catalog.stock import stock
from components.orders import queries
from components.orders.refunds.refund_requests import RefundRequest
from components.orders.views import LineSold, OrderView


async def restock(order: OrderView, request: RefundRequest, *, key: UUID, by: UUID | None) -> None:
    """Within the refund's transaction. Only restocked units go back to a quota."""
    if request.restocks and order.stock_taken_at is not None:
        back = _by_variant(request.units, order.lines)
        await purchases.reverse(order.id, back)
        for variant_id in sorted(back):
            await stock.restock(variant_id, back[variant_id], because_of=key, by=by)
    bought = tuple(line for line in order.lines if line.gift is None)
    await purchases.refund(order.id, _by_variant(request.units, bought))
    await restock_whole(order.id)


async def restock_whole(order_id: UUID) -> None:
    """An order with nothing left to refund was refunded completely, whether or not units were named."""
    order = await queries.by_id(order_id)
    if order is not None and order.left == 0:
        await purchases.refund_all(order_id)


def _by_variant(units: Mapping[UUID, int], lines: tuple[LineSold, ...]) -> dict[UUID, int]:
    found: Counter[UUID] = Counter()
    for line in lines:
        found[line.variant_id] += units.get(line.id, 0)
    return {variant_id: quantity for variant_id, quantity in found.items() if quantity}
