"""The page of one chart, with its definition and its values; and the same values as a file."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from litestar.params import FromPath
from litestar.response import Stream

from components.foundation.refusals import NotFound
from components.insights.periods import programme
from components.insights.periods.chosen_period import BadPeriod
from components.insights.periods.period_figures import FIGURES
from components.insights.periods.programme import Programme
from components.insights.rollups import figure_readiness
from web.guards import staff
from web.staff import csv_files
from web.staff.reports.figure_pages import WHERE_AWAITED
from web.staff.reports.programme import chart, membership_charts, period_bar, retention_charts, sales_charts
from web.staff.reports.programme.chart import Chart
from web.staff.reports.programme.glance import FigureTile, tile
from web.staff.reports.programme.period_bar import PeriodBar
from web.views import View, page

CHARTS: dict[str, Callable[[Programme], Chart]] = {
    "mrr": membership_charts.mrr,
    "movements": membership_charts.movements,
    "members": membership_charts.members,
    "churn": membership_charts.churn,
    "retention": retention_charts.retention,
    "cohorts": retention_charts.cohort_map,
    "sales": sales_charts.sales,
    "orders": sales_charts.orders,
    "average-order": sales_charts.average_order,
}
NAMES = {
    "mrr": "MRR",
    "movements": "Movements",
    "members": "Members",
    "churn": "Lost MRR",
    "retention": "Retention",
    "cohorts": "Cohorts",
    "sales": "Sales",
    "orders": "Orders",
    "average-order": "Average order",
}
OF_SALES = {"sales", "orders", "average-order"}
"""What is sold is of no plan."""
OF_SOME = OF_SALES | {"mrr", "movements", "members", "churn"}
"""Known by country and by segment."""


@dataclass(frozen=True, kw_only=True)
class ChartPage(View):
    template: ClassVar[str] = "staff/reports/charts/show.html"

    chart: Chart
    tiles: tuple[FigureTile, ...]
    bar: PeriodBar
    tabs: tuple[tuple[str, str, None], ...]
    tab: str
    query: str
    index_query: str
    is_of_plans: bool
    has_comparison: bool


@dataclass(frozen=True, kw_only=True)
class WrongPeriodPage(View):
    template: ClassVar[str] = "staff/reports/charts/wrong.html"

    bar: PeriodBar


def wrong_period(request: Request[Any, Any, Any], refused: BadPeriod) -> Response[bytes]:
    return page(request, WrongPeriodPage(bar=period_bar.wrong_bar(request, refused)), status=refused.status)


WHERE_CHOSEN: dict[int | type[Exception], Any] = {**WHERE_AWAITED, BadPeriod: wrong_period}
"""Of the controllers in whose addresses a period is."""


class StaffChartsController(Controller):
    path = "/staff/metrics/charts"
    guards = [staff("metrics")]
    exception_handlers = WHERE_CHOSEN

    @get("/{key:str}")
    async def show(self, request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
        """The chart of a period: `from`, `to`, `period`, `compare`, `plan` and `every` in the address, and where it is
        known by them `country` and `segment`."""
        found = await _loaded(request, key)
        query, shown = found.chosen.query(), CHARTS[key](found)
        view = ChartPage(
            chart=replace(shown, rows_href="") if found.chosen.is_of_buyers else shown,
            tiles=tuple(tile(one, found) for one in FIGURES if one.chart == key),
            bar=await _bar(key, found),
            tabs=chart_tabs(query, everybody=found.chosen.of_everybody().query()),
            tab=f"/staff/metrics/charts/{key}{query}",
            query=query,
            index_query=found.chosen.of_everybody().query(),
            is_of_plans=key not in OF_SALES,
            has_comparison=any(one.chart == key for one in FIGURES),
        )
        return page(request, view)

    @get("/{key:str}/export")
    async def file(self, request: Request[Any, Any, Any], key: FromPath[str]) -> Stream:
        """The values of the chart, for a spreadsheet."""
        found = await _loaded(request, key)
        days = found.chosen.days
        made = CHARTS[key](found)
        name = f"{key}-{days.first}-{days.last}"
        return await csv_files.streamed(
            request, name, [head.words + (" %" if head.unit == "share" else "") for head in made.heads], _lines(made),
            plan=found.chosen.plan, every=found.chosen.every, country=found.chosen.country,
            segment=found.chosen.segment,
        )  # fmt: skip


async def _loaded(request: Request[Any, Any, Any], key: str) -> Programme:
    if key not in CHARTS:
        raise NotFound
    await figure_readiness.require()
    chosen = await period_bar.chosen(request, is_of_some=key in OF_SOME)
    return await (programme.load(chosen) if key in OF_SALES else programme.load_of_members(chosen))


async def _bar(key: str, found: Programme) -> PeriodBar:
    made = period_bar.bar(found.chosen, found.all_flows)
    if key not in OF_SOME:
        return made
    return await period_bar.with_buyers(
        made, found.chosen, period_bar.BUYERS if key in OF_SALES else period_bar.MEMBERS
    )


async def _lines(made: Chart) -> AsyncIterator[tuple[str, ...]]:
    for line in chart.lines(made):
        yield line


def chart_tabs(query: str, *, everybody: str | None = None) -> tuple[tuple[str, str, None], ...]:
    """With `everybody`, charts that cannot be of some buyers lead to that query."""
    of_all = query if everybody is None else everybody
    return tuple(
        (NAMES[key], f"/staff/metrics/charts/{key}{query if key in OF_SOME else of_all}", None) for key in CHARTS
    )
