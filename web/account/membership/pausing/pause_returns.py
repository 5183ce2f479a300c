"""Resuming a membership that is paused, or dropping a pause that is still to come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation import clock
from components.foundation.languages.words import _
from components.foundation.refusals import Refusal
from components.memberships.billing import pauses
from components.memberships.billing.pauses import ComingBack
from components.memberships.billing.states import next_charges
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MemberAction
from components.memberships.billing.states.next_charges import NextCharge
from components.memberships.discounts import fee_discounts
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.payments.payment_refusals import OutcomeUnknown
from components.payments.timeouts import request_time
from web.account.membership.pausing.pause_forms import ReturnForm
from web.account.membership.pausing.pauses import HERE, current_of
from web.account.waiting import see_waiting
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class ReturnPage(View):
    template: ClassVar[str] = "account/membership/pauses/end.html"
    plan: PlanView
    coming_back: ComingBack
    until: datetime | None
    is_cancelled: bool
    price_words: str
    charge: NextCharge | None
    form: ReturnForm
    refusal: str


class PauseReturnController(Controller):
    path = f"{HERE}/pause/end"
    guards = [signed_in]

    @get()
    async def returning(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """What coming back means, and the sum if something is charged."""
        return await _return_shown(request, await current_of(request))

    @post()
    async def destroy(self, request: Request[Any, Any, Any]) -> Response[Any]:
        current, form = await current_of(request), await ReturnForm.read(request)
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
            _("Your membership won’t be paused.")
            if was_to_come
            else _("Welcome back. Your membership is active again."),
        )


async def _return_shown(
    request: Request[Any, Any, Any], current: CurrentState, *, refusal: str = "", status: int = 200
) -> Response[Any]:
    running = current.subscription
    if running is None or MemberAction.RESUME not in current.actions:
        return with_refusal(see_other(HERE), str(pauses.NotPaused()))
    try:
        with request_time.timeouts():
            found = await pauses.coming_back(running.id)
    except Refusal as unavailable:
        return with_refusal(see_other(HERE), str(unavailable))
    held = plan_catalogue.by_version(running.plan_version)
    is_later = found.renews_at and not running.cancel_at
    return page(
        request,
        ReturnPage(
            plan=held,
            coming_back=found,
            until=current.pause.until_at if current.pause else None,
            is_cancelled=bool(running.cancel_at),
            price_words=await fee_discounts.coming_words(running.id, held.price, held.price_words),
            charge=await next_charges.of_renewal(running, at=found.renews_at) if is_later else None,
            form=ReturnForm.blank(due=found.due.amount),
            refusal=refusal,
        ),
        status=status,
    )
