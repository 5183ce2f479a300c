"""Refunding a membership fee, in part or in whole, and deciding whether the membership goes on."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import ids
from components.foundation.formatting import day, money
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.invoices import fee_invoices, issuing
from components.invoices.corrections import invoice_family
from components.memberships.billing import fee_refunds, subscriptions
from components.memberships.billing.subscription_state import OVER
from components.memberships.renewal_credits.fee_payments import FeePayment
from components.memberships.tables import Subscription
from components.messaging.notices import own_withdrawals
from components.payments.invoicing import invoices
from components.payments.payment_refusals import RefundedMeanwhile
from components.people import customer_accounts
from web.account.security.confirm_refund import FEE, GivingBack, confirm_refund, within_limit
from web.current_person import person_id_of
from web.guards import staff
from web.staff.members import refund_pages
from web.staff.members.refund_pages import END, KEEP, Follows, MembershipRefundForm, MembershipRefundPage
from web.staff.net_payments import NetPayment, net_payment
from web.views import page

WHEN_ENDED = "Benefits end at once. Nothing more is charged, and it can’t be undone."
SENTENCE = "The money goes back to the card, and the member gets an e-mail. A refund can’t be undone."
OVER_ALREADY = "This membership has ended already; a refund changes nothing about it."


class StaffFeeRefundsController(Controller):
    path = "/staff/members/{person_id:uuid}/fees/{invoice:str}/refunds"
    guards = [staff("refunds")]

    @get("/new")
    async def new(
        self, request: Request[Any, Any, Any], person_id: FromPath[UUID], invoice: FromPath[str]
    ) -> Response[Any]:
        kept = await subscription_paid(person_id, invoice)
        usual = refund_pages.usual(await own_withdrawals.received(kept.payer, kept.id))
        form = MembershipRefundForm.blank(how="whole", follows=usual, key=ids.new())
        return page(request, await _page(kept, invoice, form))

    @post()
    async def create(
        self, request: Request[Any, Any, Any], person_id: FromPath[UUID], invoice: FromPath[str]
    ) -> Response[Any]:
        kept, form = await subscription_paid(person_id, invoice), await refund_pages.read(MembershipRefundForm, request)
        if not form.is_valid:
            return page(request, await _page(kept, invoice, form), status=422)
        payment = await fee_refunds.payment(kept.id, invoice)
        amount = refund_pages.amount_of(form, payment.left)
        ends_now, before = form.follows == END and kept.status not in OVER, payment.refunded.amount
        giving = GivingBack(
            what=FEE, subject=kept.id, key=form.key, amount=Money(amount, payment.paid.currency), before=before
        )
        if asked := await confirm_refund(request, giving):
            return asked
        try:
            async with within_limit(request, giving):
                made = await fee_refunds.create(
                    kept.id, invoice, amount, reason=form.reason, ends_now=ends_now, by=person_id_of(request),
                    key=form.key, before=before,
                )  # fmt: skip
        except Refusal as refusal:
            status = 409 if isinstance(refusal, RefundedMeanwhile) else 422
            return page(request, await _page(kept, invoice, refund_pages.refuse(form, refusal)), status=status)
        ends = " The membership is being ended." if made.ends_now else ""
        done = f"{money(made.amount + made.credit, made.currency)} refunded.{ends}"
        return await refund_pages.sent(fee_refunds.send(made.id), back=f"/staff/members/{person_id}", done=done)


async def subscription_paid(person_id: UUID, invoice_id: str) -> Subscription:
    """Whose fee it is must be the person in the address."""
    invoice = await invoices.by_id(invoice_id)
    if invoice is None or invoice.local_id is None:
        raise NotFound("There is no such payment.")
    kept = await subscriptions.by_id(invoice.local_id)
    if kept.payer != person_id:
        raise NotFound("There is no such payment.")
    return kept


def _follows(kept: Subscription) -> Follows:
    if kept.status in OVER:
        return {}
    renews = f" on {day(kept.current_period_end)}" if kept.current_period_end else ""
    stays = f"Benefits stay, and it renews{renews}. The refund doesn’t change what is charged then."
    if kept.cancel_at:
        stays = f"Benefits stay until {day(kept.cancel_at)}, when it ends as cancelled. Nothing more is charged."
    return {KEEP: (stays, None), END: (WHEN_ENDED, None)}


def _net(payment: FeePayment) -> NetPayment | None:
    given = payment.credit - payment.credit_left
    return net_payment(payment.paid - payment.credit, payment.refunded - given, credit_back=given)


def _credit_words(payment: FeePayment) -> tuple[str, ...]:
    if not payment.credit:
        return ()
    return (f"{money(payment.credit)} of it was store credit: each refund gives its share back as store credit.",)


async def _page(kept: Subscription, invoice: str, form: MembershipRefundForm) -> MembershipRefundPage:
    person = await customer_accounts.by_id(kept.payer)
    payment, follows = await fee_refunds.payment(kept.id, invoice), _follows(kept)
    said = refund_pages.withdrawn(await own_withdrawals.received(kept.payer, kept.id)) if follows else ()
    issued = await issuing.of_cause(fee_invoices.cause_of_fee(invoice))
    number = (await invoice_family.standing(issued)).number if issued else payment.number
    back, name = f"/staff/members/{kept.payer}", (person.name or person.email) if person else "Erased customer"
    return MembershipRefundPage(
        title="Refund a membership fee",
        ways=(("Members", "/staff/members"), (name, back)),
        back=back,
        action=f"{back}/fees/{invoice}/refunds",
        whom=name,
        about=f", invoice {number}" if number else "",
        paid=payment.paid,
        left=payment.left,
        net=_net(payment),
        sentences=(*said, *(() if follows else (OVER_ALREADY,)), *_credit_words(payment), SENTENCE),
        follows=follows,
        refused=refund_pages.refused_by(await fee_refunds.disputes_of(kept.id, invoice)),
        form=form,
    )
