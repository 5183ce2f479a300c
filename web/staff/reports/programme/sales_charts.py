"""Charts of what was sold, members apart from everybody else."""

from collections.abc import Callable

from components.insights.metrics.figures import DEFINITIONS
from components.insights.periods.programme import Programme
from components.insights.periods.sold_flows import Sold
from web.staff.reports.charts import columns, units
from web.staff.reports.charts.columns import ChartColumn
from web.staff.reports.programme.chart import Chart, Head, part_names, plain_names

SERIES = ("Members", "Everybody else")
WHO = "Members held a plan when they ordered: paid, given or a gift, but not a free one."


def sales(found: Programme) -> Chart:
    return _chart(
        found, "sales", "Sales", DEFINITIONS["sales"], "money",
        lambda sold: (sold.members_sales, sold.others_sales), lambda sold: sold.sales,
    )  # fmt: skip


def orders(found: Programme) -> Chart:
    return _chart(
        found, "orders", "Orders", DEFINITIONS["orders"], "count",
        lambda sold: (sold.members_orders, sold.others_orders), lambda sold: sold.orders,
    )  # fmt: skip


def average_order(found: Programme) -> Chart:
    return _chart(
        found, "average-order", "Average order", DEFINITIONS["average order"], "money",
        lambda sold: (sold.members_average, sold.others_average), lambda sold: sold.average,
    )  # fmt: skip


def _chart(
    found: Programme, key: str, title: str, definition: str, unit: str,
    values: Callable[[Sold], tuple[int | None, int | None]], whole: Callable[[Sold], int | None],
) -> Chart:  # fmt: skip
    days = found.chosen.days
    parts = days.parts()
    names = part_names(days, is_under_way=found.is_under_way(days))
    sold = [found.sold_in(part) for part in parts]
    made = [ChartColumn(name, short, values(one)) for (name, short), one in zip(names, sold, strict=True)]
    draw = columns.curves if key == "average-order" else columns.bars
    return Chart(
        key=key,
        title=title,
        definition=f"{definition} {WHO}",
        drawings=draw(made, SERIES, units.of(unit)),
        series=SERIES,
        heads=(
            Head("Month" if days.is_of_months else "Day"), *(Head(name, unit) for name in SERIES), Head("All", unit),
        ),
        rows=tuple((one.name, *one.values, whole(all)) for one, all in reversed(list(zip(made, sold, strict=True)))),
        file_names=plain_names(days)[::-1],
        kind="lines" if key == "average-order" else "bars",
    )  # fmt: skip
