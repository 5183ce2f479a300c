"""Removing a benefit from a plan: who is affected, from when, and what happens to what they have."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.formatting import moment
from components.foundation.refusals import NotFound, Refusal
from components.memberships.benefits.kinds import kind
from components.memberships.editing import benefit_removals, plan_benefits
from components.memberships.editing.benefit_removals import AffectedMembers
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from web.current_person import person_id_of
from web.forms.form import Form
from web.forms.times import Moment
from web.guards import staff
from web.replies import see_other, with_notice
from web.views import View, page

LIST = "/staff/plans"


class RemovalForm(Form):
    at = Moment(
        "Remove on", required=False, step="60", help="Leave empty to remove it now. Members see the date until then."
    )


@dataclass(frozen=True, kw_only=True)
class RemovalPage(View):
    template: ClassVar[str] = "staff/club/benefit_removals/new.html"
    plan: PlanView
    benefit_id: UUID
    name: str
    kind_title: str
    words: str
    after: str
    hit: AffectedMembers
    planned: datetime | None
    form: RemovalForm


class StaffPromiseRemovalsController(Controller):
    path = f"{LIST}/{{slug:str}}/benefits/{{benefit_id:uuid}}/removal"
    guards = [staff("plans")]

    @get()
    async def new(
        self, request: Request[Any, Any, Any], slug: FromPath[str], benefit_id: FromPath[UUID]
    ) -> Response[Any]:
        return await _shown(request, plan_catalogue.by_slug(slug), benefit_id, RemovalForm.blank())

    @post()
    async def create(
        self, request: Request[Any, Any, Any], slug: FromPath[str], benefit_id: FromPath[UUID]
    ) -> Response[Any]:
        plan, form = plan_catalogue.by_slug(slug), await RemovalForm.read(request)
        name = (await plan_benefits.by_id(benefit_id)).name
        if form.is_valid:
            try:
                by, what = person_id_of(request), f"{name} leaves {plan.name}"
                await benefit_removals.remove(plan.id, benefit_id, at=form.at, name=what, by=by)
            except Refusal as refusal:
                form.refuse("at", str(refusal))
        if not form.is_valid:
            return await _shown(request, plan, benefit_id, form, status=422)
        when = f"from {moment(form.at)}" if form.at else "from now on"
        return with_notice(see_other(f"{LIST}/{slug}"), f"“{name}” is removed from {plan.name} {when}.")

    @post("/undoing")
    async def destroy(
        self, request: Request[Any, Any, Any], slug: FromPath[str], benefit_id: FromPath[UUID]
    ) -> Response[Any]:
        """Cancel a scheduled removal."""
        plan, name = plan_catalogue.by_slug(slug), (await plan_benefits.by_id(benefit_id)).name
        await benefit_removals.cancel_removal(
            plan.id, benefit_id, name=f"{name} leaves {plan.name}", by=person_id_of(request)
        )
        return with_notice(see_other(f"{LIST}/{slug}"), f"{plan.name} still includes “{name}”.")


async def _shown(
    request: Request[Any, Any, Any], plan: PlanView, benefit_id: UUID, form: RemovalForm, *, status: int = 200
) -> Response[Any]:
    if benefit_id not in {one.id for one in plan.benefits}:
        raise NotFound(f"{plan.name} does not include this benefit.")
    found = await plan_benefits.by_id(benefit_id)
    of_kind = kind(found.kind)
    shown = RemovalPage(
        plan=plan,
        benefit_id=benefit_id,
        name=found.name,
        kind_title=of_kind.title,
        words=of_kind.words(of_kind.load(found.settings)),
        after=of_kind.when_removed,
        hit=await benefit_removals.people_affected(plan.id, benefit_id),
        planned=(await benefit_removals.scheduled_removals(plan.id)).get(benefit_id),
        form=form,
    )
    return page(request, shown, status=status)
