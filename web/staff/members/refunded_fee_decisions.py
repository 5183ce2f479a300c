"""Memberships whose fee was refunded whole in Stripe: staff read what keeping and ending mean, and decide."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.formatting import day, money
from components.foundation.refusals import Refusal
from components.memberships.billing import fee_refunds, subscriptions
from components.memberships.billing.subscription_state import OVER
from components.memberships.grants.refund_decisions import NothingToDecide
from components.memberships.keeping_members import refunded_fees
from components.memberships.keeping_members.refunded_fees import UndecidedFee
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription
from components.payments.payment_refusals import PaymentRefused
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.staff.members.act_consequences import household
from web.staff.members.fee_refunds import subscription_paid
from web.staff.members.paid_once_refunds import name_of
from web.staff.members.refund_decisions import TERMS, RefundDecisionPage
from web.views import page

UNANSWERED = "The membership is being ended: Stripe has yet to answer."
REFUSED = "The membership is being ended: Stripe refused just now, and is asked again by itself."


class StaffFeeDecisionsController(Controller):
    path = "/staff/members/{person_id:uuid}/fees/{invoice:str}/decision"
    guards = [staff("refunds")]

    @get()
    async def show(
        self, request: Request[Any, Any, Any], person_id: FromPath[UUID], invoice: FromPath[str]
    ) -> Response[Any]:
        try:
            return page(request, await _page(await _waiting(person_id, invoice)))
        except NothingToDecide as refusal:
            return with_refusal(see_other(TERMS), str(refusal))

    @post("/keep")
    async def keep(
        self, request: Request[Any, Any, Any], person_id: FromPath[UUID], invoice: FromPath[str]
    ) -> Response[Any]:
        try:
            await _waiting(person_id, invoice)
            await refunded_fees.keep(invoice, by=person_id_of(request))
        except NothingToDecide as refusal:
            return with_refusal(see_other(TERMS), str(refusal))
        return with_notice(see_other(TERMS), "Decided: nothing changes about the membership.")

    @post("/end")
    async def end(
        self, request: Request[Any, Any, Any], person_id: FromPath[UUID], invoice: FromPath[str]
    ) -> Response[Any]:
        try:
            await _waiting(person_id, invoice)
            ended = await refunded_fees.end(invoice, by=person_id_of(request))
        except NothingToDecide as refusal:
            return with_refusal(see_other(TERMS), str(refusal))
        said = UNANSWERED
        try:  # if not now, the reaction to the same decision ends it
            await fee_refunds.end_if_wanted(ended)
        except PaymentRefused:
            said = REFUSED
        except Refusal:
            said = UNANSWERED
        is_over = (await subscription_paid(person_id, invoice)).status in OVER
        return with_notice(see_other(TERMS), "The membership has ended." if is_over else said)


async def _waiting(person_id: UUID, invoice: str) -> UndecidedFee:
    """Raises `NotFound` for what was never paid by this person, and `NothingToDecide`."""
    await subscription_paid(person_id, invoice)
    return await refunded_fees.by_invoice(invoice)


async def _page(fee: UndecidedFee) -> RefundDecisionPage:
    kept, name = await subscriptions.by_id(fee.subscription), await name_of(fee.payer)
    plan = plan_catalogue.by_version(kept.plan_version).name
    return RefundDecisionPage(
        ways=(("Members", "/staff/members"), ("Refunded memberships", TERMS)),
        back=TERMS,
        action=f"/staff/members/{fee.payer}/fees/{fee.invoice}/decision",
        lead=f"{name} was refunded the whole {money(fee.money)} that they paid for {plan}, on {day(fee.at)}.",
        sentences=(*await _by_another(fee), *await _sentences(kept, name)),
        holder=fee.payer,
        runs=True,
    )


async def _by_another(fee: UndecidedFee) -> tuple[str, ...]:
    if not await refunded_fees.is_paid_by_another(fee):
        return ()
    return ("The time that is running now was paid with a later payment, which was not refunded in full.",)


async def _sentences(kept: Subscription, name: str) -> tuple[str, ...]:
    renews = f" on {day(kept.current_period_end)}" if kept.current_period_end else ""
    goes_on = f"benefits stay, and it renews{renews}"
    if kept.cancel_at:
        goes_on = f"benefits stay until {day(kept.cancel_at)}, when it ends as cancelled"
    return (
        f"Nothing happens by itself. If you keep it, {goes_on}; nobody is e-mailed.",
        f"If you end it, benefits are off at once, nothing more is charged, and {name} gets an e-mail that it has "
        "ended. That can’t be undone.",
        *await household(kept.id, "when you end it"),
    )
