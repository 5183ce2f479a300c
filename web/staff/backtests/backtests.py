"""Scenarios: edited, simulated on past orders, published on a date."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import clock
from components.foundation.refusals import Refusal
from components.insights.backtests import rule_drafts
from components.insights.backtests.rule_drafts import Drafted
from components.memberships.benefits.kinds import all_kinds, by_rank
from components.memberships.editing import scheduled_changes
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff import filled_in
from web.staff.backtests.backtest_forms import DropForm, NewForm, PairForm, PublishForm, publish_form
from web.staff.backtests.backtest_result import BacktestResultView, result_view
from web.staff.backtests.backtest_view import PlanRules, plans_of
from web.views import View, page

LIST = "/staff/simulator"
HALF = 5_000


@dataclass(frozen=True, kw_only=True)
class ReplaysPage(View):
    template: ClassVar[str] = "staff/backtests/index.html"
    drafts: tuple[Drafted, ...]


@dataclass(frozen=True, kw_only=True)
class NewReplayPage(View):
    template: ClassVar[str] = "staff/backtests/new.html"
    form: NewForm


@dataclass(frozen=True, kw_only=True)
class ReplayPage(View):
    """`against` are the conflicts that prevent publication, `refusal` why the last request failed."""

    template: ClassVar[str] = "staff/backtests/show.html"
    partial: ClassVar[str | None] = "staff/backtests/_outcome.html"
    draft: Drafted
    plans: tuple[PlanRules, ...]
    kinds: tuple[tuple[str, str], ...]
    first_kind: str
    outcome: BacktestResultView | None
    refusal: str
    against: tuple[str, ...]
    publish_form: PublishForm
    is_over: bool


class StaffReplaysController(Controller):
    path = LIST
    guards = [staff("plans")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, ReplaysPage(drafts=await rule_drafts.all_drafts()))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, NewReplayPage(form=filled_in.by_address(NewForm.blank(cost=HALF), request)))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await NewForm.read(request)
        if not form.is_valid:
            return page(request, NewReplayPage(form=form), status=422)
        draft_id = await rule_drafts.create(name=form.name, cost_share=form.cost, by=person_id_of(request))
        return with_notice(
            see_other(f"{LIST}/{draft_id}"), "Scenario created. Nothing changes in your shop until you publish it."
        )

    @get("/{draft_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], draft_id: FromPath[UUID]) -> Response[Any]:
        return await _shown(request, await rule_drafts.by_id(draft_id))

    @post("/{draft_id:uuid}/promises")
    async def turn(self, request: Request[Any, Any, Any], draft_id: FromPath[UUID]) -> Response[Any]:
        """Add a benefit to a plan in the scenario, or remove it."""
        form, by = await PairForm.read(request), person_id_of(request)
        if not form.is_valid:
            return await _refused(request, draft_id, "Choose a benefit.")
        return await _done(
            request, draft_id, rule_drafts.toggle_benefit(draft_id, plan=form.plan, benefit=form.benefit, by=by)
        )

    @post("/{draft_id:uuid}/removals")
    async def drop(self, request: Request[Any, Any, Any], draft_id: FromPath[UUID]) -> Response[Any]:
        """Reset a benefit to its current settings."""
        form = await DropForm.read(request)
        if not form.is_valid:
            return await _refused(request, draft_id, "Choose a benefit.")
        return await _done(request, draft_id, rule_drafts.delete(draft_id, form.benefit, by=person_id_of(request)))

    @post("/{draft_id:uuid}/runs")
    async def run(self, request: Request[Any, Any, Any], draft_id: FromPath[UUID]) -> Response[Any]:
        return await _done(request, draft_id, rule_drafts.request_run(draft_id))

    @post("/{draft_id:uuid}/publication")
    async def publish(self, request: Request[Any, Any, Any], draft_id: FromPath[UUID]) -> Response[Any]:
        form = await PublishForm.read(request)
        if form.is_valid:
            try:
                await rule_drafts.publish(draft_id, at=form.at, by=person_id_of(request))
                return with_notice(
                    _back(draft_id), "Published. Nothing changes before that date, and you can still unpublish it."
                )
            except (scheduled_changes.DateHasPassed, scheduled_changes.TooFar) as refusal:
                form.refuse("at", str(refusal))
            except Refusal as refusal:
                form.refuse(None, str(refusal))
        return await _shown(request, await rule_drafts.by_id(draft_id), form=form)

    @post("/{draft_id:uuid}/publication/end")
    async def withdraw(self, request: Request[Any, Any, Any], draft_id: FromPath[UUID]) -> Response[Any]:
        verb = rule_drafts.undo_publication(draft_id, by=person_id_of(request))
        return await _done(request, draft_id, verb, "Unpublished. Nothing changes.")


def _back(draft_id: UUID) -> Response[Any]:
    return see_other(f"{LIST}/{draft_id}")


async def _done(request: Request[Any, Any, Any], draft_id: UUID, verb: Any, words: str = "") -> Response[Any]:
    try:
        await verb
    except Refusal as refusal:
        return await _refused(request, draft_id, str(refusal))
    return with_notice(_back(draft_id), words) if words else _back(draft_id)


async def _refused(request: Request[Any, Any, Any], draft_id: UUID, words: str) -> Response[Any]:
    """The same page with the reason. An unknown scenario is not found."""
    return await _shown(request, await rule_drafts.by_id(draft_id), refusal=words)


async def _shown(
    request: Request[Any, Any, Any], draft: Drafted, *, form: PublishForm | None = None, refusal: str = ""
) -> Response[Any]:
    now = clock.now()
    return page(
        request,
        ReplayPage(
            draft=draft,
            plans=await plans_of(draft) if not draft.is_published else (),
            kinds=tuple((one.key, one.title) for one in all_kinds().values()),
            first_kind=by_rank()[0].key,
            outcome=result_view(draft),
            refusal=refusal,
            against=await scheduled_changes.refusals(draft.revision, now) if not draft.is_published else (),
            publish_form=form or publish_form(draft, now),
            is_over=draft.publish_at is not None and draft.publish_at <= now,
        ),
        status=422 if form or refusal else 200,
    )
