"""Store credit: what is available, what is pending, and every change with its reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.params import FromQuery

from components import ledger
from components.ledger import Purse
from components.ledger.statements import Coming, Expiring, Line
from components.orders import listing
from web.account.whose import person_id_of
from web.guards import signed_in
from web.shop.page_numbers import PageNumbers
from web.views import View, page, visitor_of

WORDS = {
    "earned": "Cashback earned",
    "available": "Cashback now available",
    "reversed": "Cashback reversed",
    "restored": "Cashback restored: a refund failed",
    "taken again": "Credit used again: a refund failed",
    "given": "Credit added",
    "reserved": "Reserved for an order",
    "spent": "Spent",
    "released": "Released",
    "given back": "Credit refunded",
    "expired": "Expired",
}


@dataclass(frozen=True, kw_only=True)
class StatementLine:
    """One change: `spendable` and `pending` are what it did to each, `balance` what is available after it."""

    at: datetime
    what: str
    words: str
    order_number: str
    spendable: int
    pending: int
    balance: int


@dataclass(frozen=True, kw_only=True)
class CreditPage(View):
    template: ClassVar[str] = "account/credit/index.html"
    purse: Purse
    reserved: int
    expiring: tuple[Expiring, ...]
    coming: tuple[Coming, ...]
    lines: tuple[StatementLine, ...]
    pages: PageNumbers


class CreditController(Controller):
    path = "/account/credit"
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any], number: FromQuery[int] = 1) -> Response[Any]:
        person_id, at = person_id_of(request), visitor_of(request).at
        lines, pages = await statement(person_id, number, "/account/credit")
        purse = await ledger.purses.of(person_id, at)
        return page(
            request,
            CreditPage(
                purse=purse,
                reserved=sum(purse.reserved.values()),
                expiring=await ledger.statements.expiring(person_id),
                coming=await ledger.statements.coming(person_id),
                lines=lines,
                pages=pages,
            ),
        )


async def statement(person_id: UUID, number: int, path: str) -> tuple[tuple[StatementLine, ...], PageNumbers]:
    """One page of it, newest first, and the page numbers; also used by the staff page of a member."""
    last = await ledger.statements.pages(person_id)
    pages = PageNumbers(page=min(max(1, number), last), pages=last, path=path, query={})
    found = await ledger.statements.lines(person_id, page=pages.page)
    numbers = await listing.numbers({one.because_of for one in found if one.because_of})
    return tuple(_line(one, numbers) for one in found), pages


def _line(one: Line, numbers: dict[UUID, str]) -> StatementLine:
    return StatementLine(
        at=one.at,
        what=_what(one),
        words=one.words,
        order_number=numbers.get(one.because_of, "") if one.because_of else "",
        spendable=one.spendable,
        pending=one.pending,
        balance=one.balance,
    )


def _what(one: Line) -> str:
    """Mentions what is owed where it changes something."""
    words = WORDS.get(one.kind, one.kind.capitalize())
    if one.kind == "reversed" and one.owed:
        return f"{words}; what you had already spent comes off your next cashback"
    if one.kind in ("available", "given back", "restored") and one.owed:
        return f"{words}, less what was owed"
    return words
