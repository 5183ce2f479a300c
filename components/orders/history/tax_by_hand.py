"""Staff have entered at Stripe Tax by hand what it has not recorded, or took too much of."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from components.foundation import audit, database
from components.foundation.database import transaction
from components.foundation.refusals import NotFound
from components.orders import flags, queries
from components.orders.history import tax_reports
from components.orders.tables import Order
from components.payments.taxes import tax_sales


async def mark_sale(order_id: UUID, *, by: UUID) -> bool:
    """Whether it is marked by this. May be repeated. Raises `NotFound`."""
    return await _mark(order_id, "sale", tax_reports.OF_SALE, by=by, mark=lambda: tax_sales.mark_sale_entered(order_id))


async def mark_refund(order_id: UUID, refund_id: UUID, *, by: UUID) -> bool:
    """Of a refund that failed after Stripe had it: the sale of that amount. Whether it is marked by this. May be
    repeated. Raises `NotFound`."""
    order = await queries.by_id(order_id)
    refund = next((one for one in order.refunds if one.id == refund_id), None) if order else None
    if order is None or refund is None:
        raise NotFound
    named = tax_reports.named(order, refund)
    if refund.counts:
        beginning = tax_reports.OF_REFUND.format(refund=named)
        return await _mark(order_id, "refund", beginning, by=by, mark=lambda: tax_sales.mark_refund_entered(refund_id))
    beginning = tax_reports.OF_FAILED.format(refund=named)
    return await _mark(order_id, "failed refund", beginning, by=by, mark=lambda: tax_sales.mark_restored(refund_id))


async def _mark(order_id: UUID, what: str, beginning: str, *, by: UUID, mark: Callable[[], Awaitable[bool]]) -> bool:
    """With it the order needs no attention because of that any more."""
    async with transaction():
        order = await database.locked(Order, Order.id == order_id)
        if order is None:
            raise NotFound
        if not await mark():
            return False
        flags.lower(order, beginning)
        await order.save(columns=[Order.flagged_at, Order.flag])
        await audit.record(by, "tax entered by hand", "order", order.number, after={"what": what})
    return True
