"""Memberships that were refunded in Stripe: those that wait, and of what was paid once what each decision means."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.formatting import day, money
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.memberships.billing import subscriptions
from components.memberships.grants import paid_once, paid_once_refunds, refund_decisions
from components.memberships.grants.paid_once import RUNS, PaidOnce
from components.memberships.grants.refund_decisions import UndecidedRefund
from components.memberships.keeping_members import refunded_fees
from components.memberships.keeping_members.refunded_fees import UndecidedFee
from components.memberships.plans import plan_catalogue
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.staff.members.act_consequences import household
from web.staff.members.paid_once_refunds import GIFTS, name_of, paid_for
from web.views import View, page

TERMS = "/staff/term-refunds"


@dataclass(frozen=True, kw_only=True)
class TermRefundRow:
    decision: str
    payer: UUID
    name: str
    refunded: Money
    at: datetime
    until: datetime | None
    renews: bool = False


@dataclass(frozen=True, kw_only=True)
class TermRefundsPage(View):
    template: ClassVar[str] = "staff/members/refund_decisions/index.html"
    refunded: tuple[TermRefundRow, ...]


@dataclass(frozen=True, kw_only=True)
class RefundDecisionPage(View):
    template: ClassVar[str] = "staff/members/refund_decisions/show.html"
    ways: tuple[tuple[str, str], ...]
    back: str
    action: str
    lead: str
    sentences: tuple[str, ...]
    holder: UUID | None
    runs: bool


class StaffTermRefundsController(Controller):
    path = TERMS
    guards = [staff("refunds")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        rows = [await _row(one) for one in await refund_decisions.undecided() if not one.is_gift]
        rows += [await _fee_row(one) for one in await refunded_fees.undecided()]
        return page(request, TermRefundsPage(refunded=tuple(sorted(rows, key=lambda one: one.at, reverse=True))))


class StaffRefundDecisionsController(Controller):
    path = "/staff/paid-once/{reference:uuid}/decision"
    guards = [staff("refunds")]

    @get()
    async def show(self, request: Request[Any, Any, Any], reference: FromPath[UUID]) -> Response[Any]:
        once = await paid_for(reference)
        if reference not in {one.reference for one in await refund_decisions.undecided()}:
            return with_refusal(see_other(_back(once)), str(refund_decisions.NothingToDecide()))
        return page(request, await _page(once))

    @post("/keep")
    async def keep(self, request: Request[Any, Any, Any], reference: FromPath[UUID]) -> Response[Any]:
        back = see_other(_back(await paid_for(reference)))
        try:
            await refund_decisions.keep(reference, by=person_id_of(request))
        except Refusal as refusal:
            return with_refusal(back, str(refusal))
        return with_notice(back, "Decided: nothing changes about the membership.")

    @post("/end")
    async def end(self, request: Request[Any, Any, Any], reference: FromPath[UUID]) -> Response[Any]:
        back = see_other(_back(await paid_for(reference)))
        try:
            await refund_decisions.end(reference, by=person_id_of(request))
        except Refusal as refusal:
            return with_refusal(back, str(refusal))
        return with_notice(back, "The membership has ended.")


def _back(once: PaidOnce) -> str:
    return GIFTS if once.is_gift else TERMS


async def _row(one: UndecidedRefund) -> TermRefundRow:
    once = await paid_once.of_reference(one.reference)
    if once is None:
        raise NotFound
    return TermRefundRow(
        decision=f"/staff/paid-once/{one.reference}/decision",
        payer=once.payer,
        name=await name_of(once.payer),
        refunded=one.money,
        at=one.at,
        until=once.until,
    )


async def _fee_row(one: UndecidedFee) -> TermRefundRow:
    kept = await subscriptions.by_id(one.subscription)
    return TermRefundRow(
        decision=f"/staff/members/{one.payer}/fees/{one.invoice}/decision",
        payer=one.payer,
        name=await name_of(one.payer),
        refunded=one.money,
        at=one.at,
        until=kept.cancel_at or kept.current_period_end,
        renews=not kept.cancel_at,
    )


async def _page(once: PaidOnce) -> RefundDecisionPage:
    paid, left = await paid_once_refunds.paid(once.reference), await paid_once_refunds.left(once.reference)
    back, refunded = Money(paid.amount - left.amount, paid.currency), money(paid)
    plan, name = plan_catalogue.by_version(once.plan_version).name, await name_of(once.holder)
    lead = f"{money(back)} of the {refunded} that {name} paid for {plan} went back to them."
    if once.is_gift:
        lead = f"{money(back)} went back to {once.giver} after {once.recipient} had redeemed the gift."
    ways = (("Gift memberships", GIFTS),)
    return RefundDecisionPage(
        ways=ways if once.is_gift else (("Members", "/staff/members"), ("Refunded memberships", TERMS)),
        back=_back(once),
        action=f"/staff/paid-once/{once.reference}/decision",
        lead=lead,
        sentences=await _sentences(once, once.recipient if once.is_gift else name),
        holder=once.holder,
        runs=once.state == RUNS,
    )


async def _sentences(once: PaidOnce, name: str) -> tuple[str, ...]:
    if once.state != RUNS:
        return ("The membership is over already, so there is nothing to end.",)
    goes_on = f"until {day(once.until)}" if once.until else "for life"
    return (
        f"Nothing happens by itself. If you keep it, the membership goes on {goes_on}, and nobody is e-mailed.",
        f"If you end it, benefits are off at once, and {name} gets an e-mail that it has ended, unless another "
        "membership of theirs goes on. That can’t be undone.",
        *await household(once.reference, "when you end it"),
    )
