"""The figures of the shop: what each means, and its value in a period beside that of another."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Controller, Request, Response, get
from litestar.params import FromPath, QueryParameter

from components.foundation import formatting
from components.foundation.refusals import NotFound
from components.insights.periods import buyers, period_figures, programme
from components.insights.periods.chosen_period import BadPeriod
from components.insights.periods.period_days import Days
from components.insights.periods.period_figures import BY_KEY, FIGURES, PeriodFigure
from components.insights.periods.programme import Programme
from components.insights.rollups import figure_readiness
from web.api.amounts import ApiAmount
from web.api.problems import WrongFields
from web.api.responses import json_response
from web.guards import program

DAY = r"^\d{4}-\d{2}-\d{2}$"
From = Annotated[
    str | None,
    QueryParameter(name="from", pattern=DAY, description="The first day, in the shop’s time zone: 2026-11-01."),
]
To = Annotated[
    str | None,
    QueryParameter(name="to", pattern=DAY, description="The last day, included; today if only `from` is given."),
]
Named = Annotated[
    Literal["30-days", "this-month", "last-month", "12-months", "year", "all"] | None,
    QueryParameter(name="period", description="Instead of days: the last 12 months to today if nothing is given."),
]
Beside = Annotated[
    Literal["previous", "year", "none"] | None,
    QueryParameter(name="compare", description="What it is beside: the period before if left out, or the year before."),
]
OfPlan = Annotated[
    str | None,
    QueryParameter(name="plan", max_length=80, description="The slug of a plan, for figures with `by_plan`."),
]
Every = Annotated[
    str | None,
    QueryParameter(
        name="every",
        pattern=r"^[1-9]\d{0,2} (week|month|year)$",
        description="Only fees paid so often, such as “1 year”, for figures with `by_plan`.",
    ),
]
OfCountry = Annotated[
    str | None,
    QueryParameter(
        name="country", pattern=r"^[A-Z]{2}$", description="Only orders delivered to it, for figures with `by_buyers`."
    ),
]
OfSegment = Annotated[
    str | None,
    QueryParameter(
        name="segment",
        max_length=36,
        description="The id of a segment: only orders of customers who fit it now, for figures with `by_buyers`.",
    ),
]


class ListedFigure(msgspec.Struct, frozen=True, kw_only=True):
    """`unit`: money in minor units, a count, or a share in hundredths of a per cent. `better`: whether more of it is.
    `by_plan`: it can be asked for one plan or interval; `by_buyers`: for one country or segment."""

    key: str
    title: str
    definition: str
    unit: Literal["money", "count", "share"]
    better: Literal["more", "less", "neither"]
    by_plan: bool
    by_buyers: bool


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    figures: tuple[ListedFigure, ...]


class ApiDays(msgspec.Struct, frozen=True, kw_only=True):
    """Days of the shop’s time zone, both included."""

    first: str
    last: str


class FigurePart(ApiDays, frozen=True, kw_only=True):
    """A month of the period, or a day of one of up to 62 days."""

    value: int | None
    amount: ApiAmount | None


class ApiFigure(ListedFigure, frozen=True, kw_only=True):
    """`value` is whole: pence or cents, a number, or hundredths of a per cent; None where there is none. `amount` is
    the same of money. `before` is the value in the period `compared`, and `change_share` in hundredths of a per cent of
    it."""

    days: ApiDays
    is_under_way: bool
    value: int | None
    amount: ApiAmount | None
    words: str
    compared: ApiDays | None
    before: int | None
    change: int | None
    change_share: int | None
    is_good: bool | None
    parts: tuple[FigurePart, ...]


class ApiFiguresController(Controller):
    path = "/api/v1/figures"
    guards = [program("figures:read")]
    tags = ["With a key"]
    security = [{"key": []}]

    @get(summary="Every figure, with its definition")
    async def index(self, request: Request[Any, Any, Any]) -> Response[Figures]:
        """Needs “figures:read”."""
        listed = tuple(ListedFigure(**_listed(one)) for one in FIGURES)
        return json_response(request, Figures(figures=listed))

    @get("/{key:str}", summary="One figure, in a period")
    async def show(
        self, request: Request[Any, Any, Any], key: FromPath[str], from_: From = None, to: To = None,
        period: Named = None, compare: Beside = None, plan: OfPlan = None, every: Every = None,
        country: OfCountry = None, segment: OfSegment = None,
    ) -> Response[ApiFigure]:  # fmt: skip
        """Needs “figures:read”. The same figures as on the pages of the staff area, at this moment."""
        figure = BY_KEY.get(key)
        if figure is None:
            raise NotFound("There is no figure with this key.")
        if not figure.of_plans and (plan or every):
            raise WrongFields({"plan" if plan else "every": "What is sold is of no plan. Leave this out."})
        if figure.of_plans and (country or segment):
            raise WrongFields({"country" if country else "segment": buyers.ON_PAGES_ONLY})
        asked = {"from": from_, "to": to, "period": period, "compare": compare, "plan": plan, "every": every}
        asked |= {"country": country, "segment": segment}
        await figure_readiness.require()
        found = await _loaded({name: one for name, one in asked.items() if one})
        return json_response(request, _figure(figure, found))


async def _loaded(asked: dict[str, str]) -> Programme:
    try:
        return await programme.load(await programme.choose(asked, is_of_some=True))
    except BadPeriod as refused:
        raise WrongFields(refused.fields) from None


def _listed(figure: PeriodFigure) -> dict[str, Any]:
    return {
        "key": figure.key, "title": figure.title, "definition": figure.definition, "unit": figure.unit,
        "better": figure.better, "by_plan": figure.of_plans, "by_buyers": not figure.of_plans,
    }  # fmt: skip


def _figure(figure: PeriodFigure, found: Programme) -> ApiFigure:
    days, compared = found.chosen.days, found.chosen.compared
    value, change = figure.of(found, days), period_figures.change(figure, found)
    return ApiFigure(
        **_listed(figure),
        days=_days(days),
        is_under_way=found.is_under_way(days),
        value=value,
        amount=_amount(figure, value),
        words=_words(figure, value),
        compared=_days(compared) if compared else None,
        before=figure.of(found, compared) if compared else None,
        change=change.by if change else None,
        change_share=change.share if change else None,
        is_good=change.is_good if change else None,
        parts=tuple(
            FigurePart(first=part.first.isoformat(), last=part.last.isoformat(), value=one, amount=_amount(figure, one))
            for part in days.parts()
            for one in [period_figures.of_part(figure, found, part)]
        ),
    )


def _days(days: Days) -> ApiDays:
    return ApiDays(first=days.first.isoformat(), last=days.last.isoformat())


def _amount(figure: PeriodFigure, value: int | None) -> ApiAmount | None:
    return ApiAmount.of(value) if value is not None and figure.unit == "money" else None


def _words(figure: PeriodFigure, value: int | None) -> str:
    if value is None:
        return "—"
    if figure.unit == "money":
        return formatting.money(value)
    return formatting.percent(value) if figure.unit == "share" else formatting.number(value)
