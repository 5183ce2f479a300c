"""The rows behind figures of the programme as cells of a page, and as lines of a file."""

from components.foundation.formatting import day, money, number
from components.foundation.shop_settings import shop_settings
from components.insights.metrics.metrics import MrrMovement
from components.insights.programme.cancel_figures import OFFER, CancelCount, CancelRow
from components.insights.programme.dunning import FailedRenewal
from components.insights.programme.member_lift import Joiner
from components.insights.programme.owed_rows import Owed
from components.insights.programme.renewal_rate import DueRenewal
from components.insights.programme.stored_value import BENEFIT, CASHBACK, GIFT, GIVEN, REFUND
from components.memberships.billing.cancellations import REASONS
from web.staff import csv_files
from web.staff.reports.figure_pages import Cell

CHOSEN = dict(REASONS) | {OFFER: "Took a save offer", "": "No reason given"}
WHY_OWED = {
    CASHBACK: "Cashback", BENEFIT: "Credit from a benefit", REFUND: "Refunds given as credit",
    GIVEN: "Credit given by the shop", GIFT: "Gift memberships not redeemed",
}  # fmt: skip
STATES = {"stayed": "Stayed", "left": "Left", "waiting": "Waiting", "renewed": "Renewed", "not renewed": "Not renewed",
          "recovered": "Paid in the end", "lost": "Not paid"}  # fmt: skip


def reason_words(reason: str) -> str:
    return CHOSEN.get(reason, reason)


def _plain(minor: int) -> str:
    return csv_files.amount(minor, shop_settings.current().currency)


def _member(name: str, person: object) -> Cell:
    return Cell(name or "Erased", f"/staff/members/{person}")


def movement_cells(one: MrrMovement) -> tuple[Cell, ...]:
    words = f"{one.kind.capitalize()} {one.because}".strip()
    return _member(one.name, one.id), Cell(day(one.at)), Cell(words), Cell(money(one.amount), is_number=True)


def movement_line(one: MrrMovement) -> tuple[str, ...]:
    return (
        one.name or "Erased",
        csv_files.local_day(one.at),
        f"{one.kind.capitalize()} {one.because}".strip(),
        _plain(one.amount),
    )


def due_cells(one: DueRenewal) -> tuple[Cell, ...]:
    return (
        _member(one.name, one.person), Cell(one.plan), Cell(day(one.at)), Cell(STATES[one.state]),
        Cell(money(one.fee), is_number=True),
    )  # fmt: skip


def due_line(one: DueRenewal) -> tuple[str, ...]:
    return one.name, one.plan, csv_files.local_day(one.at), STATES[one.state], _plain(one.fee)


def cancel_cells(one: CancelRow, *, with_words: bool) -> tuple[Cell, ...]:
    cells = (
        _member(one.name, one.person), Cell(one.plan), Cell(day(one.at)), Cell(reason_words(one.reason)),
        Cell("Staff" if one.by_staff else "Member"), Cell(STATES[one.state]),
    )  # fmt: skip
    return (*cells, Cell(one.words or "—")) if with_words else cells


def cancel_line(one: CancelRow, *, with_words: bool) -> tuple[str, ...]:
    by = "Staff" if one.by_staff else "Member"
    cells = (one.name, one.plan, csv_files.local_day(one.at), reason_words(one.reason), by, STATES[one.state])
    return (*cells, one.words) if with_words else cells


def failed_cells(one: FailedRenewal) -> tuple[Cell, ...]:
    return (
        _member(one.name, one.person), Cell(one.plan), Cell(day(one.at)), Cell(STATES[one.state]),
        Cell(day(one.paid_at) if one.paid_at else "—"), Cell(money(one.amount), is_number=True),
    )  # fmt: skip


def failed_line(one: FailedRenewal) -> tuple[str, ...]:
    paid = csv_files.local_day(one.paid_at)
    return one.name, one.plan, csv_files.local_day(one.at), STATES[one.state], paid, _plain(one.amount)


def joiner_cells(one: Joiner) -> tuple[Cell, ...]:
    return (
        _member(one.name, one.id), Cell(day(one.at)), Cell(str(one.orders_before), is_number=True),
        Cell(money(one.amount_before), is_number=True), Cell(str(one.orders_since), is_number=True),
        Cell(money(one.amount_since), is_number=True),
    )  # fmt: skip


def joiner_line(one: Joiner) -> tuple[str, ...]:
    before, since = (
        (str(one.orders_before), _plain(one.amount_before)),
        (str(one.orders_since), _plain(one.amount_since)),
    )
    return one.name, csv_files.local_day(one.at), *before, *since


def owed_line(one: Owed) -> tuple[str, ...]:
    why = " ".join(filter(None, (WHY_OWED[one.reason], one.benefit)))
    sums = (csv_files.amount(sum_, one.currency) for sum_ in (one.pending, one.available, one.held, one.amount))
    dates = (csv_files.local_day(at) for at in (one.at, one.due_at, one.expires_at))
    return one.name, why, *dates, one.currency, *sums


def attempts_words(asked: CancelCount) -> str:
    """Those that are not decided are no part of the rate, and are not kept quiet either."""
    waiting = f"{number(asked.waiting)} waiting" if asked.waiting else ""
    if not asked.decided:
        return waiting or "No cancel attempt on record"
    return ", ".join(filter(None, (f"{number(asked.stayed)} of {number(asked.decided)} cancel attempts", waiting)))
