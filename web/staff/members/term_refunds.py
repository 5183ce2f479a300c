"""Memberships paid once that were refunded in Stripe: staff decide whether each goes on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.entitlements import membership_periods
from components.memberships.grants import term_refunds
from components.memberships.grants.term_refunds import RefundedTerm
from components.people import customer_accounts
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page

LIST = "/staff/term-refunds"


@dataclass(frozen=True, kw_only=True)
class TermRefundRow:
    term: UUID
    payer: UUID
    name: str
    refunded: Money
    at: datetime
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class TermRefundsPage(View):
    template: ClassVar[str] = "staff/members/term_refunds/index.html"
    refunded: tuple[TermRefundRow, ...]


class StaffTermRefundsController(Controller):
    path = LIST
    guards = [staff("refunds")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        rows = tuple([await _row(one) for one in await term_refunds.undecided()])
        return page(request, TermRefundsPage(refunded=rows))

    @post("/{term:uuid}/keep")
    async def keep(self, request: Request[Any, Any, Any], term: FromPath[UUID]) -> Response[Any]:
        try:
            await term_refunds.keep(term, by=person_id_of(request))
        except Refusal as refusal:
            return with_refusal(see_other(LIST), str(refusal))
        return with_notice(see_other(LIST), "The membership goes on.")

    @post("/{term:uuid}/end")
    async def end(self, request: Request[Any, Any, Any], term: FromPath[UUID]) -> Response[Any]:
        try:
            await term_refunds.end(term, by=person_id_of(request))
        except Refusal as refusal:
            return with_refusal(see_other(LIST), str(refusal))
        return with_notice(see_other(LIST), "The membership has ended.")


async def _row(one: RefundedTerm) -> TermRefundRow:
    person, held = await customer_accounts.by_id(one.payer), await membership_periods.latest_from(one.term)
    return TermRefundRow(
        term=one.term,
        payer=one.payer,
        name=(person.name or person.email) if person else "Erased customer",
        refunded=one.money,
        at=one.at,
        until=held.ends_at if held else None,
    )
