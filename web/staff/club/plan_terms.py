"""A plan's trial, household, gift and spending settings."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, post
from litestar.params import FromPath

from components.experiments import price_promises
from components.foundation.refusals import Refusal
from components.memberships.editing import net_fees, plans
from components.memberships.grants import spend_qualification
from components.memberships.plans import plan_catalogue, plan_fees
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.staff.club.plan_forms import SpendForm, TermsForm, earned_by, terms_choices, terms_form
from web.staff.club.plans import plan_page
from web.staff.edit_conflicts import overtaken

LIST = "/staff/plans"


class StaffPlanTermsController(Controller):
    path = f"{LIST}/{{slug:str}}"
    guards = [staff("plans")]

    @post("/terms")
    async def update(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        plan, form = plan_catalogue.by_slug(slug), await TermsForm.read(request, choices=await terms_choices())
        if not form.is_valid or overtaken(form, await terms_form(plan)):
            return await plan_page(request, plan, terms=form, status=form.answer_status)
        if form.tax_category != plan.tax_category and plan_fees.are_typed_without_tax():
            try:
                await price_promises.refuse_price_while_promised(plan.id)
            except price_promises.PricePromised as refusal:
                return await plan_page(
                    request, plan, terms=form.refuse("tax_category", str(refusal)), status=refusal.status
                )
        terms = plans.PlanTerms(
            trial_days=form.trial_days,
            trial_ends=form.trial_ends,
            seats=form.seats,
            is_giftable=form.is_giftable,
            tax_category=form.tax_category,
            guarantees_fee=form.guarantees_fee,
            places=form.places or 0,
        )
        await plans.set_terms(plan.id, terms, by=person_id_of(request))
        words = "Saved. This applies to everyone who joins from now on."
        if await net_fees.follow_category(plan, form.tax_category, by=person_id_of(request)):
            words += f" With this tax on top they pay {plan_catalogue.by_slug(slug).price_words}."
        return with_notice(see_other(f"{LIST}/{slug}"), words)

    @post("/earning")
    async def create(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        plan, form = plan_catalogue.by_slug(slug), await SpendForm.read(request)
        if await earned_by(plan) is not None:
            form.errors.clear()
            return await plan_page(
                request, plan, spend=form.refuse(None, str(spend_qualification.RuleExists())), status=409
            )
        if form.is_valid:
            try:
                await spend_qualification.add(
                    plan, threshold=form.threshold, months=form.months, by=person_id_of(request)
                )
                return with_notice(
                    see_other(f"{LIST}/{slug}"), "Rule added. It is checked every night and after each order."
                )
            except Refusal as refusal:
                form.refuse("threshold", str(refusal))
        return await plan_page(request, plan, spend=form, status=422)

    @post("/earning/{rule_id:uuid}/end")
    async def destroy(
        self, request: Request[Any, Any, Any], slug: FromPath[str], rule_id: FromPath[UUID]
    ) -> Response[Any]:
        try:
            await spend_qualification.end(rule_id, by=person_id_of(request))
        except Refusal as refusal:
            return with_refusal(see_other(f"{LIST}/{slug}"), str(refusal))
        return with_notice(see_other(f"{LIST}/{slug}"), "Rule ended. Members who already have the plan keep it.")
