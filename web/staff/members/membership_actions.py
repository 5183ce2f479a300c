"""What staff can do with a person's membership, in each of its states."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.formatting import day
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.billing import cancellations, pauses
from components.memberships.billing.states import current_states
from components.memberships.billing.states.membership_states import StaffAction
from components.memberships.entitlements import entitlements
from components.memberships.tables import Subscription
from components.payments.payment_refusals import OutcomeUnknown
from web.account.membership.pausing.pause_forms import ReturnForm
from web.account.waiting import see_waiting
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.staff.members import act_consequences
from web.staff.members.membership_act_pages import shown

MEMBERS = "/staff/members"


class MembershipActionsController(Controller):
    path = f"{MEMBERS}/{{person_id:uuid}}"
    guards = [staff("members")]

    @get("/cancellation")
    async def before_cancel(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        return await shown(request, person_id, StaffAction.CANCEL, act_consequences.of_cancelling)

    @post("/cancellation")
    async def cancel(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        running = await subscription_of(person_id)
        try:
            if running is None:
                raise cancellations.NothingToCancel
            ended = await cancellations.schedule(running.id, by=person_id_of(request))
        except Refusal as refusal:
            return refused(person_id, refusal)
        if ended.ended_at or not ended.cancel_at:
            return done(person_id, "The membership has ended. Nothing more will be charged.")
        return done(person_id, f"The membership ends on {day(ended.cancel_at)}. Nothing more will be charged.")

    @get("/cancellation/withdrawal")
    async def before_keep(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        return await shown(request, person_id, StaffAction.UNDO_CANCELLATION, act_consequences.of_keeping)

    @post("/cancellation/withdrawal")
    async def keep(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        running = await subscription_of(person_id)
        try:
            if running is None:
                raise cancellations.AlreadyEnded
            await cancellations.withdraw(running.id, by=person_id_of(request))
        except Refusal as refusal:
            return refused(person_id, refusal)
        return done(person_id, "The membership is no longer cancelled.")

    @get("/cancellation/now")
    async def before_end(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        return await shown(request, person_id, StaffAction.END_NOW, act_consequences.of_ending)

    @post("/cancellation/now")
    async def end(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        running = await subscription_of(person_id)
        try:
            if running is None:
                raise cancellations.AlreadyEnded
            await cancellations.end_at_once(running.id, by=person_id_of(request))
        except Refusal as refusal:
            return refused(person_id, refusal)
        return done(person_id, "The membership has ended. Nothing more will be charged.")

    @get("/pause/end")
    async def before_resume(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        return await shown(request, person_id, StaffAction.RESUME, act_consequences.of_resuming)

    @post("/pause/end")
    async def resume(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        running, form = await subscription_of(person_id), await ReturnForm.read(request)
        try:
            if running is None:
                raise pauses.NotPaused
            if StaffAction.RESUME not in (await current_states.of_subscription(running.id)).staff_actions:
                raise pauses.NotPaused
            refuse_other_sum(form, (await pauses.coming_back(running.id)).due)
            await pauses.end(running.id, by=person_id_of(request))
        except pauses.ReturnDeclined:
            return refused(person_id, ReturnDeclinedForStaff())
        except Refusal as refusal:
            return refused(person_id, refusal)
        return done(person_id, "The membership isn’t paused any more.")


class OtherSum(Refusal):
    message = "The amount has changed since that page was opened. Nothing was charged; please look at it again."
    status = 409


class SumNotSeen(Refusal):
    message = "Nothing was charged. Look at the amount first and confirm it."
    status = 409


def refuse_other_sum(form: ReturnForm, due: Money) -> None:
    """Nothing is charged but the sum that the page between has named. Raises `OtherSum`, `SumNotSeen`."""
    if due and (not form.is_valid or form.due is None):
        raise SumNotSeen
    if (form.due or 0) != due.amount:
        raise OtherSum


class ReturnDeclinedForStaff(Refusal):
    message = "The card was declined. The membership is still paused and nothing is owed."


async def subscription_of(person_id: UUID) -> Subscription | None:
    standing = await entitlements.for_person(person_id)
    return (await current_states.of_person(person_id, standing.plan)).subscription


def done(person_id: UUID, words: str) -> Response[Any]:
    return with_notice(see_other(f"{MEMBERS}/{person_id}"), words)


def refused(person_id: UUID, refusal: Refusal) -> Response[Any]:
    back = f"{MEMBERS}/{person_id}"
    if isinstance(refusal, OutcomeUnknown):
        return see_waiting(refusal, back=back)
    return with_refusal(see_other(back), str(refusal))
