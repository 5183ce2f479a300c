"""Stripe Tax hears of what was sold and given back, where an order was charged by its answer: once each, by a job.

What it refuses is said to staff on the order; the money has moved all the same.
"""

from uuid import UUID

from components.orders import flags, queries
from components.orders.facts import OrderPaid, OrderRefunded, RefundFailed
from components.payments.taxes import tax_sales
from components.payments.taxes.tax_sales import NotRecorded

_SALE = "Stripe Tax has not recorded this sale: {words} Enter it there by hand, so that your tax reports are complete."
_BACK = "Stripe Tax has not recorded a refund: {words} Enter it there by hand, so that your tax reports are complete."
_FAILED = (
    "A refund of this order failed after Stripe Tax had recorded it. Enter the sale there again by hand, so that your "
    "tax reports are complete."
)


async def order_paid(fact: OrderPaid) -> None:
    order = await queries.by_id(fact.order_id)
    if order is None or not order.is_paid:
        return
    try:
        await tax_sales.record(order.id, number=order.number)
    except NotRecorded as refusal:
        await _tell(order.id, _SALE, str(refusal))


async def order_refunded(fact: OrderRefunded) -> None:
    order = await queries.by_id(fact.order_id)
    refund = next((one for one in order.refunds if one.id == fact.refund_id), None) if order else None
    if order is None or refund is None or not refund.counts:
        return
    try:
        await tax_sales.reverse(
            order.id, refund=refund.id, amount=refund.amount, is_whole=refund.amount == order.total, number=order.number
        )
    except NotRecorded as refusal:
        await _tell(order.id, _BACK, str(refusal))


async def refund_failed(fact: RefundFailed) -> None:
    """Stripe Tax cannot take back what it was told of a refund."""
    if await tax_sales.is_reversed(fact.refund_id):
        await flags.note(fact.order_id, _FAILED)


async def _tell(order_id: UUID, words: str, refusal: str) -> None:
    await flags.note(order_id, words.format(words=f"{refusal.rstrip('.')}."))
