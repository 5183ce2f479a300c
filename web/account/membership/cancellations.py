"""Cancelling, in two clicks and with no obstacle, and undoing it while there is time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import formatting
from components.foundation.languages.words import N_, _
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.memberships.billing import cancellations
from components.memberships.billing.cancellations import REASONS
from components.memberships.billing.states import cancel_attempts, current_states, pause_lengths
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MemberAction, MembershipState
from components.memberships.entitlements import membership_periods
from components.memberships.grants import gift_memberships, seat_carriers
from components.memberships.keeping_members import save_offers
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import BenefitView
from components.memberships.tables import Subscription
from components.messaging.notices import own_withdrawals
from components.messaging.notices.own_withdrawals import OwnWithdrawal
from components.payments.invoicing import invoices
from components.payments.payment_refusals import OutcomeUnknown
from web.account import save_offer_asking
from web.account.membership.household_text import ending_sentences
from web.account.membership.membership_text import BenefitHeld, held_of
from web.account.save_offer_text import OfferShown
from web.account.waiting import see_waiting
from web.current_person import person_id_of
from web.forms.fields import Choice, LongText
from web.forms.form import Form
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page, visitor_of

HERE = "/account/membership"


class CancellationForm(Form):
    reason = Choice(N_("Why are you cancelling?"), REASONS, required=False)
    words = LongText(
        N_("Anything you’d like to tell us?"), longest=cancel_attempts.LONGEST, required=False,
        help=N_("Only the people who run this shop read it."),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CancellationPage(View):
    """`until` is the end of what is paid for; None when nothing is, so that it ends at once.

    `rests_until` is the end of the pause that is under way; `owed` the renewal that will not be asked for any more,
    `gift` the plan given to them that starts afterwards;
    `keeps_others` says that they have another membership besides.
    """

    template: ClassVar[str] = "account/membership/cancellations/new.html"
    plan_name: str
    until: datetime | None
    rests_until: datetime | None
    owed: Money | None
    is_trial: bool
    may_cancel: bool
    may_end_now: bool
    drops_pause: bool
    household: tuple[str, ...]
    gift: str
    keeps_others: bool
    benefits: tuple[BenefitHeld, ...] | tuple[BenefitView, ...]
    form: CancellationForm
    offers: tuple[OfferShown, ...]
    withdrawals: tuple[OwnWithdrawal, ...]


class CancellationController(Controller):
    path = f"{HERE}/cancellation"
    guards = [signed_in]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        current = await _current(request)
        running = current.subscription
        if running is None or not {MemberAction.CANCEL, MemberAction.END_NOW} & current.actions:
            return see_other(HERE)
        owed = await invoices.unpaid(running.id) if current.owes else None
        until, plan = paid_until(current, running), await membership_periods.plan_held(running.id, running.plan_version)
        standing = visitor_of(request).standing
        is_one_of_many = sum(not held.is_free for held in standing.plans) > 1
        return page(
            request,
            CancellationPage(
                plan_name=plan.name,
                until=until,
                rests_until=current.pause.until_at if current.is_paused and current.pause else None,
                owed=Money(owed.amount_due, owed.currency) if owed else None,
                is_trial=current.state is MembershipState.TRIAL,
                may_cancel=MemberAction.CANCEL in current.actions,
                may_end_now=MemberAction.END_NOW in current.actions and until is not None,
                drops_pause=current.pause is not None and not current.is_paused,
                household=ending_sentences(await seat_carriers.open_seats(running.id), on=until),
                gift=await _gift(person_id_of(request)),
                keeps_others=is_one_of_many,
                benefits=plan.benefits if is_one_of_many else held_of(standing),
                form=CancellationForm.blank(),
                offers=await save_offer_asking.offers_of(request, current),
                withdrawals=tuple(one for one in await own_withdrawals.of_member(running.payer) if not one.is_gift),
            ),
        )

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form, current = await CancellationForm.read(request), await _current(request)
        try:
            if current.subscription is None:
                raise cancellations.NothingToCancel
            reason = form.reason if form.is_valid else ""
            words = (form.words or "") if form.is_valid else ""
            ended = await cancellations.schedule(current.subscription.id, reason=reason or "", words=words)
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=HERE)
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        return with_notice(see_other(HERE), _cancelled(ended))

    @post("/offers/{offer_id:uuid}")
    async def accept(self, request: Request[Any, Any, Any], offer_id: FromPath[UUID]) -> Response[Any]:
        try:
            put = await save_offers.accept_discount(offer_id, person_id=person_id_of(request))
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=HERE)
        except NotFound:
            raise
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        return with_notice(see_other(HERE), _("Your membership goes on, with %(discount)s.", discount=put.terms.words))

    @post("/now")
    async def end(self, request: Request[Any, Any, Any]) -> Response[Any]:
        current = await _current(request)
        try:
            if current.subscription is None:
                raise cancellations.AlreadyEnded
            await cancellations.end_at_once(current.subscription.id)
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=HERE)
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        return with_notice(see_other(HERE), _("Your membership has ended. You won’t be charged again."))

    @post("/withdrawal")
    async def destroy(self, request: Request[Any, Any, Any]) -> Response[Any]:
        current = await _current(request)
        try:
            if current.subscription is None:
                raise cancellations.AlreadyEnded
            await cancellations.withdraw(current.subscription.id)
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=HERE)
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        return with_notice(see_other(HERE), _("Your membership is no longer cancelled."))


async def _current(request: Request[Any, Any, Any]) -> CurrentState:
    return await current_states.of_person(person_id_of(request), visitor_of(request).standing.plan)


def _cancelled(ended: Subscription) -> str:
    if ended.ended_at:
        return _("Membership cancelled. It has ended, and you won’t be charged again.")
    if not ended.cancel_at:
        return _("Membership cancelled. You won’t be charged again.")
    day = formatting.day(ended.cancel_at)
    if ended.status == "paused":
        return _("Membership cancelled. It ends on %(day)s, and you won’t be charged again.", day=day)
    if ended.status == "trialing":
        return _("Membership cancelled. Your free trial goes on until %(day)s. You won’t be charged.", day=day)
    return _("Membership cancelled. You keep your benefits until %(day)s. You won’t be charged again.", day=day)


def paid_until(current: CurrentState, running: Subscription) -> datetime | None:
    """Until when they have what is paid for, if they cancel now."""
    if current.owes:
        return None
    if current.is_paused:
        left = cancellations.paid_time_after(current)
        if left is None or left < pause_lengths.NEXT_TO_NOTHING or current.pause is None:
            return None
        return current.pause.until_at + left
    return cancellations.ends_if_cancelled(current)


async def _gift(person_id: UUID) -> str:
    """The name of the plan that was given to them and waits; empty without one."""
    waiting = await gift_memberships.pending(person_id)
    return plan_catalogue.by_version(waiting[0].plan_version).name if waiting else ""
