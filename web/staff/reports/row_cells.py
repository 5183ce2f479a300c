"""A row behind a figure as the cells of a page, and as a line of a file."""

from components.foundation.formatting import day, money
from components.foundation.shop_settings import shop_settings
from components.insights.metrics.agreed_rows import AgreedRow
from components.insights.metrics.metric_rows import Holder, SoldGoods
from components.insights.programme.trial_rates import TrialRow
from web.staff import csv_files
from web.staff.reports.figure_pages import Cell


def _plain(minor: int) -> str:
    return csv_files.amount(minor, shop_settings.current().currency)


def holder_cells(one: Holder, *, yearly: bool = False) -> tuple[Cell, ...]:
    return (
        Cell(one.name, f"/staff/members/{one.id}"),
        Cell(one.plan),
        Cell(day(one.at)),
        Cell(day(one.ends) if one.ends else "—"),
        Cell(money(one.a_year if yearly else one.a_month), is_number=True),
    )


def holder_line(one: Holder, *, yearly: bool = False) -> tuple[str, ...]:
    fee = one.a_year if yearly else one.a_month
    return one.name, one.plan, csv_files.local_day(one.at), csv_files.local_day(one.ends), _plain(fee)


def order_cells(one: SoldGoods) -> tuple[Cell, ...]:
    return (
        Cell(one.number, f"/staff/orders/{one.number}"),
        Cell(one.name),
        Cell(day(one.at)),
        Cell(money(one.amount), is_number=True),
    )


def order_line(one: SoldGoods) -> tuple[str, ...]:
    return one.number, one.name, csv_files.local_day(one.at), _plain(one.amount)


CONVERTED = {"converted": "Yes", "waiting": "Not known yet", "not converted": "No"}


def trial_cells(one: TrialRow) -> tuple[Cell, ...]:
    return Cell(one.name, f"/staff/members/{one.person}"), *(Cell(words) for words in _of_trial(one, day(one.at)))


def trial_line(one: TrialRow) -> tuple[str, ...]:
    return one.name, *_of_trial(one, csv_files.local_day(one.at))


def _of_trial(one: TrialRow, started: str) -> tuple[str, ...]:
    now = one.status.replace("_", " ").capitalize()
    return one.plan, started, now, CONVERTED[one.state]


def agreed_cells(one: AgreedRow) -> tuple[Cell, ...]:
    amounts = (one.before, one.after, one.after - one.before)
    return (
        Cell(one.name, f"/staff/members/{one.id}"),
        Cell(one.words),
        Cell(day(one.at)),
        *(Cell(money(amount), is_number=True) for amount in amounts),
    )


def agreed_line(one: AgreedRow) -> tuple[str, ...]:
    amounts = (one.before, one.after, one.after - one.before)
    return one.name, one.words, csv_files.local_day(one.at), *(_plain(amount) for amount in amounts)
