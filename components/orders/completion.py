"""The end of an order that awaits payment: it is completed once, or it expires. A payment always takes precedence."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import structlog

from components.catalog.catalog_refusals import OutOfStock
from components.catalog.stock import stock
from components.foundation import audit, clock, database, outbox
from components.foundation.database import transaction
from components.foundation.languages import language
from components.foundation.languages.words import _
from components.foundation.operations import one_by_one
from components.foundation.refusals import NotFound
from components.ledger import reservations
from components.orders import flags
from components.orders.facts import OrderExpired, OrderPaid
from components.orders.tables import Order, OrderLine
from components.payments.checkout_sessions import pages
from components.payments.payment_refusals import OutcomeUnknown, PaymentRefused, is_silence
from components.payments.tables import CheckoutSession
from components.pricing.coupons import redemptions
from components.rewards import free_products

ELSEWHERE = "elsewhere:"
A_LOT, FIRST_TIME, FIRST_ID = 200, datetime.min.replace(tzinfo=UTC), UUID(int=0)
log = structlog.get_logger()
OUT_OF_STOCK = "Paid, but out of stock."
NOT_AS_AGREED = "The amount paid differs from the order total. Nothing has been shipped."


async def complete(order_id: UUID) -> Order:
    """Mark it paid if its money is there: units leave the stock and the fact is announced, once however often it is
    called.

    Trusts only the payments mirror. An order that had expired and was paid after all counts as paid.
    """
    async with transaction():
        order = await _held(order_id)
        if order.is_paid:
            return order
        paid = await _paid_page(order_id)
        if not order.needs_page and not order.is_cancelled:
            await _become_paid(order, None)
        elif paid is not None and _is_as_agreed(order, paid):
            await _become_paid(order, await pages.payment_of(paid))
        elif paid is not None:
            await flags.raise_flag(order, NOT_AS_AGREED)
    return order


async def expire(order_id: UUID) -> Order:
    """Release the units when nobody can pay any more; an order that has been paid is completed instead."""
    async with transaction():
        order = await _held(order_id)
        if order.is_paid or order.is_cancelled:
            return order
        known = await pages.for_order(order_id)
        if known is not None and known.is_paid:
            return await complete(order_id)
        if known is not None and (known.is_open or known.is_complete):
            return order
        order.cancelled_at = clock.now()
        await _save(order)
        await stock.release(order_id)
        await reservations.release(order_id, words=f"Order {order.number} was not paid")
        await free_products.release(order_id)
        await redemptions.restore(order_id)
        await outbox.announce(OrderExpired(order_id))
    return order


async def expire_overdue() -> int:
    """Check every order past its time to pay, then complete or expire it. Returns how many were checked.

    One that is in a bad state does not stop those after it; only while Stripe does not answer at all nothing goes on.
    Raises `StripeUnavailable`, `ExceptionGroup`.
    """
    now = clock.now()

    async def lot(last: _Overdue | None) -> list[_Overdue]:
        return await database.fetch_as(_Overdue, _OVERDUE, now, *(last or (FIRST_TIME, FIRST_ID)), A_LOT)

    return await one_by_one.each_in_lots(lot, _tried_to_end, what="order past its time to pay", unless=is_silence)


class _Overdue(NamedTuple):
    expires_at: datetime
    id: UUID


_OVERDUE = """
SELECT expires_at, id FROM orders WHERE paid_at IS NULL AND cancelled_at IS NULL AND expires_at < $1
  AND (expires_at, id) > ($2, $3) ORDER BY expires_at, id LIMIT $4
"""


async def _tried_to_end(one: _Overdue) -> None:
    try:
        await _end_overdue(one.id)
    except OutcomeUnknown:
        return  # it waits until it is known whether its card was charged
    except PaymentRefused as refused:
        log.warning("an order past its time to pay could not be ended", order=str(one.id), detail=refused.detail)


async def _end_overdue(order_id: UUID) -> None:
    page = await pages.for_order(order_id)
    if page is not None and page.is_complete and not page.is_paid:
        return  # the money is on its way, perhaps for days: its news completes the order, or the comparison with Stripe
    if page is not None and not page.is_paid:
        page = await pages.sync(page)
    if page is not None and page.is_open:
        await pages.expire(page)
    await expire(order_id)


async def record_paid(order_id: UUID, *, reference: str) -> Order:
    """Paid outside Stripe (a bank transfer, cash, a previous shop): completed without a payment page.

    `reference` says where the money is. Refunds are made there too and only recorded here.
    """
    async with transaction():
        order = await _held(order_id)
        if not order.is_paid:
            await _become_paid(order, f"{ELSEWHERE}{reference}"[:255])
    return order


async def flag_mismatch(order_id: UUID) -> None:
    """The amount paid differs from what was agreed: nothing is sent until staff have looked at it."""
    async with transaction():
        order = await _held(order_id)
        await flags.raise_flag(order, NOT_AS_AGREED)


async def take_stock(order_id: UUID, *, by: UUID | None) -> Order:
    """Take the units of a paid order from stock that were missing when it was paid. Raises `OutOfStock`."""
    async with transaction():
        order = await _held(order_id)
        if order.is_paid and not order.has_its_stock:
            await stock.sell(order_id)
            order.stock_taken_at = clock.now()
            flags.lower(order, OUT_OF_STOCK)
            await _save(order)
            await audit.record(by, "missing stock allocated", "order", order.number)
    return order


async def _become_paid(order: Order, payment_reference: str | None) -> None:
    order.paid_at = clock.now()
    order.cancelled_at = None
    order.payment_reference = payment_reference
    order.stock_taken_at = await _stock_taken(order)
    await _take_what_was_kept(order)
    await _save(order)
    await outbox.announce(OrderPaid(order.id))


async def _take_what_was_kept(order: Order) -> None:
    """Spend the store credit, claim the gifts, use the coupon. What was released and is no longer available is
    flagged."""
    with language.speaking(order.language):
        words = _("Order %(number)s", number=order.number)
    if not await reservations.spend(order.id, amount=order.credit, words=words):
        await flags.raise_flag(order, "Paid too late: the store credit used for it has been spent elsewhere.")
    await redemptions.use(order.id)
    lines = await OrderLine.select(OrderLine.gift).where((OrderLine.order == order.id) & OrderLine.gift.is_not_null())
    if not await free_products.claim([line["gift"] for line in lines], order_id=order.id):
        await flags.raise_flag(order, "Paid too late: the free gift in it was claimed with another order.")


async def _stock_taken(order: Order) -> datetime | None:
    try:
        with language.speaking(language.STAFF):
            async with transaction():
                await stock.sell(order.id)
    except OutOfStock as refusal:
        await flags.raise_flag(order, f"{OUT_OF_STOCK} {refusal} Refund it, or ship it when stock is back.")
        return None
    return clock.now()


async def _held(order_id: UUID) -> Order:
    order = await database.locked(Order, Order.id == order_id)
    if order is None:
        raise NotFound("We could not find this order.")
    return order


async def _paid_page(order_id: UUID) -> CheckoutSession | None:
    page = await pages.for_order(order_id)
    return page if page is not None and page.is_paid else None


def _is_as_agreed(order: Order, page: CheckoutSession) -> bool:
    return (page.amount, page.currency.upper()) == (order.charged, order.currency)


async def _save(order: Order) -> None:
    columns = (Order.paid_at, Order.cancelled_at, Order.stock_taken_at, Order.flagged_at, Order.flag)
    await order.save(columns=[*columns, Order.payment_reference])
