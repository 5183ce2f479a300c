"""One figure: its definition, its formula with real numbers, and the rows it is made from."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from litestar import Controller, Request, Response, get
from litestar.params import FromPath

from components.foundation import clock, database
from components.foundation.formatting import day, money, percent
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import shop_settings
from components.insights.metrics import (
    display_names,
    figures,
    metric_rows,
    metrics,
    money_in,
    retention,
    yearly_fees,
)
from components.insights.metrics.figures import DEFINITIONS, Members
from components.insights.metrics.metric_rows import Holder, SoldGoods
from components.insights.metrics.retention import Churned
from components.memberships.grants import gift_memberships
from components.memberships.plans import plan_catalogue
from components.memberships.promises import fee_guarantees
from web.guards import staff
from web.staff.club.save_offers import offer_rows
from web.views import View, page

TRIAL_DAYS = 365
FILES = {
    "orders": "Orders",
    "memberships": "Fees, gifts and terms",
    "refunds": "Refunds and lost disputes",
    "months": "Each month",
}
"""Money in for the accountant: the name of each file in its address, and what is in it."""


@dataclass(frozen=True, slots=True)
class Cell:
    words: str
    href: str = ""
    is_number: bool = False


@dataclass(frozen=True, kw_only=True)
class FigurePage(View):
    template: ClassVar[str] = "staff/reports/metrics/figure.html"

    title: str
    value: str
    definition: str
    formula: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]
    files: tuple[tuple[str, str], ...] = ()


class StaffFiguresController(Controller):
    path = "/staff/metrics/figures"
    guards = [staff("metrics")]

    @get("/{key:str}")
    async def show(self, request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
        name, _, days = key.partition("-")
        if name in SOLD and days in SPANS:
            return page(request, await SOLD[name](int(days)))
        if key not in FIGURES:
            raise NotFound
        return page(request, await FIGURES[key]())


async def _members() -> Members:
    (found,) = await database.batch(figures.members())
    return found  # type: ignore[no-any-return]


async def _paying() -> FigurePage:
    found, rows = await _members(), await metric_rows.paying()
    formula = f"{_counted(rows, 'person', 'people')}, one per row"
    return _of_people("Paying members", "paying members", str(found.paying), formula, rows)


async def _mrr() -> FigurePage:
    found, rows = await _members(), await metric_rows.paying()
    formula = f"Sum of the monthly fees below = {money(sum(one.a_month for one in rows))}"
    return _of_people("MRR", "MRR", money(found.mrr), formula, rows)


async def _arr() -> FigurePage:
    (found,), rows = await database.batch(yearly_fees.arr()), await metric_rows.paying()
    formula = f"Sum of the yearly fees below = {money(sum(one.a_year for one in rows))}"
    return _of_people("ARR", "ARR", money(found), formula, rows, yearly=True)


async def _cmrr() -> FigurePage:
    found, rows = await _members(), await metric_rows.agreed()
    change = sum(one.after - one.before for one in rows)
    sign = "−" if change < 0 else "+"
    return FigurePage(
        title="CMRR",
        value=money(found.cmrr),
        definition=DEFINITIONS["CMRR"],
        formula=f"{money(found.mrr)} {sign} {money(abs(change))} from the changes below = {money(found.cmrr)}",
        heads=(("Member", False), ("Agreed", False), ("Date", False), ("Now", True), ("Then", True), ("Change", True)),
        rows=tuple(
            (
                Cell(one.name, f"/staff/members/{one.person}"),
                Cell(one.words),
                Cell(day(one.at)),
                Cell(money(one.before), is_number=True),
                Cell(money(one.after), is_number=True),
                Cell(money(one.after - one.before), is_number=True),
            )
            for one in rows
        ),
    )


async def _arpu() -> FigurePage:
    found, rows = await _members(), await metric_rows.paying()
    value = "—" if found.arpu is None else money(found.arpu)
    return _of_people("ARPU", "ARPU", value, f"{money(found.mrr)} ÷ {found.paying} = {value}", rows)


async def _guarantees() -> FigurePage:
    rows = await fee_guarantees.every(since=clock.now() - timedelta(days=365))
    named = await display_names.names({one.person for one in rows} | {one.plan for one in rows})
    owed, given = sum(one.shortfall for one in rows if not one.settled_at), sum(one.given for one in rows)
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
    value = percent(accepted * 10_000 // shown) if shown else "—"
    return FigurePage(
        title="Save rate",
        value=value,
        definition=DEFINITIONS["save rate"],
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


async def _given() -> FigurePage:
    rows = await metric_rows.not_paying("comp", "gift")
    formula = f"{_counted(rows, 'person', 'people')}, one per row"
    return _of_people("Gifts and complimentary", "gifts and complimentary", str(len(rows)), formula, rows)


async def _free() -> FigurePage:
    rows = await metric_rows.not_paying("free")
    formula = f"{_counted(rows, 'person', 'people')}, one per row"
    return _of_people("Free plan", "free plan", str(len(rows)), formula, rows)


async def _churn() -> FigurePage:
    months = (await metrics.months()).complete
    last = months[-1]
    value = "—" if last.share is None else percent(round(last.share * 10_000))
    formula = f"{last.left} ÷ {last.members} = {value}, in {_month(last)}"
    return _of_months("Member churn", "member churn", value, formula, months)


async def _ltv() -> FigurePage:
    found, months = await _members(), (await metrics.months()).complete
    ltv = retention.fee_ltv(found.mrr, found.paying, months)
    six = months[-retention.MEAN_OF :]
    shares = [one.share for one in six if one.share is not None]
    mean = f"{sum(shares) / len(shares) * 100:.6f}%" if shares else "—"
    value = "—" if ltv is None else money(ltv)
    formula = (
        f"{money(found.mrr)} MRR ÷ {found.paying} paying members ÷ {mean} = {value}. "
        "Churn is the mean of the six months below."
    )
    return _of_months("Fee LTV", "fee LTV", value, formula, six)


async def _trials() -> FigurePage:
    found = await metric_rows.trial_rows(TRIAL_DAYS)
    won = sum(one.has_converted for one in found)
    value = percent(round(won / len(found) * 10_000)) if found else "—"
    return FigurePage(
        title="Trial conversion",
        value=value,
        definition=DEFINITIONS["trial conversion"],
        formula=f"{won} ÷ {len(found)} = {value}, of trials started in the last {TRIAL_DAYS} days",
        heads=(("Member", False), ("Plan", False), ("Started", False), ("Now", False), ("Converted", False)),
        rows=tuple(
            (
                Cell(one.name, f"/staff/members/{one.person}"),
                Cell(one.plan),
                Cell(day(one.at)),
                Cell(one.status.replace("_", " ").capitalize()),
                Cell("Yes" if one.has_converted else "No"),
            )
            for one in found
        ),
    )


async def _sales(days: int) -> FigurePage:
    rows = await metric_rows.goods_sold(days)
    total = sum(one.amount for one in rows)
    formula = f"Sum of {_counted(rows, 'order', 'orders')} = {money(total)}"
    return _of_orders("Sales", "sales", money(total), formula, rows, days)


async def _orders(days: int) -> FigurePage:
    rows = await metric_rows.goods_sold(days)
    formula = f"{_counted(rows, 'order', 'orders')}, one per row"
    return _of_orders("Orders", "orders", str(len(rows)), formula, rows, days)


async def _average(days: int) -> FigurePage:
    rows = await metric_rows.goods_sold(days)
    total = sum(one.amount for one in rows)
    value = money(round(total / len(rows))) if rows else "—"
    formula = f"{money(total)} ÷ {len(rows)} = {value}"
    return _of_orders("Average order", "average order", value, formula, rows, days)


async def _refunds(days: int) -> FigurePage:
    rows = await metric_rows.refunded(days)
    total = sum(one.amount for one in rows)
    formula = f"Sum of {_counted(rows, 'refund', 'refunds')} = {money(total)}"
    return _of_orders("Refunds", "refunds", money(total), formula, rows, days)


async def _money_in(days: int) -> FigurePage:
    parts = await money_in.parts(days)
    total, tax = sum(one.amount for one in parts), sum(one.tax for one in parts)
    when = "today" if days == 1 else f"last {days} days"
    return FigurePage(
        title=f"Money in, {when}",
        value=money(total),
        definition=DEFINITIONS["money in"],
        formula=f"Sum of the amounts below = {money(total)}, of which {money(tax)} is tax: "
        f"{money(total - tax)} without tax",
        heads=(("Source", False), ("Number", True), ("Amount", True), ("Tax in it", True)),
        rows=tuple(
            (
                Cell(one.name),
                Cell(str(one.count), is_number=True),
                Cell(money(one.amount), is_number=True),
                Cell(money(one.tax), is_number=True),
            )
            for one in parts
        ),
        files=tuple((words, f"/staff/metrics/files/{name}?days={days}") for name, words in FILES.items()),
    )


def _counted(rows: Sequence[object], one: str, many: str) -> str:
    return f"{len(rows)} {one if len(rows) == 1 else many}"


SPANS = ("1", "7", "30", "365")
SOLD: dict[str, Callable[[int], Awaitable[FigurePage]]] = {
    "orders": _orders,
    "sales": _sales,
    "average": _average,
    "refunds": _refunds,
    "money": _money_in,
}
FIGURES: dict[str, Callable[[], Awaitable[FigurePage]]] = {
    "paying": _paying,
    "given": _given,
    "free": _free,
    "mrr": _mrr,
    "arr": _arr,
    "cmrr": _cmrr,
    "arpu": _arpu,
    "churn": _churn,
    "ltv": _ltv,
    "trials": _trials,
    "guarantees": _guarantees,
    "saves": _saves,
    "gift-codes": _gift_codes,
}


def _of_people(
    title: str, defined: str, value: str, formula: str, rows: tuple[Holder, ...], *, yearly: bool = False
) -> FigurePage:
    per = "Per year" if yearly else "Per month"
    heads = (("Member", False), ("Plan", False), ("Since", False), ("Ends", False), (per, True))
    return FigurePage(
        title=title,
        value=value,
        definition=DEFINITIONS[defined],
        formula=formula,
        heads=heads,
        rows=tuple(
            (
                Cell(one.name, f"/staff/members/{one.person}"),
                Cell(one.plan),
                Cell(day(one.since)),
                Cell(day(one.ends) if one.ends else "—"),
                Cell(money(one.a_year if yearly else one.a_month), is_number=True),
            )
            for one in rows
        ),
    )


def _of_orders(
    title: str, defined: str, value: str, formula: str, rows: tuple[SoldGoods, ...], days: int
) -> FigurePage:
    when = "today" if days == 1 else f"last {days} days"
    return FigurePage(
        title=f"{title}, {when}",
        value=value,
        definition=DEFINITIONS[defined],
        formula=formula,
        heads=(("Order", False), ("Customer", False), ("Date", False), ("Amount", True)),
        rows=tuple(
            (
                Cell(one.number, f"/staff/orders/{one.number}"),
                Cell(one.name),
                Cell(day(one.at)),
                Cell(money(one.amount), is_number=True),
            )
            for one in rows
        ),
    )


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
