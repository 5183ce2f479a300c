"""Pausing and resuming a membership."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation import clock, formatting
from components.foundation.refusals import Refusal
from components.memberships.billing import pauses, plan_confirmations
from components.memberships.billing.pauses import ComingBack
from components.memberships.billing.states import current_states
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MemberAction
from components.memberships.grants import seat_carriers
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Pause
from components.payments import connection
from components.payments.payment_refusals import OutcomeUnknown
from web.account.membership.household_text import resting_sentence
from web.account.membership.membership_text import BenefitHeld, held_of
from web.account.membership.pause_forms import ON_A_DAY, TODAY, PauseForm, ReturnForm, begins_at, start_choices
from web.account.waiting import see_waiting
from web.current_person import person_id_of
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page, visitor_of

HERE = "/account/membership"


@dataclass(frozen=True, kw_only=True)
class PausePage(View):
    template: ClassVar[str] = "account/membership/pauses/new.html"
    plan: PlanView
    benefits: tuple[BenefitHeld, ...]
    paid_until: datetime | None
    household: str
    form: PauseForm


@dataclass(frozen=True, kw_only=True)
class ReturnPage(View):
    template: ClassVar[str] = "account/membership/pauses/end.html"
    plan: PlanView
    coming_back: ComingBack
    until: datetime | None
    is_cancelled: bool
    form: ReturnForm
    refusal: str


class PauseController(Controller):
    path = f"{HERE}/pause"
    guards = [signed_in]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _shown(request, await _current(request), None)

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        current = await _current(request)
        if current.subscription is None or MemberAction.PAUSE not in current.actions:
            return with_refusal(see_other(HERE), str(pauses.CannotPause()))
        form = await PauseForm.read(request, choices=start_choices(current.subscription))
        if form.is_valid and form.start == ON_A_DAY and not form.on:
            form.refuse("on", "Choose the day on which the pause starts.")
        if form.is_valid and form.start != ON_A_DAY and form.on:
            form.refuse("on", "You’ve chosen a date. Choose “On another day” above as well, or clear the date.")
        if not form.is_valid:
            return await _shown(request, current, form, status=422)
        begins = begins_at(form.start, form.on, current.subscription)
        try:
            pause = await pauses.start(
                current.subscription.id, from_at=begins, until=begins + timedelta(days=int(form.days))
            )
        except (pauses.PauseTooLate, pauses.PauseTooLong) as refusal:
            form.refuse("on", str(refusal))
            return await _shown(request, current, form, status=422)
        except plan_confirmations.ChangeAwaited as refusal:
            return with_refusal(see_other(f"{HERE}/plan/confirmation"), str(refusal))
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=HERE)
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        return with_notice(see_other(HERE), pause_words(pause))

    @get("/end")
    async def returning(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """What coming back means, and the sum if something is charged."""
        return await _return_shown(request, await _current(request))

    @post("/end")
    async def destroy(self, request: Request[Any, Any, Any]) -> Response[Any]:
        current, form = await _current(request), await ReturnForm.read(request)
        was_to_come = current.pause is not None and current.pause.from_at > clock.now()
        try:
            if current.subscription is None or MemberAction.RESUME not in current.actions:
                raise pauses.NotPaused
            due = (await pauses.coming_back(current.subscription.id)).due
            if due and (not form.is_valid or form.due != due.amount):
                return await _return_shown(request, current, status=409)
            await pauses.end(current.subscription.id)
        except pauses.ReturnDeclined as declined:
            return await _return_shown(request, current, refusal=str(declined), status=declined.status)
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=HERE)
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        return with_notice(
            see_other(HERE),
            "Your membership won’t be paused." if was_to_come else "Welcome back. Your membership is active again.",
        )


def pause_words(pause: Pause) -> str:
    until = formatting.day(pause.until_at)
    if pause.from_at > clock.now():
        return f"Your pause is planned: from {formatting.day(pause.from_at)} until {until}."
    return f"Your membership is on hold until {until}."


async def _current(request: Request[Any, Any, Any]) -> CurrentState:
    return await current_states.of_person(person_id_of(request), visitor_of(request).standing.plan)


async def _shown(
    request: Request[Any, Any, Any], current: CurrentState, form: PauseForm | None, *, status: int = 200
) -> Response[Any]:
    running = current.subscription
    if running is None or MemberAction.PAUSE not in current.actions:
        return with_refusal(see_other(HERE), str(pauses.CannotPause()))
    if await plan_confirmations.awaited(running.id) is not None:
        return with_refusal(see_other(f"{HERE}/plan/confirmation"), str(plan_confirmations.ChangeAwaited()))
    return page(
        request,
        PausePage(
            plan=plan_catalogue.by_version(running.plan_version),
            benefits=held_of(visitor_of(request).standing),
            paid_until=running.current_period_end,
            household=resting_sentence(await seat_carriers.open_seats(running.id)),
            form=form or PauseForm.blank(choices=start_choices(running), start=TODAY, days="30"),
        ),
        status=status,
    )


async def _return_shown(
    request: Request[Any, Any, Any], current: CurrentState, *, refusal: str = "", status: int = 200
) -> Response[Any]:
    running = current.subscription
    if running is None or MemberAction.RESUME not in current.actions:
        return with_refusal(see_other(HERE), str(pauses.NotPaused()))
    try:
        with connection.timeouts():
            found = await pauses.coming_back(running.id)
    except Refusal as unavailable:
        return with_refusal(see_other(HERE), str(unavailable))
    return page(
        request,
        ReturnPage(
            plan=plan_catalogue.by_version(running.plan_version),
            coming_back=found,
            until=current.pause.until_at if current.pause else None,
            is_cancelled=bool(running.cancel_at),
            form=ReturnForm.blank(due=found.due.amount),
            refusal=refusal,
        ),
        status=status,
    )
