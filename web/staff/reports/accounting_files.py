"""Money in as files for the accountant: its orders, memberships and refunds line by line, and its months."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from litestar import Controller, Request, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from components.foundation.refusals import NotFound
from components.foundation.shop_settings import shop_settings
from components.insights.accounting import country_totals, lost_lines, membership_lines, order_lines
from components.insights.accounting.money_lines import MoneyLine
from components.insights.metrics import money_in
from components.insights.metrics.money_in import Span
from web.guards import staff
from web.staff import csv_files
from web.staff.csv_files import amount, local_day, rate
from web.staff.reports.figure_pages import SPANS

HEADS = (
    "Date", "Kind", "Number", "Customer", "Country", "Tax", "Tax rate %", "Net", "Tax amount", "Gross", "Currency",
    "Payment reference",
)  # fmt: skip
MONTH_HEADS = ("From", "To", "Kind", "Count", "Net", "Tax amount", "Gross", "Currency")
Lines = Callable[[Span], AsyncIterator[MoneyLine]]
FILES: dict[str, tuple[Lines, ...]] = {
    "orders": (order_lines.of_orders,),
    "memberships": (membership_lines.of_payments,),
    "refunds": (order_lines.of_refunds, membership_lines.of_refunds, lost_lines.of_lost_disputes),
}
COUNTRY_HEADS = (
    "From", "To", "Kind", "Country", "Tax", "Tax rate %", "Count", "Net", "Tax amount", "Gross", "Currency",
)  # fmt: skip
MONTHS, COUNTRIES = "months", "countries"


class StaffAccountingFilesController(Controller):
    path = "/staff/metrics/files"
    guards = [staff("metrics")]

    @get("/{name:str}")
    async def show(self, request: Request[Any, Any, Any], name: FromPath[str], days: FromQuery[str] = "30") -> Stream:
        if days not in SPANS or name not in (*FILES, MONTHS, COUNTRIES):
            raise NotFound
        span = money_in.span_of(int(days))
        filename = f"money-in-{name}-{local_day(span[0])}-to-{local_day(span[1])}"
        if name == MONTHS:
            return await csv_files.streamed(request, filename, MONTH_HEADS, _months(span), days=days)
        if name == COUNTRIES:
            return await csv_files.streamed(request, filename, COUNTRY_HEADS, _countries(span), days=days)
        return await csv_files.streamed(request, filename, HEADS, _rows(FILES[name], span), days=days)


async def _rows(sources: tuple[Lines, ...], span: Span) -> AsyncIterator[tuple[str, ...]]:
    for source in sources:
        async for one in source(span):
            yield (
                local_day(one.at), one.kind, one.number, one.customer, one.country, one.tax_name, rate(one.rate_bp),
                amount(one.net, one.currency), amount(one.tax, one.currency),
                amount(one.net + one.tax, one.currency), one.currency, one.reference,
            )  # fmt: skip


async def _months(span: Span) -> AsyncIterator[tuple[str, ...]]:
    currency = shop_settings.current().currency
    for month in money_in.months_of(span):
        for part in await money_in.parts_between(month):
            yield (
                local_day(month[0]), local_day(month[1]), part.name, str(part.count),
                amount(part.amount - part.tax, currency), amount(part.tax, currency), amount(part.amount, currency),
                currency,
            )  # fmt: skip


async def _countries(span: Span) -> AsyncIterator[tuple[str, ...]]:
    currency = shop_settings.current().currency
    for month in money_in.months_of(span):
        for one in await country_totals.totals(month):
            yield (
                local_day(month[0]), local_day(month[1]), one.kind, one.country, one.tax_name, rate(one.rate_bp),
                str(one.number), amount(one.amount - one.tax, currency), amount(one.tax, currency),
                amount(one.amount, currency), currency,
            )  # fmt: skip
