"""One figure: its definition, its formula with real numbers, and the rows it is made from."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Controller, Request, Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from components.foundation import clock, database
from components.foundation.formatting import day, money, percent
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import shop_settings
from components.insights.metrics import (
    display_names,
    figures,
    metrics,
    retention,
    row_pages,
)
from components.insights.metrics.figures import DEFINITIONS
from components.insights.metrics.retention import Churned
from components.insights.rollups import figure_readiness, month_figures
from components.memberships.grants import gift_memberships
from components.memberships.plans import plan_catalogue
from components.memberships.promises import guarantee_standings
from web.guards import staff
from web.staff import csv_files
from web.staff.club.save_offers import offer_rows
from web.staff.reports import money_figure, row_figures
from web.staff.reports.figure_pages import SPANS, WHERE_AWAITED, Cell, FigurePage
from web.staff.reports.programme import lifetime_page, programme_figures
from web.staff.reports.programme.programme_spans import share
from web.staff.reports.row_lists import RowFigure
from web.views import page, visitor_of

AT_ANY_TIME = {"trials", "guarantees", "saves", "gift-codes"}
"""Read from rows that are not kept as figures."""


class StaffFiguresController(Controller):
    path = "/staff/metrics/figures"
    guards = [staff("metrics")]
    exception_handlers = WHERE_AWAITED

    @get("/{key:str}")
    async def show(
        self, request: Request[Any, Any, Any], key: FromPath[str], after: FromQuery[str] = ""
    ) -> Response[bytes]:
        """`after` is the row after which a page of its rows begins."""
        name, _, days = key.partition("-")
        begin = row_pages.read_key(after)
        if begin is None:
            raise NotFound
        is_money = name == "money" and days in SPANS
        figure = _with_rows(request, key)
        if not (is_money or figure is not None or key in FIGURES):
            raise NotFound
        await _require("money" if is_money else key)
        if figure is not None:
            return page(request, await row_figures.shown(key, figure, begin))
        if is_money:
            return page(request, await money_figure.shown(int(days)))
        return page(request, await FIGURES[key]())

    @get("/{key:str}/export")
    async def export(self, request: Request[Any, Any, Any], key: FromPath[str]) -> Stream:
        """All rows of a figure that shows them some at a time, as CSV."""
        figure = _with_rows(request, key)
        if figure is None:
            raise NotFound
        await _require(key)
        return await csv_files.streamed(request, f"{key}-{csv_files.local_day(clock.now())}", *row_figures.file(figure))


def _with_rows(request: Request[Any, Any, Any], key: str) -> RowFigure | None:
    """What members wrote is read by whoever may see them."""
    with_words = visitor_of(request).may("members")
    return row_figures.named(key) or programme_figures.named(key, with_words=with_words)


async def _require(name: str) -> None:
    """Raises `FiguresAwaited` for what is read from kept figures."""
    if name not in AT_ANY_TIME:
        await figure_readiness.require()


async def _guarantees() -> FigurePage:
    rows = await guarantee_standings.every(since=clock.now() - timedelta(days=365))
    named = await display_names.names({one.person for one in rows} | {one.plan for one in rows})
    owed, given = guarantee_standings.owed(rows), sum(one.given for one in rows)
    return FigurePage(
        title="Fee guarantees owed",
        value=money(owed),
        definition=DEFINITIONS["fee guarantees owed"],
        formula=f"Sum of what is owed below = {money(owed)}. Given in the last 365 days: {money(given)}",
        heads=(
            ("Member", False), ("Plan", False), ("From", False), ("Until", False), ("Fee", True), ("Saved", True),
            ("Owed", True), ("Given", True),
        ),
        rows=tuple(
            (
                Cell(named.get(one.person, "Erased"), f"/staff/members/{one.person}"),
                Cell(named.get(one.plan, "")),
                Cell(day(one.starts_at)),
                Cell(day(one.until_at)),
                Cell(money(one.fee), is_number=True),
                Cell(money(one.saved), is_number=True),
                Cell("—" if one.settled_at else money(one.shortfall), is_number=True),
                Cell(money(one.given) if one.settled_at else "—", is_number=True),
            )
            for one in rows
        ),
    )  # fmt: skip


async def _gift_codes() -> FigurePage:
    rows = await gift_memberships.unredeemed(since=clock.now() - timedelta(days=365))
    priced = [(one, plan_catalogue.by_version(one.plan_version), gift_memberships.has_expired(one)) for one in rows]
    open_worth = sum(plan.price.amount for _, plan, is_over in priced if not is_over)
    expired = sum(plan.price.amount for _, plan, is_over in priced if is_over)
    return FigurePage(
        title="Gift codes not redeemed",
        value=money(open_worth),
        definition=DEFINITIONS["gift codes not redeemed"],
        formula=f"Prices of the codes below that still work = {money(open_worth)}. Expired in the last 365 days: "
        f"{money(expired)}",
        heads=(("Gift", False), ("Paid on", False), ("Redeem by", False), ("Works", True), ("Expired", True)),
        rows=tuple(
            (
                Cell(plan.name, "/staff/gift-memberships"),
                Cell(day(one.paid_at) if one.paid_at else "—"),
                Cell(day(until) if (until := gift_memberships.redeem_by(one)) else "No end"),
                Cell("—" if is_over else money(plan.price), is_number=True),
                Cell(money(plan.price) if is_over else "—", is_number=True),
            )
            for one, plan, is_over in priced
        ),
    )


async def _saves() -> FigurePage:
    rows = await offer_rows()
    accepted, shown = sum(one.result.accepted for one in rows), sum(one.result.shown for one in rows)
    value = share(Fraction(accepted, shown) if shown else None)
    return FigurePage(
        title="Save offers accepted",
        value=value,
        definition=DEFINITIONS["save offers accepted"],
        formula=f"{accepted} accepted ÷ {shown} shown = {value}",
        heads=(("Reason", False), ("Offer", False), ("Shown", True), ("Accepted", True), ("Still there", True)),
        rows=tuple(
            (
                Cell(one.reason, "/staff/save-offers"),
                Cell(one.words),
                Cell(str(one.result.shown), is_number=True),
                Cell(str(one.result.accepted), is_number=True),
                Cell(f"{one.result.kept} of {one.result.aged}", is_number=True),
            )
            for one in rows
        ),
    )


async def _churn() -> FigurePage:
    months = (await metrics.months()).complete
    last = months[-1]
    value = "—" if last.share is None else percent(round(last.share * 10_000))
    formula = f"{last.left} ÷ {last.members} = {value}, in {_month(last)}"
    return _of_months(f"Member churn in {_month(last)}", "member churn", value, formula, months)


async def _ltv() -> FigurePage:
    found, kept = await database.batch(figures.members(), month_figures.query())
    months = kept.complete
    ltv = retention.fee_ltv(found.mrr, found.paying, months)
    six = months[-retention.MEAN_OF :]
    value = "—" if ltv is None else money(ltv)
    return _of_months("Fee LTV", "fee LTV", value, ltv_formula(found.mrr, found.paying, six, value), six)


def ltv_formula(mrr: int, paying: int, six: Sequence[Churned], value: str) -> str:
    """With parts of so many digits that they give the value, too."""
    shares = [one.share for one in six if one.share is not None]
    mean = f"{sum(shares) / len(shares) * 100:.6f}%" if shares else "—"
    return (
        f"{money(mrr)} MRR ÷ {paying} paying members ÷ {mean} = {value}. "
        "Churn is the mean of the six months below. Rounded once, at the end."
    )


FIGURES: dict[str, Callable[[], Awaitable[FigurePage]]] = {
    "churn": _churn,
    "ltv": _ltv,
    "guarantees": _guarantees,
    "saves": _saves,
    "gift-codes": _gift_codes,
    "cltv": lifetime_page.cltv,
}


def _of_months(title: str, defined: str, value: str, formula: str, months: tuple[Churned, ...]) -> FigurePage:
    return FigurePage(
        title=title,
        value=value,
        definition=DEFINITIONS[defined],
        formula=formula,
        heads=(("Month", False), ("Members at start", True), ("Churned", True), ("Member churn", True)),
        rows=tuple(
            (
                Cell(_month(one), f"/staff/metrics/{_local(one):%Y-%m}"),
                Cell(str(one.members), is_number=True),
                Cell(str(one.left), is_number=True),
                Cell("—" if one.share is None else percent(round(one.share * 10_000)), is_number=True),
            )
            for one in reversed(months)
        ),
    )


def _local(one: Churned) -> Any:
    return one.from_at.astimezone(ZoneInfo(shop_settings.current().time_zone))


def _month(one: Churned) -> str:
    return f"{_local(one):%B %Y}"
