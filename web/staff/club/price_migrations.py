"""Moving members to a plan's current price: who pays what, from which day, with how much notice."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import clock
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.billing import price_migrations
from components.memberships.billing.price_migrations import Group
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from web.current_person import person_id_of
from web.forms.form import Form
from web.forms.numbers import Whole
from web.forms.times import Moment
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page

LIST = "/staff/plans"


class PriceMigrationForm(Form):
    from_at = Moment("Start date", help="Each member moves at their first renewal on or after this date.")
    notice_days = Whole("Notice in days", least=7, most=120)


@dataclass(frozen=True, kw_only=True)
class RunningMigration:
    """A scheduled move: its start, and how many members were notified and moved."""

    from_at: Any
    notice_days: int
    told: int
    moved: int


@dataclass(frozen=True, kw_only=True)
class PriceMigrationsPage(View):
    template: ClassVar[str] = "staff/club/price_migrations/new.html"
    plan: PlanView
    fee: Money
    groups: tuple[Group, ...]
    count: int
    running: RunningMigration | None
    form: PriceMigrationForm


class StaffPriceMigrationsController(Controller):
    path = f"{LIST}/{{slug:str}}/moves"
    guards = [staff("plans")]

    @get()
    async def new(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        form = PriceMigrationForm.blank(from_at=clock.now() + timedelta(days=60), notice_days=30)
        return await _shown(request, plan_catalogue.by_slug(slug), form)

    @post()
    async def create(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        plan, form = plan_catalogue.by_slug(slug), await PriceMigrationForm.read(request)
        if await price_migrations.running_migrations(plan.id) is not None:
            form.errors.clear()
            there = price_migrations.AlreadyPlanned()
            return await _shown(request, plan, form.refuse(None, str(there)), status=409)
        if form.is_valid:
            try:
                by = person_id_of(request)
                await price_migrations.schedule(plan, from_at=form.from_at, notice_days=form.notice_days, by=by)
                return with_notice(
                    see_other(f"{LIST}/{slug}/moves"), "Price change scheduled. Members will be e-mailed beforehand."
                )
            except price_migrations.DayTooSoon as refusal:
                form.refuse("from_at", str(refusal))
            except price_migrations.BadNotice as refusal:
                form.refuse("notice_days", str(refusal))
            except Refusal as refusal:
                form.refuse(None, str(refusal))
        return await _shown(request, plan, form, status=422)

    @post("/stop")
    async def destroy(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        try:
            await price_migrations.stop(plan_catalogue.by_slug(slug).id, by=person_id_of(request))
        except Refusal as refusal:
            return with_refusal(see_other(f"{LIST}/{slug}/moves"), str(refusal))
        return with_notice(
            see_other(f"{LIST}/{slug}/moves"), "Stopped. Members who haven’t moved yet keep their price."
        )


async def _shown(
    request: Request[Any, Any, Any], plan: PlanView, form: PriceMigrationForm, *, status: int = 200
) -> Response[Any]:
    groups, found = await price_migrations.price_groups(plan), await price_migrations.running_migrations(plan.id)
    running = None
    if found is not None:
        told, moved = await price_migrations.progress(found.id)
        running = RunningMigration(from_at=found.from_at, notice_days=found.notice_days, told=told, moved=moved)
    count = sum(group.count for group in groups if group.is_movable)
    shown = PriceMigrationsPage(plan=plan, fee=plan.price, groups=groups, count=count, running=running, form=form)
    return page(request, shown, status=status)
