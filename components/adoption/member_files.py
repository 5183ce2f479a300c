"""Rows of the exports of WooCommerce Subscriptions and Paid Memberships Pro as candidates."""

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from components.adoption import subscription_columns
from components.adoption.candidates import CARD, NO_CARD, UNBILLED, Candidate
from components.adoption.subscription_columns import WOOCOMMERCE
from components.foundation import intervals
from components.foundation.sheets import csv_sheets
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.foundation.shop_settings import shop_settings
from components.old_shop import record_cells

_STATES = {
    "active": "active", "": "active", "on-hold": "on_hold", "on hold": "on_hold", "suspended": "on_hold",
    "pending": "pending", "pending-cancel": "ending", "pending cancellation": "ending", "token": "pending",
    "cancelled": "ended", "canceled": "ended", "expired": "ended", "switched": "ended", "trash": "ended",
    "inactive": "ended", "admin_cancelled": "ended", "admin_changed": "ended", "changed": "ended", "error": "pending",
    "review": "pending", "trialing": "active",
}  # fmt: skip
_NEVER = frozenset({"", "0", "never", "n/a", "-", "null", "none", "0000-00-00", "0000-00-00 00:00:00"})
_META = re.compile(
    r"_?(stripe_customer_id|stripe_source_id|stripe_card_id|stripe_payment_method)\s*[:=]\s*([A-Za-z]+_\w+)"
)
_ITEM_NAME = re.compile(r"(?:^|\|)\s*name:([^|;]+)")


def kind_of(source: bytes) -> str:
    """Raises `UnreadableFile`, `FileTooLarge`."""
    return subscription_columns.named(csv_sheets.read_header(source))[0]


def read(source: bytes) -> list[Candidate]:
    """Every row that says something, in the order of the file; two with one key count once."""
    kind, sheet = subscription_columns.named(csv_sheets.read(source))
    found: dict[str, Candidate] = {}
    for line in sheet.lines:
        if not line.is_blank:
            one = _woocommerce(sheet, line) if kind == WOOCOMMERCE else _pmpro(sheet, line)
            found.setdefault(one.key, one)
    return list(found.values())


def _woocommerce(sheet: CsvSheet, line: CsvLine) -> Candidate:
    """Dates without a zone are UTC, as the exporter writes them."""
    currency = _cell(sheet, line, "Currency").upper() or shop_settings.current().currency
    amount, is_bad = _amount(sheet, line, "Total", currency)
    meta = dict(_META.findall(f"{_cell(sheet, line, 'Post Meta', 2000)}|{_cell(sheet, line, 'User Meta', 2000)}"))
    customer = _cell(sheet, line, "Customer") or meta.get("stripe_customer_id", "")
    method = next(filter(None, [
        _cell(sheet, line, "Source"), meta.get("stripe_source_id", ""), meta.get("stripe_payment_method", ""),
        meta.get("stripe_card_id", ""),
    ]), "")  # fmt: skip
    gateway = _cell(sheet, line, "Method").lower()
    is_manual = _cell(sheet, line, "Manual").lower() in ("true", "yes", "1")
    has_card = customer.startswith("cus_") and not is_manual and (not gateway or "stripe" in gateway)
    items = _cell(sheet, line, "Items", 2000)
    trial, next_payment = _date(sheet, line, "Trial End", utc=True), _date(sheet, line, "Next Payment", utc=True)
    status = _STATES.get(_cell(sheet, line, "Status").lower().removeprefix("wc-"), "pending")
    billing = CARD if has_card else NO_CARD
    email = record_cells.email(_cell(sheet, line, "Email", 254)) or ""
    return Candidate(
        billing=UNBILLED if not amount and not is_bad else billing,
        key=(_cell(sheet, line, "Id") or f"{email}:{line.number}")[:100],
        line=line.number,
        status=status,
        email=email,
        name=_name(sheet, line),
        title=_titles(items),
        amount=amount,
        currency=currency,
        interval=_cell(sheet, line, "Period").lower().rstrip("s"),
        count=_count(sheet, line, "Interval"),
        items=max(1, len(_names(items))),
        started_at=_date(sheet, line, "Started", utc=True),
        paid_until=next_payment or trial,
        ends_at=_date(sheet, line, "End", utc=True),
        customer=customer,
        method=method,
        facts=tuple(_trouble(sheet, line, is_bad)),
    )


def _pmpro(sheet: CsvSheet, line: CsvLine) -> Candidate:
    """Dates are days of the shop's own zone. A subscription that Stripe bills is named by its id: see `by_stripe`."""
    currency = shop_settings.current().currency
    amount, is_bad = _amount(sheet, line, "Amount", currency)
    subscription = _cell(sheet, line, "Subscription")
    customer = _cell(sheet, line, "Customer") or (subscription if subscription.startswith("cus_") else "")
    interval = _cell(sheet, line, "Period").lower().rstrip("s")
    is_billed = bool(amount or is_bad) and bool(interval)
    ends_at, next_payment = _date(sheet, line, "End"), _date(sheet, line, "Next Payment")
    level = _cell(sheet, line, "Level") or f"Level {_cell(sheet, line, 'Level Id')}"
    status = _STATES.get(_cell(sheet, line, "Status").lower(), "pending")
    if is_billed and ends_at is not None and next_payment is None and status == "active":
        status = "ending"
    email = record_cells.email(_cell(sheet, line, "Email", 254)) or ""
    key = subscription if subscription.startswith("sub_") else f"{_cell(sheet, line, 'Id') or email}:{level}"
    return Candidate(
        billing=(CARD if customer.startswith("cus_") else NO_CARD) if is_billed else UNBILLED,
        key=key[:100],
        line=line.number,
        status=status,
        email=email,
        name=_cell(sheet, line, "Name", 200) or _name(sheet, line),
        title=level[:150],
        amount=amount,
        currency=currency,
        interval=interval,
        count=_count(sheet, line, "Cycle"),
        started_at=_date(sheet, line, "Started"),
        paid_until=next_payment,
        ends_at=ends_at,
        customer=customer,
        facts=tuple(_trouble(sheet, line, is_bad)),
    )


def by_stripe(one: Candidate) -> str | None:
    """The subscription at Stripe that a row is about, which is adopted as it is."""
    return one.key if one.key.startswith("sub_") else None


def period_before(one: Candidate, until: datetime) -> datetime:
    """When the period that ends then began, counted backwards by the calendar."""
    start = intervals.later(until, one.interval, -one.count)
    return max(start, one.started_at) if one.started_at and one.started_at < until else start


def _cell(sheet: CsvSheet, line: CsvLine, column: str, longest: int = 200) -> str:
    return record_cells.words(sheet, line, column, longest=longest)


def _name(sheet: CsvSheet, line: CsvLine) -> str:
    return " ".join(filter(None, (_cell(sheet, line, "First Name"), _cell(sheet, line, "Last Name"))))[:200]


def _count(sheet: CsvSheet, line: CsvLine, column: str) -> int:
    written = _cell(sheet, line, column)
    return int(written) if written.isdigit() and 0 < int(written) < 1000 else 1


def _amount(sheet: CsvSheet, line: CsvLine, column: str, currency: str) -> tuple[int | None, bool]:
    """In minor units; whether what is written is no amount."""
    try:
        return record_cells.amount(_cell(sheet, line, column), currency) or 0, False
    except (ValueError, LookupError, ArithmeticError):
        return None, True


def _date(sheet: CsvSheet, line: CsvLine, column: str, *, utc: bool = False) -> datetime | None:
    """None where there is none, or where only a guess would tell the day from the month."""
    written = _cell(sheet, line, column)
    if written.lower() in _NEVER:
        return None
    found = record_cells.instant(written)
    if found is None or not utc or any(sign in written for sign in "+Z"):
        return found
    return found.replace(tzinfo=ZoneInfo("UTC"))


def _trouble(sheet: CsvSheet, line: CsvLine, is_bad_amount: bool) -> Iterator[str]:
    if is_bad_amount:
        yield "bad row"
    for column in ("Next Payment", "End", "Started"):
        written = _cell(sheet, line, column)
        if written.lower() not in _NEVER and record_cells.instant(written) is None:
            yield "no date" if column != "Started" else "bad row"


def _names(items: str) -> list[str]:
    return [name.strip() for name in _ITEM_NAME.findall(items.replace(";", "|;|"))] if "name:" in items else []


def _titles(items: str) -> str:
    return (", ".join(_names(items)) or items.strip() or "Subscription")[:150]
