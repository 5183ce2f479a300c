"""Figures of the programme with their rows: each of so many whole months."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from components.foundation import database
from components.foundation.database import Query
from components.foundation.formatting import money
from components.insights.metrics.row_pages import RowList
from components.insights.programme import (
    cancel_figures,
    dunning,
    member_lift,
    movement_rates,
    renewal_rate,
    trial_rates,
)
from components.insights.programme.movement_rates import MovementRates
from web.staff.reports import row_cells
from web.staff.reports.programme import programme_cells as cells
from web.staff.reports.programme.programme_spans import WholeMonths, amount, read, share, times
from web.staff.reports.programme.trial_words import trial_formula
from web.staff.reports.row_lists import Heads, RowFigure, listed

Told = tuple[str, str]
MOVEMENT: Heads = (("Member", False), ("Date", False), ("Movement", False), ("Change per month", True))
DUE: Heads = (("Member", False), ("Plan", False), ("Due", False), ("Outcome", False), ("Fee ex tax", True))
CANCELLED: Heads = (
    ("Member", False), ("Plan", False), ("Date", False), ("Reason", False), ("By", False), ("Outcome", False),
)  # fmt: skip
FAILED: Heads = (
    ("Member", False), ("Plan", False), ("First failed", False), ("Outcome", False), ("Paid", False), ("Amount", True),
)  # fmt: skip
JOINED: Heads = (
    ("Member", False), ("Joined", False), ("Orders before", True), ("Amount before", True), ("Orders since", True),
    ("Amount since", True),
)  # fmt: skip
TRIAL: Heads = (("Member", False), ("Plan", False), ("Started", False), ("Now", False), ("Converted", False))


def named(key: str, *, with_words: bool) -> RowFigure | None:
    """Such as “renewals-3”. `with_words`: what members wrote may be read."""
    name, _, number = key.partition("-")
    months = read(number) if number else None
    if months is None:
        return None
    if name in FIGURES:
        return FIGURES[name](months)
    return _cancelled(name, months, with_words=with_words) if name in ("saved", "reasons") else None


def _listed(
    title: str, defined: str, heads: Heads, months: WholeMonths, query: Query[Any], told: Callable[[Any], Told],
    rows: RowList[Any], *of_row: Callable[[Any], Any],
) -> RowFigure:  # fmt: skip
    async def asked() -> Told:
        (found,) = await database.batch(query)
        return told(found)

    asked_for: Callable[[], Awaitable[Told]] = asked
    return listed(f"{title}, {months.words}", defined, heads, asked_for, rows, *of_row)


def _of_movements(
    title: str,
    defined: str,
    told: Callable[[MovementRates], Told],
    kinds: tuple[str, ...],
    months: WholeMonths,
    *,
    of_starters: bool = False,
) -> RowFigure:
    span = (months.from_at, months.until)
    rows = movement_rates.rows(*span, kinds, of_starters=of_starters)
    return _listed(
        title, defined, MOVEMENT, months, movement_rates.query(*span), told, rows,
        cells.movement_cells, cells.movement_line,
    )  # fmt: skip


def _told_grr(found: MovementRates) -> Told:
    value, start = share(found.grr), money(found.period.start)
    lost = f"{money(found.starters.lost_of_start)} churn and contraction of those who paid at the start"
    return value, f"1 − {lost} ÷ {start} MRR at the start = {value}"


def _told_nrr(found: MovementRates) -> Told:
    value, start = share(found.nrr), money(found.period.start)
    expansion, lost = money(found.starters.expansion), money(found.starters.lost)
    formula = f"({start} MRR at the start + {expansion} expansion − {lost} churn and contraction of those who paid it)"
    return value, f"{formula} ÷ {start} = {value}"


def _told_quick(found: MovementRates) -> Told:
    value = times(found.quick_ratio)
    return value, f"{money(found.won)} won ÷ {money(found.lost)} lost = {value}"


def _told_split(found: MovementRates) -> Told:
    parts = [f"{one.members} {name} ({money(one.amount)})" for name, one in found.churned.items()]
    value = str(sum(one.members for one in found.churned.values()))
    return value, f"{' + '.join(parts)} = {value}, per month ({money(-found.period.moved['churn'])})"


def _renewals(months: WholeMonths) -> RowFigure:
    def told(found: tuple[renewal_rate.RenewalCount, ...]) -> Told:
        all_of_them = renewal_rate.together(found)
        value = share(all_of_them.rate)
        waiting = f". Waiting: {all_of_them.waiting}" if all_of_them.waiting else ""
        return value, f"{all_of_them.renewed} renewed ÷ {all_of_them.due} due = {value}{waiting}"

    span = (months.from_at, months.until)
    return _listed(
        "Renewal rate", "renewal rate", DUE, months, renewal_rate.query(*span), told, renewal_rate.rows(*span),
        cells.due_cells, cells.due_line,
    )  # fmt: skip


def _recovery(months: WholeMonths) -> RowFigure:
    def told(found: dunning.Recovery) -> Told:
        value, of_value = share(found.rate), share(found.value_rate)
        amounts = f"{money(found.recovered_amount)} ÷ {money(found.failed_amount)} = {of_value}"
        waiting = f" Still tried: {found.waiting}." if found.waiting else ""
        return value, f"{found.recovered} recovered ÷ {found.failed} first failed = {value}; {amounts}.{waiting}"

    span = (months.from_at, months.until)
    return _listed(
        "Dunning recovery", "dunning recovery", FAILED, months, dunning.query(*span), told, dunning.rows(*span),
        cells.failed_cells, cells.failed_line,
    )  # fmt: skip


def _lift(months: WholeMonths) -> RowFigure:
    def told(found: member_lift.MemberLift) -> Told:
        average, others = found.members.average, found.others.average
        value = share(average / others - 1) if average is not None and others else "—"
        formula = f"{amount(average)} members’ average order ÷ {amount(others)} of others − 1 = {value}"
        return value, f"{formula}. Below: who joined, before and since."

    span = (months.from_at, months.until)
    return _listed(
        "Member lift", "member lift", JOINED, months, member_lift.query(*span), told, member_lift.joiners(*span),
        cells.joiner_cells, cells.joiner_line,
    )  # fmt: skip


def _tried(months: WholeMonths) -> RowFigure:
    span = (months.from_at, months.until)
    return _listed(
        "Trial conversion", "trial conversion", TRIAL, months, trial_rates.query(*span), trial_formula,
        trial_rates.rows(*span), row_cells.trial_cells, row_cells.trial_line,
    )  # fmt: skip


def _cancelled(name: str, months: WholeMonths, *, with_words: bool) -> RowFigure:
    def told(found: tuple[cancel_figures.CancelCount, ...]) -> Told:
        all_of_them = cancel_figures.together(found)
        if name == "saved":
            value, decided = share(all_of_them.rate), all_of_them.decided
            waiting = f". Waiting: {all_of_them.waiting}" if all_of_them.waiting else ""
            return value, f"{all_of_them.stayed} still paying ÷ {decided} attempts = {value}{waiting}"
        parts = [f"{one.attempts} “{cells.reason_words(one.reason)}”" for one in found]
        return str(all_of_them.attempts), f"{' + '.join(parts) or 0} = {all_of_them.attempts}"

    span = (months.from_at, months.until)
    title, defined = ("Save rate", "save rate") if name == "saved" else ("Cancel reasons", "cancel reasons")
    heads = (*CANCELLED, ("In their words", False)) if with_words else CANCELLED
    return _listed(
        title, defined, heads, months, cancel_figures.query(*span), told, cancel_figures.rows(*span),
        partial(cells.cancel_cells, with_words=with_words), partial(cells.cancel_line, with_words=with_words),
    )  # fmt: skip


_LOST, _WON = ("churn", "contraction"), ("new", "expansion", "reactivation")
FIGURES: dict[str, Callable[[WholeMonths], RowFigure]] = {
    "grr": partial(_of_movements, "Gross revenue retention", "GRR", _told_grr, _LOST, of_starters=True),
    "nrr": partial(_of_movements, "Net revenue retention", "NRR", _told_nrr, (*_LOST, "expansion"), of_starters=True),
    "quick": partial(_of_movements, "Quick ratio", "quick ratio", _told_quick, (*_LOST, *_WON)),
    "split": partial(_of_movements, "Churn by reason", "churn by reason", _told_split, ("churn",)),
    "renewals": _renewals,
    "recovery": _recovery,
    "lift": _lift,
    "tried": _tried,
}
