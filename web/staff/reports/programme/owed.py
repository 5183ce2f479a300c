"""Stored value owed: to whom, why, since when and until when, down to the entries of the ledger."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from components.foundation import clock, database, formatting
from components.foundation.money import Money
from components.foundation.refusals import NotFound
from components.insights.metrics import row_pages
from components.insights.metrics.figures import DEFINITIONS
from components.insights.programme import owed_rows, stored_value
from components.insights.programme.owed_rows import Owed
from components.insights.programme.stored_value import AGES, ENDS, GIFT, REASONS, LedgerTotal, StoredValue
from web.guards import staff
from web.staff import csv_files
from web.staff.reports.programme.programme_cells import WHY_OWED, owed_line
from web.staff.reports.programme.programme_spans import share
from web.views import View, page

HERE = "/staff/metrics/owed"
HEADS = ("Customer", "Why", "Since", "Can be spent from", "Expires", "Currency", "Pending", "Available",
         "Kept for an order", "Owed")  # fmt: skip
ACCOUNTS = {
    "cashback_pending": "Cashback, pending", "cashback": "Cashback, available", "store_credit": "Store credit",
    "reserved": "Kept for an order", "owed": "Owed by the customer", "cashback_given": "Given as cashback",
    "credit_given": "Given as credit", "spent": "Spent", "expired": "Expired",
}  # fmt: skip


@dataclass(frozen=True)
class OwedBand:
    """How much is owed of one reason, age or end; `href` leads to its rows."""

    name: str
    number: int
    amount: Money
    href: str = ""


@dataclass(frozen=True)
class OwedIn:
    """All that is owed in one currency. `likely` to expire and `share_lost` of what ended, in words."""

    currency: str
    total: Money
    pending: Money
    reasons: tuple[OwedBand, ...]
    ages: tuple[OwedBand, ...]
    ends: tuple[OwedBand, ...]
    likely: str
    share_lost: str
    ledger: LedgerTotal | None


@dataclass(frozen=True)
class OwedLine:
    one: Owed
    why: str
    amount: Money
    href: str


@dataclass(frozen=True)
class OwedEntryLine:
    one: owed_rows.OwedEntry
    account: str
    amount: Money


@dataclass(frozen=True, kw_only=True)
class OwedPage(View):
    template: ClassVar[str] = "staff/reports/programme/owed.html"

    currencies: tuple[OwedIn, ...]
    people: int
    reason: str
    chosen: str
    rows: tuple[OwedLine, ...]
    following: str
    file: str
    definitions: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class OwedLotPage(View):
    template: ClassVar[str] = "staff/reports/programme/owed_lot.html"

    lot: OwedLine
    entries: tuple[OwedEntryLine, ...]


class StaffOwedController(Controller):
    path = HERE
    guards = [staff("metrics")]

    @get()
    async def index(
        self, request: Request[Any, Any, Any], reason: FromQuery[str] = "", after: FromQuery[str] = ""
    ) -> Response[bytes]:
        begin = row_pages.read_key(after)
        if begin is None or reason not in ("", *REASONS):
            raise NotFound
        (found,) = await database.batch(stored_value.query(reason, begin))
        rows = await owed_rows.page(found.page)
        of_reason = f"reason={reason}&" if reason else ""
        return page(
            request,
            OwedPage(
                currencies=tuple(_in(found, currency) for currency in _currencies(found)),
                people=found.people,
                reason=reason,
                chosen=WHY_OWED.get(reason, ""),
                rows=tuple(_line(one) for one in rows.rows),
                following=f"{HERE}?{of_reason}after={rows.following.words}" if rows.following else "",
                file=f"{HERE}/export?{of_reason}".rstrip("?&") if rows.rows else "",
                definitions=DEFINITIONS,
            ),
        )

    @get("/export")
    async def export(self, request: Request[Any, Any, Any], reason: FromQuery[str] = "") -> Stream:
        """Every amount that is owed, as CSV."""
        if reason not in ("", *REASONS):
            raise NotFound
        lines = (owed_line(one) async for one in owed_rows.rows(reason).every())
        return await csv_files.streamed(request, f"owed-{csv_files.local_day(clock.now())}", HEADS, lines)

    @get("/{lot_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], lot_id: FromPath[UUID]) -> Response[bytes]:
        lot, entries = await owed_rows.one(lot_id), await owed_rows.entries(lot_id)
        lines = tuple(
            OwedEntryLine(one, ACCOUNTS.get(one.account, one.account), Money(one.amount, one.currency))
            for one in entries
        )
        return page(request, OwedLotPage(lot=_line(lot), entries=lines))


def _currencies(found: StoredValue) -> list[str]:
    return sorted({one.currency for one in found.parts} | {one.currency for one in found.ledgers})


def _in(found: StoredValue, currency: str) -> OwedIn:
    def bands(key: Any, order: tuple[tuple[Any, str], ...]) -> tuple[OwedBand, ...]:
        names = found.by(key, currency, [name for _, name in order])
        return tuple(OwedBand(name, number, Money(amount, currency)) for name, number, amount in names)

    reasons = found.by(lambda part: part.reason, currency, REASONS)
    likely = found.likely_to_expire(currency)
    return OwedIn(
        currency=currency,
        total=Money(found.total(currency), currency),
        pending=Money(sum(one.pending for one in found.parts if one.currency == currency), currency),
        reasons=tuple(
            OwedBand(WHY_OWED[name], number, Money(amount, currency), f"{HERE}?reason={name}#rows")
            for name, number, amount in reasons
        ),
        ages=bands(lambda part: part.age, AGES),
        ends=bands(lambda part: part.ends, ENDS),
        likely="—" if likely is None else formatting.money(Money(likely, currency)),
        share_lost=share(found.share_lost(currency)),
        ledger=next((one for one in found.ledgers if one.currency == currency), None),
    )


def _line(one: Owed) -> OwedLine:
    why = f"{WHY_OWED[one.reason]}: {one.benefit}" if one.benefit else WHY_OWED[one.reason]
    href = "/staff/gift-memberships" if one.reason == GIFT else f"{HERE}/{one.id}"
    return OwedLine(one, why, Money(one.amount, one.currency), href)
