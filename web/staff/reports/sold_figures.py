"""Orders, sales, average orders and refunds of some days, with a row for each."""

from collections.abc import Callable

from components.foundation import database
from components.foundation.formatting import money
from components.insights.metrics import figures, metric_rows
from components.insights.metrics.figures import Sales
from web.staff.reports import row_cells
from web.staff.reports.row_lists import RowFigure, listed

ORDER = (("Order", False), ("Customer", False), ("Date", False), ("Amount", True))


def _of_orders(title: str, defined: str, told: Callable[[Sales], tuple[str, str]], days: int) -> RowFigure:
    async def asked() -> tuple[str, str]:
        ((found,),) = await database.batch(figures.sales(days))
        return told(found)

    when = "today" if days == 1 else f"last {days} days"
    return listed(
        f"{title}, {when}",
        defined,
        ORDER,
        asked,
        metric_rows.goods_sold(days),
        row_cells.order_cells,
        row_cells.order_line,
    )


def _sales(days: int) -> RowFigure:
    return _of_orders(
        "Sales", "sales", lambda all: (money(all.sales), f"Sum of {orders_of(all)} = {money(all.sales)}"), days
    )


def _orders(days: int) -> RowFigure:
    return _of_orders("Orders", "orders", lambda all: (str(all.orders), f"{orders_of(all)}, one per row"), days)


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
    return listed(
        f"Refunds, {when}",
        "refunds",
        ORDER,
        told,
        metric_rows.refunded(days),
        row_cells.order_cells,
        row_cells.order_line,
    )


SOLD: dict[str, Callable[[int], RowFigure]] = {
    "orders": _orders,
    "sales": _sales,
    "average": _average,
    "refunds": _refunds,
}


def orders_of(sales: Sales) -> str:
    return f"{sales.orders} {'order' if sales.orders == 1 else 'orders'}"
