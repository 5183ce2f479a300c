"""Figures with a row for each member or order: some rows a page, and all of them in a file."""

from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial

from components.foundation import database
from components.foundation.formatting import money, number
from components.insights.metrics import agreed_rows, figures, metric_rows
from components.insights.metrics.figures import DEFINITIONS, Members
from components.insights.metrics.row_pages import RowKey
from components.insights.programme import trial_rates
from web.staff.reports import row_cells
from web.staff.reports.figure_pages import SPANS, FigurePage
from web.staff.reports.programme.trial_words import trial_formula
from web.staff.reports.row_lists import RowFigure, listed
from web.staff.reports.sold_figures import SOLD

TRIAL_DAYS = 365
MEMBER = (("Member", False), ("Plan", False), ("Since", False), ("Ends", False))
A_MONTH, A_YEAR = (*MEMBER, ("Per month", True)), (*MEMBER, ("Per year", True))
TRIAL = (("Member", False), ("Plan", False), ("Started", False), ("Now", False), ("Converted", False))
AGREED = (("Member", False), ("Agreed", False), ("Date", False), ("Now", True), ("Then", True), ("Change", True))


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


def _of_payers(
    title: str, told: Callable[[Members], tuple[str, str]], *, defined: str = "", yearly: bool = False
) -> RowFigure:
    heads = A_YEAR if yearly else A_MONTH
    return listed(
        title, defined or title, heads, partial(_of_members, told),
        metric_rows.paying(), partial(row_cells.holder_cells, yearly=yearly),
        partial(row_cells.holder_line, yearly=yearly),
    )  # fmt: skip


async def _of_members(told: Callable[[Members], tuple[str, str]]) -> tuple[str, str]:
    (found,) = await database.batch(figures.members())
    return told(found)


def _paying() -> RowFigure:
    return _of_payers(
        "Paying members", lambda all: (number(all.paying), _one_per_row(all.paying)), defined="paying members"
    )


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
    told = partial(_of_members, lambda all: (number(all.given), _one_per_row(all.given)))
    rows = metric_rows.given()
    return listed(
        "Gifts and complimentary",
        "gifts and complimentary",
        A_MONTH,
        told,
        rows,
        row_cells.holder_cells,
        row_cells.holder_line,
    )


def _free() -> RowFigure:
    told = partial(_of_members, lambda all: (number(all.free), _one_per_row(all.free)))
    return listed(
        "Free plan",
        "free plan",
        A_MONTH,
        told,
        metric_rows.free(),
        row_cells.holder_cells,
        row_cells.holder_line,
    )


def _cmrr() -> RowFigure:
    return RowFigure(
        "CMRR",
        "CMRR",
        AGREED,
        partial(_of_members, _told_cmrr),
        agreed_rows.page,
        agreed_rows.every,
        row_cells.agreed_cells,
        row_cells.agreed_line,
    )


def _told_cmrr(all: Members) -> tuple[str, str]:
    change = all.cmrr - all.mrr
    sign = "−" if change < 0 else "+"
    formula = f"{money(all.mrr)} {sign} {money(abs(change))} from the changes below = {money(all.cmrr)}"
    return money(all.cmrr), formula


def _trials() -> RowFigure:
    rows = trial_rates.rows(*trial_rates.last_days(TRIAL_DAYS))
    return listed(
        "Trial conversion", "trial conversion", TRIAL, _told_trials, rows, row_cells.trial_cells, row_cells.trial_line
    )


async def _told_trials() -> tuple[str, str]:
    (found,) = await database.batch(trial_rates.query(*trial_rates.last_days(TRIAL_DAYS)))
    value, formula = trial_formula(found)
    return value, f"{formula}. Trials started in the last {TRIAL_DAYS} days."


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


def _one_per_row(people: int) -> str:
    return f"{number(people)} {'person' if people == 1 else 'people'}, one per row"
