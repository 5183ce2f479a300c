"""Refunding a bought gift, and deciding about the membership of one that was refunded after it was redeemed."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import ids
from components.foundation.formatting import day, money
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.grants import gift_memberships, gift_refunds, refunded_gifts
from components.memberships.grants.tables import GiftRefund
from components.memberships.tables import GiftMembership
from components.payments import disputes
from components.payments.payment_refusals import OutcomeUnknown, StripeUnavailable
from web.account.security.confirm_refund import confirm_refund
from web.current_person import person_id_of
from web.forms.fields import Choice, Once, Text
from web.forms.form import Form
from web.forms.numbers import AmountField
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page

LIST = "/staff/gift-memberships"


class GiftRefundForm(Form):
    how = Choice("What to refund", (("whole", "Everything remaining"), ("amount", "Custom amount")), as_radio=True)
    amount = AmountField("Amount", required=False, help="Only for “Custom amount”.")
    reason = Text("Reason", longest=300, required=False, help="For your records.")
    key = Once("Form")


@dataclass(frozen=True, kw_only=True)
class GiftRefundPage(View):
    """`refused` says why this payment cannot be refunded now."""

    template: ClassVar[str] = "staff/club/gift_memberships/refund.html"
    id: UUID
    giver: str
    recipient: str
    paid: Money
    left: Money
    sentences: tuple[str, ...]
    refused: str
    form: GiftRefundForm


@dataclass(frozen=True, kw_only=True)
class GiftDecisionPage(View):
    template: ClassVar[str] = "staff/club/gift_memberships/decision.html"
    id: UUID
    giver: str
    recipient: str
    holder: UUID | None
    refunded: Money


class StaffGiftRefundsController(Controller):
    path = f"{LIST}/{{gift_id:uuid}}"
    guards = [staff("members")]

    @get("/refund")
    async def new(self, request: Request[Any, Any, Any], gift_id: FromPath[UUID]) -> Response[Any]:
        gift = await gift_memberships.by_id(gift_id)
        if why_not := _why_not(gift):
            return with_refusal(see_other(LIST), why_not)
        return page(request, await _page(gift, GiftRefundForm.blank(how="whole", key=ids.new())))

    @post("/refund")
    async def create(self, request: Request[Any, Any, Any], gift_id: FromPath[UUID]) -> Response[Any]:
        gift, form = await gift_memberships.by_id(gift_id), await GiftRefundForm.read(request)
        if form.is_valid and form.how == "amount" and not form.amount:
            form.refuse("amount", str(gift_refunds.NoGiftAmount()))
        if not form.is_valid:
            return page(request, await _page(gift, form), status=422)
        paid, left = await gift_refunds.paid(gift_id), await gift_refunds.left(gift_id)
        sum_of_it = left if form.how == "whole" else Money(form.amount or 0, left.currency)
        if asked := await confirm_refund(request, refund=sum_of_it, before=paid.amount - left.amount):
            return asked
        amount = None if form.how == "whole" else form.amount
        try:
            made = await gift_refunds.create(
                gift_id, amount, by=person_id_of(request), key=form.key, reason=form.reason
            )
        except gift_refunds.MoreThanGift as refusal:
            return page(request, await _page(gift, form.refuse("amount", str(refusal))), status=422)
        except Refusal as refusal:
            return with_refusal(see_other(LIST), str(refusal))
        return await _sent(made)

    @get("/decision")
    async def undecided(self, request: Request[Any, Any, Any], gift_id: FromPath[UUID]) -> Response[Any]:
        gift = await gift_memberships.by_id(gift_id)
        if gift_id not in await refunded_gifts.undecided():
            return with_refusal(see_other(LIST), str(refunded_gifts.NothingToDecide()))
        paid, left = await gift_refunds.paid(gift_id), await gift_refunds.left(gift_id)
        return page(
            request,
            GiftDecisionPage(
                id=gift.id,
                giver=gift.giver_name,
                recipient=gift.recipient_name,
                holder=gift.redeemed_by,
                refunded=Money(paid.amount - left.amount, paid.currency),
            ),
        )

    @post("/decision/keep")
    async def keep(self, request: Request[Any, Any, Any], gift_id: FromPath[UUID]) -> Response[Any]:
        try:
            await refunded_gifts.keep(gift_id, by=person_id_of(request))
        except Refusal as refusal:
            return with_refusal(see_other(LIST), str(refusal))
        return with_notice(see_other(LIST), "The membership goes on.")

    @post("/decision/end")
    async def end(self, request: Request[Any, Any, Any], gift_id: FromPath[UUID]) -> Response[Any]:
        try:
            await refunded_gifts.end(gift_id, by=person_id_of(request))
        except Refusal as refusal:
            return with_refusal(see_other(LIST), str(refusal))
        return with_notice(see_other(LIST), "The membership has ended.")


def _why_not(gift: GiftMembership) -> str:
    if not gift.paid_at:
        return "This gift hasn’t been paid for, so there is nothing to refund."
    if gift.refunded_at:
        return "This gift has already been refunded in full."
    return "This gift has been redeemed, so it can’t be refunded here any more." if gift.redeemed_at else ""


async def _sent(refund: GiftRefund) -> Response[Any]:
    """Send it now; if Stripe does not answer, the worker tries again."""
    back = see_other(LIST)
    try:
        await gift_refunds.send(refund.id)
    except (StripeUnavailable, OutcomeUnknown):
        return with_notice(back, "The refund is saved and will be sent as soon as Stripe responds.")
    except Refusal as refusal:
        return with_refusal(back, f"The refund could not be made: {getattr(refusal, 'detail', '') or refusal}")
    gift = await gift_memberships.by_id(refund.gift)
    if gift.refunded_at:
        return with_notice(back, "Gift refunded. The code can no longer be used.")
    return with_notice(back, f"{money(Money(refund.amount, refund.currency))} refunded. The code still works.")


async def _page(gift: GiftMembership, form: GiftRefundForm) -> GiftRefundPage:
    refused = ""
    try:
        disputes.refuse_refund(await disputes.of_reference(gift.id))
    except Refusal as refusal:
        refused = str(refusal)
    return GiftRefundPage(
        id=gift.id,
        giver=gift.giver_name,
        recipient=gift.recipient_name,
        paid=await gift_refunds.paid(gift.id),
        left=await gift_refunds.left(gift.id),
        sentences=_sentences(gift),
        refused=refused,
        form=form,
    )


def _sentences(gift: GiftMembership) -> tuple[str, ...]:
    code = f"the code that was e-mailed to {gift.recipient_name} on {day(gift.sent_at)}" if gift.sent_at else "the code"
    sent = "" if gift.sent_at else f", and it isn’t e-mailed to {gift.recipient_name}"
    return (
        f"The money goes back to the card of {gift.giver_name}, who bought this gift for {gift.recipient_name}.",
        f"If you refund everything, {code} can no longer be used{sent}. If you refund a part, it still works.",
        f"{gift.giver_name} is e-mailed about the refund. {gift.recipient_name} isn’t: tell them yourself if they know "
        "of the gift.",
        "A refund can’t be undone.",
    )
