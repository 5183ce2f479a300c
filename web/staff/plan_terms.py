"""A plan's trial, household, gift and spending settings."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, post
from litestar.params import FromPath

from components.foundation.refusals import Refusal
from components.memberships import earned, plans
from web.account.whose import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.staff.plan_forms import SpendForm, TermsForm, earned_by
from web.staff.plans import shown

LIST = "/staff/plans"


class StaffPlanTermsController(Controller):
    path = f"{LIST}/{{slug:str}}"
    guards = [staff("plans")]

    @post("/terms")
    async def update(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        plan, form = plans.by_slug(slug), await TermsForm.read(request)
        if not form.is_valid:
            return await shown(request, plan, terms=form, status=422)
        terms = plans.Terms(
            trial_days=form.trial_days, trial_ends=form.trial_ends, seats=form.seats, is_giftable=form.is_giftable
        )
        await plans.set_terms(plan.id, terms, by=person_id_of(request))
        return with_notice(see_other(f"{LIST}/{slug}"), "Saved. This applies to everyone who joins from now on.")

    @post("/earning")
    async def create(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        plan, form = plans.by_slug(slug), await SpendForm.read(request)
        if await earned_by(plan) is not None:
            form.errors.clear()
            return await shown(request, plan, spend=form.refuse(None, str(earned.RuleThere())), status=409)
        if form.is_valid:
            try:
                await earned.add(plan, threshold=form.threshold, months=form.months, by=person_id_of(request))
                return with_notice(
                    see_other(f"{LIST}/{slug}"), "Rule added. It is checked every night and after each order."
                )
            except Refusal as refusal:
                form.refuse("threshold", str(refusal))
        return await shown(request, plan, spend=form, status=422)

    @post("/earning/{rule_id:uuid}/end")
    async def destroy(
        self, request: Request[Any, Any, Any], slug: FromPath[str], rule_id: FromPath[UUID]
    ) -> Response[Any]:
        try:
            await earned.end(rule_id, by=person_id_of(request))
        except Refusal as refusal:
            return with_refusal(see_other(f"{LIST}/{slug}"), str(refusal))
        return with_notice(see_other(f"{LIST}/{slug}"), "Rule ended. Members who already have the plan keep it.")
