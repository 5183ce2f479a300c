"""Kiln's invoices: of every order, fee and gift that was paid since it issues them, and of what was refunded of these.

Each is issued when it was paid, one after the other, so that numbers and days are in turn.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from uuid import UUID

from components.foundation import clock
from components.foundation.shop_settings import setting_rows
from components.invoices import credit_notes, fee_invoices, order_invoices
from components.memberships.billing import fee_refunds
from components.memberships.grants import gift_memberships
from components.orders import order_list
from components.orders.order_list import OrderRow
from components.payments.invoicing import invoices
from components.payments.mirror import mirrored_refunds

SINCE = timedelta(days=3)
"""A busy shop: these are some hundreds, and each takes its moment to be issued."""
Issue = Callable[[], Awaitable[object]]


async def begin(today: datetime, *, by: UUID) -> None:
    """Since some days Kiln issues invoices."""
    with clock.frozen(today - SINCE):
        await setting_rows.change({"invoices": "on"}, by=by)


async def issue(today: datetime) -> None:
    for at, one in sorted(await _due(today - SINCE), key=itemgetter(0)):
        with clock.frozen(at):
            await one()


async def _due(since: datetime) -> list[tuple[datetime, Issue]]:
    paid = await invoices.paid_since(since)
    found: list[tuple[datetime, Issue]] = [
        (one.paid_at or one.created_at, partial(fee_invoices.ensure_fee, one.stripe_id)) for one in paid
    ]
    async for order in _orders(since):
        found.append((order.paid_at or order.placed_at, partial(order_invoices.ensure, order.id)))
    for gift in await gift_memberships.all_gifts():
        if gift.paid_at and gift.paid_at >= since:
            found.append((gift.paid_at, partial(fee_invoices.ensure_once, gift.id)))
    found += [(one.at, partial(_credit, one.reference_id)) for one in await mirrored_refunds.made_since(since)]
    return found


async def _orders(since: datetime) -> AsyncIterator[OrderRow]:
    """Paid since then, the newest first."""
    number = last = 1
    while number <= last:
        page = await order_list.for_staff(page=number)
        for one in page.rows:
            if one.placed_at < since:
                return
            yield one
        number, last = number + 1, page.last


async def _credit(reference: UUID) -> None:
    """Of an order, or of the fees of a subscription."""
    await credit_notes.settle_order(reference)
    for one in await fee_refunds.of_subscription(reference):
        await credit_notes.settle_fee(one.id)
