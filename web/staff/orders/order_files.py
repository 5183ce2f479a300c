"""The list of orders as a file, with the list's filters: one line for each rate of tax of an order."""

from collections.abc import AsyncIterator
from typing import Any

from litestar import Controller, Request, get
from litestar.params import FromQuery
from litestar.response import Stream

from components.orders.history import order_export, tax_shares
from components.orders.history.order_export import ExportedOrder
from components.orders.order_list import STATES
from components.orders.views import sent_state
from components.pricing.allocation import spread
from web.guards import staff
from web.staff import csv_files
from web.staff.csv_files import amount, local_day, rate

HEADS = (
    "Placed", "Paid", "Number", "Customer", "E-mail", "State", "Tax", "Tax rate %", "Net", "Tax amount", "Gross",
    "Of it store credit", "Of it refunded", "Currency", "Payment reference",
)  # fmt: skip

SENT = {"paid": "Unfulfilled", "shipped": "Shipped", "ready to pick up": "Ready to pick up", "picked up": "Picked up"}


class StaffOrderFilesController(Controller):
    path = "/staff/orders/export.csv"
    guards = [staff("orders")]

    @get()
    async def show(self, request: Request[Any, Any, Any], show: FromQuery[str] = "", q: FromQuery[str] = "") -> Stream:
        state = show if show in STATES else ""
        found = order_export.for_staff(state=state, search=q[:100])
        return await csv_files.streamed(request, "orders", HEADS, _rows(found), show=state, search=q[:100])


async def _rows(found: AsyncIterator[ExportedOrder]) -> AsyncIterator[tuple[str, ...]]:
    async for order in found:
        shares = tax_shares.by_rate(order.taxes, total=order.total, of=order.total)
        gross, currency = [one.gross for one in shares], order.currency
        credit, refunded = spread(order.credit, gross), spread(order.refunded, gross)
        for place, one in enumerate(shares):
            yield (
                local_day(order.placed_at), local_day(order.paid_at), order.number, order.name, order.email,
                _state(order), one.name, rate(one.rate_bp), amount(one.net, currency), amount(one.tax, currency),
                amount(one.gross, currency), amount(credit[place], currency), amount(refunded[place], currency),
                currency, order.reference,
            )  # fmt: skip


def _state(order: ExportedOrder) -> str:
    if order.paid_at is None:
        return "Expired" if order.cancelled_at else "Awaiting payment"
    if order.refunded:
        return "Refunded" if order.refunded >= order.total else "Partly refunded"
    return SENT[sent_state(order.fulfilled_at, is_pickup=order.is_pickup, collected_at=order.collected_at)]
