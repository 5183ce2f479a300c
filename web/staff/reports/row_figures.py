"""Figures with a row for each member or order: some rows a page, and all of them in a file."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from components.foundation import database
from components.foundation.formatting import day, money, percent
from components.foundation.shop_settings import shop_settings
from components.insights.metrics import figures, metric_rows, row_pages
from components.insights.metrics.figures import DEFINITIONS, Members, Sales
from components.insights.metrics.metric_rows import AgreedRow, Holder, SoldGoods, TrialRow
from components.insights.metrics.row_pages import RowKey, RowList, RowPage
from web.staff import csv_files
from web.staff.reports.figure_pages import SPANS, Cell, FigurePage

TRIAL_DAYS = 365
Heads = tuple[tuple[str, bool], ...]
MEMBER = (("Member", False), ("Plan", False), ("Since", False), ("Ends", False))
A_MONTH, A_YEAR = (*MEMBER, ("Per month", True)), (*MEMBER, ("Per year", True))
ORDER = (("Order", False), ("Customer", False), ("Date", False), ("Amount", True))
TRIAL = (("Member", False), ("Plan", False), ("Started", False), ("Now", False), ("Converted", False))
AGREED = (("Member", False), ("Agreed", False), ("Date", False), ("Now", True), ("Then", True), ("Change", True))


@dataclass(frozen=True)
class RowFigure:
    """`told` gives its value and its formula; `file` is a row in the file, with plain dates and amounts."""

    title: str
    defined: str
    heads: Heads
    told: Callable[[], Awaitable[tuple[str, str]]]
    page: Callable[[RowKey], Awaitable[RowPage[Any]]]
    every: Callable[[], AsyncIterator[Any]]
    cells: Callable[[Any], tuple[Cell, ...]]
    file: Callable[[Any], tuple[str, ...]]


def named(key: str) -> RowFigure | None:
    name, _, days = key.partition("-")
    if name in SOLD and days in SPANS:
        return SOLD[name](int(days))
    return FIGURES[key]() if key in FIGURES else None


async def shown(key: str, figure: RowFigure, after: RowKey) -> FigurePage:
    (value, formula), found = await figure.told(), await figure.page(after)
    here = f"/staff/metrics/figures/{key}"
    return FigurePage(
        title=figure.title,
        value=value,
        definition=DEFINITIONS[figure.defined],
        formula=formula,
        heads=figure.heads,
        rows=tuple(figure.cells(one) for one in found.rows),
        following=f"{here}?after={found.following.words}" if found.following else "",
        rows_file=f"{here}/export" if found.rows else "",
    )


def file(figure: RowFigure) -> tuple[Sequence[str], AsyncIterator[tuple[str, ...]]]:
    """Its heads and lines."""
    return [words for words, _ in figure.heads], _lines(figure)


async def _lines(figure: RowFigure) -> AsyncIterator[tuple[str, ...]]:
    async for one in figure.every():
        yield figure.file(one)


def _listed(
    title: str, defined: str, heads: Heads, told: Callable[[], Awaitable[tuple[str, str]]], rows: RowList[Any],
    cells: Callable[[Any], tuple[Cell, ...]], file: Callable[[Any], tuple[str, ...]],
) -> RowFigure:  # fmt: skip
    return RowFigure(title, defined, heads, told, rows.page, rows.every, cells, file)


def _of_payers(title: str, told: Callable[[Members], tuple[str, str]], *, yearly: bool = False) -> RowFigure:
    heads = A_YEAR if yearly else A_MONTH
    return _listed(
        title, "paying members" if title == "Paying members" else title, heads, partial(_of_members, told),
        metric_rows.paying(), partial(_holder, yearly=yearly), partial(_holder_line, yearly=yearly),
    )  # fmt: skip


async def _of_members(told: Callable[[Members], tuple[str, str]]) -> tuple[str, str]:
    (found,) = await database.batch(figures.members())
    return told(found)


def _paying() -> RowFigure:
    return _of_payers("Paying members", lambda all: (str(all.paying), _one_per_row(all.paying)))


def _mrr() -> RowFigure:
    return _of_payers("MRR", lambda all: (money(all.mrr), f"Sum of the monthly fees below = {money(all.mrr)}"))


def _arr() -> RowFigure:
    return _of_payers(
        "ARR", lambda all: (money(all.arr), f"Sum of the yearly fees below = {money(all.arr)}"), yearly=True
    )


def _arpu() -> RowFigure:
    return _of_payers("ARPU", _told_arpu)


def _told_arpu(all: Members) -> tuple[str, str]:
    value = "—" if all.arpu is None else money(all.arpu)
    return value, f"{money(all.mrr)} ÷ {all.paying} = {value}"


def _given() -> RowFigure:
    told = partial(_of_members, lambda all: (str(all.given), _one_per_row(all.given)))
    rows = metric_rows.not_paying("comp", "gift")
    return _listed("Gifts and complimentary", "gifts and complimentary", A_MONTH, told, rows, _holder, _holder_line)


def _free() -> RowFigure:
    told = partial(_of_members, lambda all: (str(all.free), _one_per_row(all.free)))
    return _listed("Free plan", "free plan", A_MONTH, told, metric_rows.not_paying("free"), _holder, _holder_line)


def _cmrr() -> RowFigure:
    return RowFigure(
        "CMRR", "CMRR", AGREED, partial(_of_members, _told_cmrr), _agreed_page, _every_agreed, _agreed, _agreed_line
    )


def _told_cmrr(all: Members) -> tuple[str, str]:
    change = all.cmrr - all.mrr
    sign = "−" if change < 0 else "+"
    formula = f"{money(all.mrr)} {sign} {money(abs(change))} from the changes below = {money(all.cmrr)}"
    return money(all.cmrr), formula


async def _agreed_page(after: RowKey) -> RowPage[AgreedRow]:
    return await metric_rows.named(row_pages.cut(await metric_rows.agreed(), after))


async def _every_agreed() -> AsyncIterator[AgreedRow]:
    rows, after = await metric_rows.agreed(), row_pages.FIRST
    while after is not None:
        page = await metric_rows.named(row_pages.cut(rows, after, size=row_pages.FILE_SIZE))
        for one in page.rows:
            yield one
        after = page.following  # type: ignore[assignment]


def _trials() -> RowFigure:
    rows = metric_rows.trial_rows(TRIAL_DAYS)
    return _listed("Trial conversion", "trial conversion", TRIAL, _told_trials, rows, _trial, _trial_line)


async def _told_trials() -> tuple[str, str]:
    ((started, won),) = await database.batch(metric_rows.trials(TRIAL_DAYS))
    value = percent(round(won / started * 10_000)) if started else "—"
    return value, f"{won} ÷ {started} = {value}, of trials started in the last {TRIAL_DAYS} days"


def _of_orders(title: str, defined: str, told: Callable[[Sales], tuple[str, str]], days: int) -> RowFigure:
    async def asked() -> tuple[str, str]:
        ((found,),) = await database.batch(figures.sales(days))
        return told(found)

    when = "today" if days == 1 else f"last {days} days"
    return _listed(f"{title}, {when}", defined, ORDER, asked, metric_rows.goods_sold(days), _order, _order_line)


def _sales(days: int) -> RowFigure:
    return _of_orders(
        "Sales", "sales", lambda all: (money(all.sales), f"Sum of {_orders_of(all)} = {money(all.sales)}"), days
    )


def _orders(days: int) -> RowFigure:
    return _of_orders("Orders", "orders", lambda all: (str(all.orders), f"{_orders_of(all)}, one per row"), days)


def _average(days: int) -> RowFigure:
    return _of_orders("Average order", "average order", _told_average, days)


def _told_average(all: Sales) -> tuple[str, str]:
    value = "—" if all.average is None else money(all.average)
    return value, f"{money(all.sales)} ÷ {all.orders} = {value}"


def _refunds(days: int) -> RowFigure:
    async def told() -> tuple[str, str]:
        ((found,),) = await database.batch(figures.sales(days))
        made = await metric_rows.refunds_made(days)
        formula = f"Sum of {made} {'refund' if made == 1 else 'refunds'} = {money(found.refunds)}"
        return money(found.refunds), formula

    when = "today" if days == 1 else f"last {days} days"
    return _listed(f"Refunds, {when}", "refunds", ORDER, told, metric_rows.refunded(days), _order, _order_line)


SOLD: dict[str, Callable[[int], RowFigure]] = {
    "orders": _orders,
    "sales": _sales,
    "average": _average,
    "refunds": _refunds,
}
FIGURES: dict[str, Callable[[], RowFigure]] = {
    "paying": _paying,
    "given": _given,
    "free": _free,
    "mrr": _mrr,
    "arr": _arr,
    "cmrr": _cmrr,
    "arpu": _arpu,
    "trials": _trials,
}


def _one_per_row(number: int) -> str:
    return f"{number} {'person' if number == 1 else 'people'}, one per row"


def _orders_of(sales: Sales) -> str:
    return f"{sales.orders} {'order' if sales.orders == 1 else 'orders'}"


def _plain(minor: int) -> str:
    return csv_files.amount(minor, shop_settings.current().currency)


def _holder(one: Holder, *, yearly: bool = False) -> tuple[Cell, ...]:
    return (
        Cell(one.name, f"/staff/members/{one.id}"),
        Cell(one.plan),
        Cell(day(one.at)),
        Cell(day(one.ends) if one.ends else "—"),
        Cell(money(one.a_year if yearly else one.a_month), is_number=True),
    )


def _holder_line(one: Holder, *, yearly: bool = False) -> tuple[str, ...]:
    fee = one.a_year if yearly else one.a_month
    return one.name, one.plan, csv_files.local_day(one.at), csv_files.local_day(one.ends), _plain(fee)


def _order(one: SoldGoods) -> tuple[Cell, ...]:
    return (
        Cell(one.number, f"/staff/orders/{one.number}"),
        Cell(one.name),
        Cell(day(one.at)),
        Cell(money(one.amount), is_number=True),
    )


def _order_line(one: SoldGoods) -> tuple[str, ...]:
    return one.number, one.name, csv_files.local_day(one.at), _plain(one.amount)


def _trial(one: TrialRow) -> tuple[Cell, ...]:
    return Cell(one.name, f"/staff/members/{one.person}"), *(Cell(words) for words in _of_trial(one, day(one.at)))


def _trial_line(one: TrialRow) -> tuple[str, ...]:
    return one.name, *_of_trial(one, csv_files.local_day(one.at))


def _of_trial(one: TrialRow, started: str) -> tuple[str, ...]:
    now = one.status.replace("_", " ").capitalize()
    return one.plan, started, now, "Yes" if one.has_converted else "No"


def _agreed(one: AgreedRow) -> tuple[Cell, ...]:
    amounts = (one.before, one.after, one.after - one.before)
    return (
        Cell(one.name, f"/staff/members/{one.id}"),
        Cell(one.words),
        Cell(day(one.at)),
        *(Cell(money(amount), is_number=True) for amount in amounts),
    )


def _agreed_line(one: AgreedRow) -> tuple[str, ...]:
    amounts = (one.before, one.after, one.after - one.before)
    return one.name, one.words, csv_files.local_day(one.at), *(_plain(amount) for amount in amounts)
