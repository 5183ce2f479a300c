"""Refunding a membership fee, in part or in whole, and deciding whether the membership goes on."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import ids
from components.foundation.formatting import day, money
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.memberships.billing import fee_refunds, subscriptions
from components.memberships.billing.fee_refunds import FeePayment
from components.memberships.billing.subscription_state import OVER
from components.memberships.billing.tables import FeeRefund
from components.memberships.tables import Subscription
from components.payments import disputes
from components.payments.invoicing import invoices
from components.payments.payment_refusals import OutcomeUnknown, StripeUnavailable
from components.people import customer_accounts
from web.account.security.confirm_refund import confirm_refund
from web.current_person import person_id_of
from web.forms.fields import Choice, Once, Text
from web.forms.form import Form
from web.forms.numbers import AmountField
from web.guards import staff
from web.replies import see_other, with_notice
from web.views import View, page

HOW = (("whole", "Everything remaining"), ("amount", "Custom amount"))
WHEN_ENDED = "Benefits end at once. Nothing more is charged, and it can’t be undone."
FOLLOWS = (("keep", "Keep the membership"), ("end", "End the membership now"))


class FeeRefundForm(Form):
    how = Choice("What to refund", HOW, as_radio=True)
    amount = AmountField("Amount", required=False, help="Only for “Custom amount”.")
    follows = Choice("What happens with the membership", FOLLOWS, as_radio=True)
    reason = Text("Reason", longest=300, required=False, help="Included in the e-mail to the member.")
    key = Once("Form")


@dataclass(frozen=True, kw_only=True)
class FeeRefundPage(View):
    """`refused` says why this payment cannot be refunded now. `runs` while it is billed; `follows` is what each
    choice means for the membership."""

    template: ClassVar[str] = "staff/members/fee_refunds/new.html"
    person_id: UUID
    name: str
    payment: FeePayment
    form: FeeRefundForm
    refused: str
    runs: bool
    follows: dict[str, tuple[str, None]]


class StaffFeeRefundsController(Controller):
    path = "/staff/members/{person_id:uuid}/fees/{invoice:str}/refunds"
    guards = [staff("refunds")]

    @get("/new")
    async def new(
        self, request: Request[Any, Any, Any], person_id: FromPath[UUID], invoice: FromPath[str]
    ) -> Response[Any]:
        kept = await _subscription(person_id, invoice)
        return page(
            request, await _page(kept, invoice, FeeRefundForm.blank(how="whole", follows="keep", key=ids.new()))
        )

    @post()
    async def create(
        self, request: Request[Any, Any, Any], person_id: FromPath[UUID], invoice: FromPath[str]
    ) -> Response[Any]:
        kept, form = await _subscription(person_id, invoice), await FeeRefundForm.read(request)
        if not form.is_valid:
            return page(request, await _page(kept, invoice, form), status=422)
        payment = await fee_refunds.payment(kept.id, invoice)
        amount = payment.left.amount if form.how == "whole" else form.amount or 0
        sum_of_it = Money(amount, payment.paid.currency)
        if asked := await confirm_refund(request, refund=sum_of_it, before=payment.refunded.amount):
            return asked
        try:
            made = await fee_refunds.create(
                kept.id,
                invoice,
                amount,
                reason=form.reason,
                ends_now=form.follows == "end" and kept.status not in OVER,
                by=person_id_of(request),
                key=form.key,
            )
        except Refusal as refusal:
            return page(request, await _page(kept, invoice, form.refuse(None, str(refusal))), status=422)
        return with_notice(see_other(f"/staff/members/{person_id}"), await _sent(made))


async def _sent(refund: FeeRefund) -> str:
    """Send the refund now; if Stripe does not answer, the worker tries again."""
    try:
        await fee_refunds.send(refund.id)
    except (StripeUnavailable, OutcomeUnknown):
        return "The refund is saved and will be sent as soon as Stripe responds."
    except Refusal as refusal:
        return f"The refund could not be made: {getattr(refusal, 'detail', '') or refusal}"
    ends = " The membership is being ended." if refund.ends_now else ""
    return f"{money(refund.amount, refund.currency)} refunded.{ends}"


async def _subscription(person_id: UUID, invoice_id: str) -> Subscription:
    """Whose fee it is must be the person in the address."""
    invoice = await invoices.by_id(invoice_id)
    if invoice is None or invoice.local_id is None:
        raise NotFound("There is no such payment.")
    kept = await subscriptions.by_id(invoice.local_id)
    if kept.payer != person_id:
        raise NotFound("There is no such payment.")
    return kept


def _when_kept(kept: Subscription) -> str:
    """What is true of the membership if the refund changes nothing about it."""
    if kept.cancel_at:
        return f"Benefits stay until {day(kept.cancel_at)}, when it ends as cancelled. Nothing more is charged."
    renews = f" on {day(kept.current_period_end)}" if kept.current_period_end else ""
    return f"Benefits stay, and it renews{renews} at the full price."


async def _page(kept: Subscription, invoice: str, form: FeeRefundForm) -> FeeRefundPage:
    person = await customer_accounts.by_id(kept.payer)
    refused = ""
    try:
        disputes.refuse_refund(await fee_refunds.disputes_of(kept.id, invoice))
    except Refusal as refusal:
        refused = str(refusal)
    return FeeRefundPage(
        person_id=kept.payer,
        name=(person.name or person.email) if person else "Erased customer",
        payment=await fee_refunds.payment(kept.id, invoice),
        form=form,
        refused=refused,
        runs=kept.status not in OVER,
        follows={"keep": (_when_kept(kept), None), "end": (WHEN_ENDED, None)},
    )
