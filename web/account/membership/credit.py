"""Store credit: what is available, what is pending, and every change with its reason."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from litestar import Controller, Request, Response, get

from components.foundation.languages.kept_sentences import KeptSentences
from components.foundation.languages.words import N_, _
from components.ledger import balances, statements
from components.ledger.balances import Balances
from components.ledger.statements import Expiring, LedgerLine, PendingCredit
from components.memberships.renewal_credits import credit_choices
from components.orders import order_list
from web.current_person import person_id_of
from web.guards import signed_in
from web.pager import Pager, page_asked
from web.views import View, page, visitor_of

WORDS = {
    "earned": N_("Cashback earned"),
    "available": N_("Cashback now available"),
    "reversed": N_("Cashback reversed"),
    "restored": N_("Cashback restored: a refund failed"),
    "taken again": N_("Credit used again: a refund failed"),
    "given": N_("Credit added"),
    "reserved": N_("Reserved for an order"),
    "spent": N_("Spent"),
    "released": N_("Released"),
    "given back": N_("Credit refunded"),
    "taken back": N_("Credit taken back by the shop"),
    "expired": N_("Expired"),
}
LESS_OWED = {
    "available": N_("Cashback now available, less what was owed"),
    "given back": N_("Credit refunded, less what was owed"),
    "restored": N_("Cashback restored: a refund failed, less what was owed"),
}
REASONS = KeptSentences(
    N_("Reversed: order %(number)s was refunded"),
    N_("Renewal of %(plan)s was not paid with it"),
    N_("Renewal of %(plan)s was refunded"),
    N_("Renewal of %(plan)s"),
    N_("The refund of your renewal did not go through"),
    N_("The refund of order %(number)s did not go through"),
    N_("Order %(number)s was not paid"),
    N_("Order %(number)s was refunded"),
    N_("Order %(number)s"),
    N_("%(benefit)s on order %(number)s"),
    N_("%(benefit)s, for %(day)s to %(day_after)s"),
    N_("%(benefit)s, from %(day)s"),
)
"""As orders and benefits write them into the ledger."""
RENEWAL = "Renewal"
L = TypeVar("L", Expiring, PendingCredit)
NAMED = 3
"""Rows of the summary with a day of their own."""


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
    """What is available is the sum of `expiring`, `expiring_later` and `lasting`, which has no such day."""

    template: ClassVar[str] = "account/membership/credit/index.html"
    purse: Balances
    reserved: int
    expiring: tuple[Expiring, ...]
    expiring_later: int
    lasting: int
    coming: tuple[PendingCredit, ...]
    coming_later: int
    lines: tuple[StatementLine, ...]
    pages: Pager
    is_for_renewals: bool


class CreditController(Controller):
    path = "/account/credit"
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        person_id, at = person_id_of(request), visitor_of(request).at
        lines, pages = await statement_lines(person_id, page_asked(request), self.path)
        purse = await balances.for_person(person_id, at)
        expiring, coming = await statements.expiring(person_id), await statements.pending(person_id)
        return page(
            request,
            CreditPage(
                purse=purse,
                reserved=sum(purse.reserved.values()),
                expiring=tuple(_in_words(one) for one in expiring[:NAMED]),
                expiring_later=sum(one.amount for one in expiring[NAMED:]),
                lasting=purse.spendable - sum(one.amount for one in expiring),
                coming=tuple(_in_words(one) for one in coming[:NAMED]),
                coming_later=sum(one.amount for one in coming[NAMED:]),
                lines=lines,
                pages=pages,
                is_for_renewals=await credit_choices.is_wanted(person_id),
            ),
        )


async def statement_lines(person_id: UUID, number: int, path: str) -> tuple[tuple[StatementLine, ...], Pager]:
    """One page of it, newest first, and the page numbers; also used by the staff page of a member."""
    last = await statements.page_count(person_id)
    pages = Pager(page=min(max(1, number), last), pages=last, path=path)
    found = await statements.lines(person_id, page=pages.page)
    numbers = await order_list.numbers({one.because_of for one in found if one.because_of})
    return tuple(_line(one, numbers) for one in found), pages


def _in_words(one: L) -> L:
    return replace(one, words=REASONS.said(one.words))


def _line(one: LedgerLine, numbers: dict[UUID, str]) -> StatementLine:
    return StatementLine(
        at=one.at,
        what=_what(one),
        words=REASONS.said(one.words),
        order_number=numbers.get(one.because_of, "") if one.because_of else "",
        spendable=one.spendable,
        pending=one.pending,
        balance=one.balance,
    )


def _what(one: LedgerLine) -> str:
    """Mentions what is owed where it changes something."""
    if one.kind == "reversed" and one.owed:
        return _("Cashback reversed; what you had already spent comes off your next cashback")
    if one.kind == "reserved" and one.words.startswith(RENEWAL):
        return _("Reserved for your renewal")
    if one.kind in LESS_OWED and one.owed:
        return _(LESS_OWED[one.kind])
    return _(WORDS.get(one.kind, one.kind.capitalize()))
