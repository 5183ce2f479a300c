"""Pausing and resuming a membership."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation import clock, formatting
from components.foundation.refusals import Refusal
from components.memberships.billing import pauses, subscriptions
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.payments.payment_refusals import OutcomeUnknown
from web.account.membership.membership_text import BenefitHeld, held_of
from web.account.waiting import see_waiting
from web.current_person import person_id_of
from web.forms.fields import Choice
from web.forms.form import Form
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page, visitor_of

HERE = "/account/membership"
LENGTHS = tuple((str(days), words) for days, words in pauses.CHOICES)


class PauseForm(Form):
    days = Choice("How long?", LENGTHS, as_radio=True)


@dataclass(frozen=True, kw_only=True)
class PausePage(View):
    template: ClassVar[str] = "account/membership/pauses/new.html"
    plan: PlanView
    benefits: tuple[BenefitHeld, ...]
    paid_until: datetime | None
    form: PauseForm


class PauseController(Controller):
    path = f"{HERE}/pause"
    guards = [signed_in]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _shown(request, PauseForm.blank(days="30"))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await PauseForm.read(request)
        running = await subscriptions.running(person_id_of(request))
        if running is None:
            return with_refusal(see_other(HERE), "You don’t have an active membership to pause.")
        if not form.is_valid:
            return await _shown(request, form, status=422)
        try:
            pause = await pauses.start(running.id, until=clock.now() + timedelta(days=int(form.days)))
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=HERE)
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        return with_notice(see_other(HERE), f"Your membership is on hold until {formatting.day(pause.until_at)}.")

    @post("/end")
    async def destroy(self, request: Request[Any, Any, Any]) -> Response[Any]:
        running = await subscriptions.running(person_id_of(request))
        try:
            if running is None:
                raise pauses.NotPaused
            await pauses.end(running.id)
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=HERE)
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        return with_notice(see_other(HERE), "Welcome back. Your membership is active again.")


async def _shown(request: Request[Any, Any, Any], form: PauseForm, *, status: int = 200) -> Response[Any]:
    running = await subscriptions.running(person_id_of(request))
    if running is None or running.status != "active" or running.cancel_at:
        return with_refusal(see_other(HERE), str(pauses.CannotPause()))
    return page(
        request,
        PausePage(
            plan=plan_catalogue.by_version(running.plan_version),
            benefits=held_of(visitor_of(request).standing),
            paid_until=running.current_period_end,
            form=form,
        ),
        status=status,
    )
