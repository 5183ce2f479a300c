"""Cancelling, in two clicks and with no obstacle, and undoing it while there is time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post

from components.foundation import formatting
from components.foundation.refusals import Refusal
from components.memberships.billing import cancellations, subscriptions
from components.memberships.billing.cancellations import REASONS
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


class CancellationForm(Form):
    reason = Choice("Why are you cancelling?", REASONS, required=False)


@dataclass(frozen=True, kw_only=True)
class CancellationPage(View):
    template: ClassVar[str] = "account/membership/cancellations/new.html"
    plan_name: str
    until: datetime | None
    benefits: tuple[BenefitHeld, ...]
    form: CancellationForm


class CancellationController(Controller):
    path = f"{HERE}/cancellation"
    guards = [signed_in]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        running = await subscriptions.running(person_id_of(request))
        plan = visitor_of(request).standing.plan
        if running is None or running.cancel_at:
            return see_other(HERE)
        return page(
            request,
            CancellationPage(
                plan_name=plan.plan_name if plan else "",
                until=running.current_period_end,
                benefits=held_of(visitor_of(request).standing),
                form=CancellationForm.blank(),
            ),
        )

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await CancellationForm.read(request)
        running = await _running(person_id_of(request))
        if running is None:
            return with_refusal(see_other(HERE), "You don’t have an active membership to cancel.")
        try:
            ended = await cancellations.schedule(running, reason=form.reason if form.is_valid else "")
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=HERE)
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        kept = f" You keep your benefits until {formatting.day(ended.cancel_at)}." if ended.cancel_at else ""
        return with_notice(see_other(HERE), f"Membership cancelled.{kept} You won’t be charged again.")

    @post("/withdrawal")
    async def destroy(self, request: Request[Any, Any, Any]) -> Response[Any]:
        running = await _running(person_id_of(request))
        try:
            if running is None:
                raise cancellations.AlreadyEnded
            await cancellations.withdraw(running)
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=HERE)
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        return with_notice(see_other(HERE), "Your membership is no longer cancelled.")


async def _running(person_id: UUID) -> UUID | None:
    found = await subscriptions.running(person_id)
    return found.id if found else None
