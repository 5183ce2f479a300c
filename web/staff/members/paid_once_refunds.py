"""Refunding what was paid for once: a bought gift, redeemed or not, and a term or a membership for life."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import ids
from components.foundation.formatting import day, money
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.memberships.grants import gift_memberships, paid_once, paid_once_refunds
from components.memberships.grants.paid_once import OVER, RUNS, UNREDEEMED, WAITING, PaidOnce
from components.memberships.plans import plan_catalogue
from components.messaging.notices import own_withdrawals
from components.payments import disputes
from components.people import customer_accounts
from web.account.security.confirm_refund import GIFT, TERM, GivingBack, confirm_refund, within_limit
from web.current_person import person_id_of
from web.guards import staff
from web.staff.members import refund_pages
from web.staff.members.act_consequences import household
from web.staff.members.fee_refunds import OVER_ALREADY, SENTENCE
from web.staff.members.refund_pages import (
    END,
    KEEP,
    Follows,
    GiftRefundForm,
    MembershipRefundForm,
    MembershipRefundPage,
)
from web.staff.net_payments import net_payment
from web.views import page

GIFTS = "/staff/gift-memberships"


class StaffPaidOnceRefundsController(Controller):
    path = "/staff/paid-once/{reference:uuid}/refund"
    guards = [staff("refunds")]

    @get()
    async def new(self, request: Request[Any, Any, Any], reference: FromPath[UUID]) -> Response[Any]:
        once = await paid_for(reference)
        usual = refund_pages.usual(await own_withdrawals.received(once.payer, reference))
        form = _form_of(once).blank(how="whole", follows=usual, seen=once.state, key=ids.new())
        return page(request, await _page(once, form))

    @post()
    async def create(self, request: Request[Any, Any, Any], reference: FromPath[UUID]) -> Response[Any]:
        once = await paid_for(reference)
        form = await refund_pages.read(_form_of(once), request)
        if not form.is_valid:
            return page(request, await _page(once, form), status=422)
        paid, left = await paid_once_refunds.paid(reference), await paid_once_refunds.left(reference)
        amount = refund_pages.amount_of(form, left)
        giving = GivingBack(
            what=GIFT if once.is_gift else TERM, subject=reference, key=form.key, amount=Money(amount, left.currency),
            before=paid.amount - left.amount,
        )  # fmt: skip
        if asked := await confirm_refund(request, giving):
            return asked
        try:
            async with within_limit(request, giving):
                made = await paid_once_refunds.create(
                    reference, amount, by=person_id_of(request), key=form.key, reason=form.reason,
                    ends_now=form.follows == END, seen=form.seen, before=giving.before,
                )  # fmt: skip
        except Refusal as refusal:
            status = refusal.status if refusal.status == 409 else 422
            return page(request, await _again(once, refund_pages.refuse(form, refusal)), status=status)
        sending = paid_once_refunds.send(made.id)
        done = await _done(once, Money(made.amount, made.currency), ends_now=made.ends_now)
        return await refund_pages.sent(sending, back=back_of(once), done=done)


async def paid_for(reference: UUID) -> PaidOnce:
    once = await paid_once.of_reference(reference)
    if once is None or not once.is_paid:
        raise NotFound("There is no such payment.")
    return once


def back_of(once: PaidOnce) -> str:
    return GIFTS if once.is_gift else f"/staff/members/{once.payer}"


def _form_of(once: PaidOnce) -> type[MembershipRefundForm]:
    return GiftRefundForm if once.is_gift else MembershipRefundForm


async def _again(once: PaidOnce, form: MembershipRefundForm) -> MembershipRefundPage:
    """The page with what is true now, for the next attempt."""
    now = await paid_for(once.reference)
    form.typed["seen"] = [now.state]
    return await _page(now, form)


async def _done(once: PaidOnce, refunded: Money, *, ends_now: bool) -> str:
    if ends_now:
        return f"{money(refunded)} refunded. The membership is being ended."
    if once.state != UNREDEEMED:
        return f"{money(refunded)} refunded."
    if (await gift_memberships.by_id(once.reference)).refunded_at:
        return "Gift refunded. The code can no longer be used."
    return f"{money(refunded)} refunded. The code still works."


async def name_of(person_id: UUID | None) -> str:
    person = await customer_accounts.by_id(person_id) if person_id else None
    return (person.name or person.email) if person else "Erased customer"


async def _page(once: PaidOnce, form: MembershipRefundForm) -> MembershipRefundPage:
    name, back = await name_of(once.payer), back_of(once)
    to_member = (("Members", "/staff/members"), (name, back))
    to_gifts = (("Gift memberships", back),)
    plan = plan_catalogue.by_version(once.plan_version).name
    paid, left = await paid_once_refunds.paid(once.reference), await paid_once_refunds.left(once.reference)
    follows = await _follows(once)
    said = refund_pages.withdrawn(await own_withdrawals.received(once.payer, once.reference)) if follows else ()
    return MembershipRefundPage(
        title="Refund a gift membership" if once.is_gift else "Refund a membership",
        ways=to_gifts if once.is_gift else to_member,
        back=back,
        action=f"/staff/paid-once/{once.reference}/refund",
        whom=once.giver if once.is_gift else name,
        about=f", who bought {plan} for {once.recipient}" if once.is_gift else f", for {plan}",
        paid=paid,
        left=left,
        net=net_payment(paid, paid - left),
        sentences=(*said, *(await _gift_sentences(once) if once.is_gift else _term_sentences(once))),
        follows=follows,
        refused=refund_pages.refused_by(await disputes.of_reference(once.reference)),
        form=form,
    )


def _term_sentences(once: PaidOnce) -> tuple[str, ...]:
    return (SENTENCE,) if once.state == RUNS else (OVER_ALREADY, SENTENCE)


async def _gift_sentences(once: PaidOnce) -> tuple[str, ...]:
    gift = await gift_memberships.by_id(once.reference)
    told = f"{once.giver} is e-mailed about the refund. {once.recipient} isn’t: tell them yourself if they know of it."
    if once.state == RUNS:
        told = f"{once.giver} is e-mailed about the refund; {once.recipient} is e-mailed if the membership ends."
    unredeemed = (
        f"The code was e-mailed to {once.recipient} on {day(gift.sent_at)}. If everything is refunded, it no longer "
        "works. If a part is, it still does."
        if gift.sent_at and not gift_memberships.has_expired(gift)
        else f"The code was e-mailed to {once.recipient} on {day(gift.sent_at)}. It has expired and works no longer."
        if gift.sent_at
        else "If everything is refunded, the gift isn’t sent, and its code doesn’t work. If a part is, it is sent as "
        f"planned on {day(gift.send_at)}."
    )
    means = {
        UNREDEEMED: unredeemed,
        WAITING: f"{once.recipient} has redeemed it, and it begins after the membership they have now. If everything "
        "is refunded, it never begins. If a part is, it begins as planned.",
        RUNS: f"{once.recipient} has redeemed it, and you choose below whether the membership goes on.",
        OVER: OVER_ALREADY,
    }
    return (
        f"The money goes back to the card of {once.giver}, who bought this gift for {once.recipient}.",
        means[once.state],
        told,
        "A refund can’t be undone.",
    )


async def _follows(once: PaidOnce) -> Follows:
    if once.state != RUNS:
        return {}
    stays = f"Benefits stay until {day(once.until)}." if once.until else "Benefits stay for life."
    ends = ("Benefits end at once.", *await household(once.reference, "straight away"), "It can’t be undone.")
    return {KEEP: (stays, None), END: (" ".join(ends), None)}
