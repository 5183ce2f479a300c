"""Stripe Tax hears of what was sold and given back, where an order was charged by its answer: once each, by a job.

What it refuses is said to staff on the order; the money has moved all the same.
"""

from uuid import UUID

from components.foundation import formatting
from components.foundation.languages import language
from components.orders import flags, queries
from components.orders.facts import OrderPaid, OrderRefunded, RefundFailed
from components.orders.views import OrderView, RefundMade
from components.payments.taxes import tax_sales
from components.payments.taxes.tax_sales import Heard, NotRecorded

OF_SALE = "Stripe Tax has not recorded this sale: "
OF_REFUND = "Stripe Tax has not recorded the refund of {refund}: "
OF_FAILED = "The refund of {refund} failed"
"""How what is said of each begins, by which it is found once it was dealt with."""
_SALE = OF_SALE + "{words} Enter it there by hand, so that your tax reports are complete."
_BACK = OF_REFUND + "{words} Enter it there by hand, so that your tax reports are complete."
_FAILED = {
    Heard.RECORDED: OF_FAILED + " after Stripe Tax had recorded it. Enter the sale of that amount "
    "there again by hand, so that your tax reports are complete.",
    Heard.REFUSED: OF_FAILED + ". Should you have entered it in Stripe Tax by hand, enter the sale of "
    "that amount there again.",
    Heard.UNANSWERED: OF_FAILED + " while Stripe Tax was being told of it. See whether it is recorded "
    "there; if so, enter the sale of that amount again by hand, so that your tax reports are complete.",
}


async def order_paid(fact: OrderPaid) -> None:
    order = await queries.by_id(fact.order_id)
    if order is None or order.paid_at is None:
        return
    try:
        await tax_sales.record(order.id, number=order.number, sold_at=order.paid_at)
    except NotRecorded as refusal:
        await _tell(order.id, _SALE, words=_sentence(refusal))


async def order_refunded(fact: OrderRefunded) -> None:
    order, refund = await _refund(fact.order_id, fact.refund_id)
    if order is None or order.paid_at is None or refund is None or not refund.counts:
        return
    try:
        await tax_sales.reverse(
            order.id,
            refund=refund.id,
            amount=refund.amount,
            is_whole=refund.amount == order.total,
            number=order.number,
            sold_at=order.paid_at,
        )
    except NotRecorded as refusal:
        await _tell(order.id, _BACK, refund=named(order, refund), words=_sentence(refusal))
    await _look_again(fact)


async def refund_failed(fact: RefundFailed) -> None:
    """Stripe Tax cannot take back what it was told of a refund."""
    order, refund = await _refund(fact.order_id, fact.refund_id)
    told = await tax_sales.told_of(fact.order_id, fact.refund_id)
    if order is not None and refund is not None and told in _FAILED:
        await _tell(fact.order_id, _FAILED[told], refund=named(order, refund))


async def _look_again(fact: OrderRefunded) -> None:
    """It may have failed while Stripe Tax was being told of it, and before anything was known of that."""
    _, refund = await _refund(fact.order_id, fact.refund_id)
    if refund is not None and not refund.counts:
        await refund_failed(RefundFailed(fact.order_id, fact.refund_id))


async def _refund(order_id: UUID, refund_id: UUID) -> tuple[OrderView | None, RefundMade | None]:
    order = await queries.by_id(order_id)
    return order, next((one for one in order.refunds if one.id == refund_id), None) if order else None


def named(order: OrderView, refund: RefundMade) -> str:
    """Its amount and moment, as the order's timeline has it."""
    with language.speaking(language.STAFF):
        return f"{formatting.money(refund.amount, order.currency)} ({formatting.moment(refund.at)})"


def _sentence(refusal: NotRecorded) -> str:
    return f"{str(refusal).rstrip('.')}."


async def _tell(order_id: UUID, said: str, **named: str) -> None:
    await flags.note(order_id, said.format(**named))
