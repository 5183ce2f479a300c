"""Where somebody who joins goes next: the payment page, or the welcome page of a plan that costs nothing."""

from typing import Any

from litestar import Request

from components.content.pages import agreements
from components.content.pages.agreements import AskedConsent
from components.memberships.billing import subscription_start, trials
from components.memberships.discounts.fee_codes import FeeCode
from components.memberships.grants import complimentary
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.promises import early_start_requests
from components.memberships.promises.early_start_requests import EarlyStartAsked
from components.payments.values import Payer
from web.shop.join.fee_code_part import checked
from web.views import visitor_of
from web.visitor import Visitor

WELCOME = "/account/membership/welcome"


async def way_to_pay(
    request: Request[Any, Any, Any], plan: PlanView, consent: AskedConsent | None, typed: str, *, begins_now: bool
) -> str:
    visitor, code = visitor_of(request), None
    assert visitor.person_id is not None
    if typed and not plan.is_free:
        days = await trials.days_for(visitor.person_id, plan)
        code = await checked(request, visitor, plan, typed, trial_days=days)
    await agreements.record(consent, about="joining", about_id=visitor.person_id)
    asked = await early_start_asked(visitor, plan)
    await early_start_requests.record(
        asked, is_wanted=begins_now, person_id=visitor.person_id, plan_version=plan.version_id
    )
    return await _paid_way(Payer(visitor.person_id, visitor.email, visitor.name), plan, code)


async def early_start_asked(visitor: Visitor, plan: PlanView) -> EarlyStartAsked | None:
    """Of nothing that costs nothing; whoever comes back signed in is asked then."""
    return await early_start_requests.asked_of(visitor.person_id) if visitor.is_signed_in and not plan.is_free else None


async def _paid_way(payer: Payer, plan: PlanView, code: FeeCode | None) -> str:
    """The next address: the payment page, or the welcome page for a plan that costs nothing."""
    if plan.is_free:
        assert payer.person_id is not None
        await complimentary.join_free(payer.person_id, plan)
        return WELCOME
    return await subscription_start.start(
        payer, plan, success_path=WELCOME, cancel_path=f"/join/{plan.slug}", code=code
    )
