"""A change of plan whose payment the member has to confirm with their bank, on Stripe's own page."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post

from components.foundation.languages.words import _
from components.foundation.refusals import Refusal
from components.memberships.billing import plan_confirmations, subscriptions
from components.memberships.billing.plan_confirmations import AwaitedChange
from components.memberships.plans import plan_catalogue
from components.payments.payment_refusals import StripeUnavailable
from components.payments.timeouts import request_time
from web.current_person import person_id_of
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page, visitor_of

MEMBERSHIP = "/account/membership"
HERE = f"{MEMBERSHIP}/plan/confirmation"


@dataclass(frozen=True, kw_only=True)
class PlanConfirmationPage(View):
    template: ClassVar[str] = "account/membership/plan_confirmations/show.html"
    awaited: AwaitedChange
    plan_name: str
    was_checked: bool
    is_unsure: bool


class PlanConfirmationController(Controller):
    path = HERE
    guards = [signed_in]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Stripe is asked each time: the member may just have come from confirming it."""
        running = await subscriptions.running(person_id_of(request))
        awaited = await plan_confirmations.awaited(running.id) if running else None
        if running is None or awaited is None:
            return see_other(MEMBERSHIP)
        is_checked = bool(visitor_of(request).preview) or await _checked(running.id)
        still = await plan_confirmations.awaited(running.id)
        now_on = plan_catalogue.by_version((await subscriptions.by_id(running.id)).plan_version).name
        if still is None:
            return with_notice(see_other(MEMBERSHIP), _("You’re on %(plan)s.", plan=now_on))
        was_checked = "check" in request.query_params and is_checked
        view = PlanConfirmationPage(awaited=still, plan_name=now_on, was_checked=was_checked, is_unsure=not is_checked)
        return page(request, view)

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """To Stripe's page of the invoice."""
        running = await subscriptions.running(person_id_of(request))
        if running is None:
            return see_other(MEMBERSHIP)
        try:
            with request_time.timeouts():
                return see_other(await plan_confirmations.page_of(running.id))
        except plan_confirmations.NothingToConfirm:
            return see_other(HERE)
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))


async def _checked(subscription_id: UUID) -> bool:
    try:
        with request_time.timeouts():
            await plan_confirmations.check(subscription_id)
    except StripeUnavailable:
        return False
    return True
