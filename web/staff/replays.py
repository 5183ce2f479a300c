"""Drafts of rules: written, replayed over past orders, published on a date."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import clock
from components.foundation.refusals import Refusal
from components.insights import replays
from components.insights.replay import Changed, OfPlan
from components.insights.replays import Drafted
from components.memberships import publishing
from web.account.whose import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.staff.replay_forms import DropForm, NewForm, PairForm, PublishForm, publish_form
from web.staff.replay_shown import Figure, PlanRules, figures, gain, plans_of, signed
from web.views import View, page

LIST = "/staff/replays"
HALF = 5_000


@dataclass(frozen=True, kw_only=True)
class ReplaysPage(View):
    template: ClassVar[str] = "staff/replays/index.html"
    drafts: tuple[Drafted, ...]


@dataclass(frozen=True, kw_only=True)
class NewReplayPage(View):
    template: ClassVar[str] = "staff/replays/new.html"
    form: NewForm


@dataclass(frozen=True, kw_only=True)
class Moved:
    name: str
    now: int
    drafted: int
    words: str


@dataclass(frozen=True, kw_only=True)
class ByPlan:
    name: str
    orders: int
    lines: int
    now: int
    drafted: int
    cost: str


@dataclass(frozen=True, kw_only=True)
class ReplayPage(View):
    """`against` are the contradictions that keep it from being published."""

    template: ClassVar[str] = "staff/replays/show.html"
    partial: ClassVar[str | None] = "staff/replays/_outcome.html"
    draft: Drafted
    plans: tuple[PlanRules, ...]
    figures: tuple[Figure, ...]
    by_plan: tuple[ByPlan, ...]
    people: tuple[Moved, ...]
    products: tuple[Moved, ...]
    against: tuple[str, ...]
    publish_form: PublishForm
    is_over: bool


class StaffReplaysController(Controller):
    path = LIST
    guards = [staff("plans")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, ReplaysPage(drafts=await replays.every()))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, NewReplayPage(form=NewForm.blank(cost=HALF)))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await NewForm.read(request)
        if not form.is_valid:
            return page(request, NewReplayPage(form=form), status=422)
        draft_id = await replays.begin(name=form.name, cost_share=form.cost, by=person_id_of(request))
        return with_notice(
            see_other(f"{LIST}/{draft_id}"), "Change in it what you like: nothing holds before it is published."
        )

    @get("/{draft_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], draft_id: FromPath[UUID]) -> Response[Any]:
        return await _shown(request, await replays.one(draft_id))

    @post("/{draft_id:uuid}/promises")
    async def turn(self, request: Request[Any, Any, Any], draft_id: FromPath[UUID]) -> Response[Any]:
        """A plan promises a benefit in the draft, or no longer."""
        form = await PairForm.read(request)
        if not form.is_valid:
            return with_refusal(_back(draft_id), "Choose a benefit.")
        by = person_id_of(request)
        return await _done(draft_id, replays.turn(draft_id, plan=form.plan, benefit=form.benefit, by=by))

    @post("/{draft_id:uuid}/removals")
    async def drop(self, request: Request[Any, Any, Any], draft_id: FromPath[UUID]) -> Response[Any]:
        """Nothing is drafted of a benefit any more."""
        form = await DropForm.read(request)
        if not form.is_valid:
            return with_refusal(_back(draft_id), "Choose a benefit.")
        return await _done(draft_id, replays.drop(draft_id, form.benefit, by=person_id_of(request)))

    @post("/{draft_id:uuid}/runs")
    async def run(self, request: Request[Any, Any, Any], draft_id: FromPath[UUID]) -> Response[Any]:
        return await _done(draft_id, replays.ask(draft_id))

    @post("/{draft_id:uuid}/publication")
    async def publish(self, request: Request[Any, Any, Any], draft_id: FromPath[UUID]) -> Response[Any]:
        form = await PublishForm.read(request)
        if form.is_valid:
            try:
                await replays.publish(draft_id, at=form.at, by=person_id_of(request))
                return with_notice(_back(draft_id), "Published. Until then nothing changes, and you may undo it.")
            except publishing.DateHasPassed as refusal:
                form.refuse("at", str(refusal))
            except Refusal as refusal:
                form.refuse(None, str(refusal))
        return await _shown(request, await replays.one(draft_id), form=form)

    @post("/{draft_id:uuid}/publication/end")
    async def withdraw(self, request: Request[Any, Any, Any], draft_id: FromPath[UUID]) -> Response[Any]:
        verb = replays.withdraw(draft_id, by=person_id_of(request))
        return await _done(draft_id, verb, "Undone: everything stays as it is.")


def _back(draft_id: UUID) -> Response[Any]:
    return see_other(f"{LIST}/{draft_id}")


async def _done(draft_id: UUID, verb: Any, words: str = "") -> Response[Any]:
    try:
        await verb
    except Refusal as refusal:
        return with_refusal(_back(draft_id), str(refusal))
    return with_notice(_back(draft_id), words) if words else _back(draft_id)


async def _shown(request: Request[Any, Any, Any], draft: Drafted, *, form: PublishForm | None = None) -> Response[Any]:
    outcome, now = draft.outcome, clock.now()
    return page(
        request,
        ReplayPage(
            draft=draft,
            plans=await plans_of(draft) if not draft.is_published else (),
            figures=figures(outcome) if outcome else (),
            by_plan=tuple(_by_plan(one) for one in outcome.plans) if outcome else (),
            people=tuple(_moved(one) for one in outcome.people) if outcome else (),
            products=tuple(_moved(one) for one in outcome.products) if outcome else (),
            against=await publishing.refusals(draft.revision, now) if not draft.is_published else (),
            publish_form=form or publish_form(draft, now),
            is_over=draft.publish_at is not None and draft.publish_at <= now,
        ),
        status=422 if form else 200,
    )


def _by_plan(one: OfPlan) -> ByPlan:
    return ByPlan(
        name=one.name,
        orders=one.orders,
        lines=one.lines,
        now=one.now,
        drafted=one.drafted,
        cost=signed(one.now - one.drafted),
    )


def _moved(one: Changed) -> Moved:
    return Moved(name=one.name, now=one.now, drafted=one.drafted, words=gain(one))
