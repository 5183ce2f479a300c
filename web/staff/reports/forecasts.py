"""Forecasts: what members and buyers will probably do, how each came about, and whether earlier ones were right."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.response import Redirect, Stream

from components.foundation import clock
from components.foundation.shop_settings import shop_settings
from components.insights.forecasts import forecasts
from components.insights.forecasts.forecasts import ForecastRow, RiskRow
from components.insights.metrics.figures import DEFINITIONS
from components.segments import segments
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff import csv_files
from web.staff.csv_files import amount, local_day
from web.staff.reports import forecast_words
from web.staff.reports.charts.drawing import Drawing
from web.staff.reports.forecast_chart import drawn, mrr_drawn
from web.views import View, page, visitor_of

PAGE = "/staff/metrics/forecasts"
LEAVING = {"match": "all", "parts": [{"kind": "at_risk", "is": "yes", "risk": "*"}]}
HEADS = ("Forecast", "Of", "Model", "People", "When", "Expected", "From", "To", "Happened", "Unit", "Worked out on")


@dataclass(frozen=True)
class PlanPart:
    """A plan's renewals; `anchor` is its place on the page."""

    row: ForecastRow
    title: str
    anchor: str
    unit: str
    how: str
    drawings: tuple[Drawing, ...]


@dataclass(frozen=True)
class Risk:
    person: str
    name: str
    words: str
    still: str


@dataclass(frozen=True, kw_only=True)
class ForecastsPage(View):
    template: ClassVar[str] = "staff/reports/forecasts/index.html"

    plans: tuple[PlanPart, ...]
    mrr: ForecastRow | None
    activities: tuple[tuple[ForecastRow, str, str, str, tuple[str, ...]], ...]
    order_value: ForecastRow | None
    mrr_drawings: tuple[Drawing, ...]
    months: tuple[str, ...]
    risks: tuple[Risk, ...]
    write_to: str
    fitted_at: datetime | None
    is_waiting: bool
    definitions: dict[str, str]


class StaffForecastsController(Controller):
    path = PAGE
    guards = [staff("metrics")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        rows, risks = await forecasts.latest(), await forecasts.at_risk()
        by_kind = {row.kind: row for row in rows if row.kind != "renewals"}
        months = forecast_words.months_ahead(rows[0].fitted_at if rows else clock.now())
        mrr = by_kind.get("mrr")
        view = ForecastsPage(
            plans=tuple(_plan(row, number) for number, row in enumerate(rows) if row.kind == "renewals"),
            mrr=mrr,
            mrr_drawings=mrr_drawn(mrr.outcome.months, months) if mrr and mrr.model else (),
            activities=tuple(
                (by_kind[kind], *forecast_words.activity(by_kind[kind]), forecast_words.remarks(by_kind[kind]))
                for kind in ("orders", "habits")
                if kind in by_kind
            ),
            order_value=by_kind.get("values"),
            months=months,
            risks=tuple(_risk(row) for row in risks),
            write_to=await _write_to(request),
            fitted_at=rows[0].fitted_at if rows else None,
            is_waiting=await forecasts.is_being_fitted(),
            definitions={key: DEFINITIONS[key] for key in forecast_words.DEFINED},
        )
        return page(request, view)

    @post()
    async def refit(self, request: Request[Any, Any, Any]) -> Redirect:
        await forecasts.refit(by=person_id_of(request))
        return with_notice(see_other(PAGE), "The forecasts are being worked out. Reload this page in a minute.")

    @get("/export")
    async def file(self, request: Request[Any, Any, Any]) -> Stream:
        """Every figure of the page, for a spreadsheet."""
        rows = await forecasts.latest()
        return await csv_files.streamed(request, f"forecasts-{local_day(clock.now())}", HEADS, _lines(rows))


def _plan(row: ForecastRow, number: int) -> PlanPart:
    return PlanPart(
        row=row,
        title=forecast_words.title(row),
        anchor=f"plan-{number + 1}",
        unit=forecast_words.unit(row),
        how=forecast_words.how(row),
        drawings=drawn(row.outcome.curve),
    )


async def _write_to(request: Request[Any, Any, Any]) -> str:
    """A campaign to the segment of all who may be leaving, or where that is made; empty for whoever may do neither."""
    visitor = visitor_of(request)
    if not (visitor.may("campaigns") and visitor.may("members")):
        return ""
    made = next((one for one in await segments.active() if one.rules.get("parts") == LEAVING["parts"]), None)
    return f"/staff/campaigns/new?segment={made.id}" if made else "/staff/segments/new"


def _risk(row: RiskRow) -> Risk:
    return Risk(str(row.person), row.name, forecast_words.reason(row, clock.now()), forecast_words.still(row))


async def _lines(rows: tuple[ForecastRow, ...]) -> AsyncIterator[tuple[str, ...]]:
    currency = shop_settings.current().currency
    for row in rows:
        for line in forecast_words.lines(row):
            said: tuple[int | None, ...] = (None, None, None)
            if line.said:
                said = (line.said.mean, line.said.low, line.said.high)
            if row.kind == "values":
                said = (said[0], None, None)
            yield (
                forecast_words.KINDS[row.kind], forecast_words.title(row), row.model, str(row.people), line.when,
                *(_number(one, line.unit, currency) for one in (*said, line.happened)),
                currency if line.unit == "money" else line.unit, local_day(row.fitted_at),
            )  # fmt: skip


def _number(value: int | None, unit: str, currency: str) -> str:
    if value is None:
        return ""
    return amount(value, currency) if unit == "money" else f"{value / 100:g}" if unit == "%" else str(value)
