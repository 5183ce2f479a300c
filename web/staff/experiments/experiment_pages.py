"""Experiments in the staff area: listed, written, started, watched, stopped and decided."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.experiments import experiment_decisions, experiment_results, experiment_states, experiments
from components.experiments.confidence_sequences import SequenceInterval
from components.experiments.experiment_checks import KINDS
from components.experiments.experiment_decisions import DecisionPreview
from components.experiments.experiment_figures import FIGURES, GUARD_DAYS
from components.experiments.experiment_results import ExperimentResults
from components.experiments.experiment_states import STATES
from components.experiments.experiments import ExperimentView
from components.experiments.tables import Experiment, ExperimentArm
from components.foundation import clock
from components.foundation.refusals import Refusal
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from web.current_person import person_id_of
from web.forms.form import Form
from web.forms.numbers import VersionNumber
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.staff import csv_files
from web.staff.experiments import experiment_forms, experiment_words
from web.staff.experiments.experiment_forms import ExperimentForm
from web.staff.experiments.experiment_words import ArmChart, ExperimentRow, GuardRow
from web.views import View, page

LIST = "/staff/experiments"
LOOKS = {"draft": "plain", "running": "good", "stopped": "bad", "decided": "plain"}


class StartForm(Form):
    version = VersionNumber("Version", required=False)


@dataclass(frozen=True, kw_only=True)
class ExperimentsPage(View):
    template: ClassVar[str] = "staff/experiments/index.html"
    listed: tuple[Experiment, ...]
    plans: dict[UUID, str]
    kinds: dict[str, str]
    states: dict[str, str]
    looks: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class ExperimentEditor(View):
    template: ClassVar[str] = "staff/experiments/edit.html"
    form: ExperimentForm
    experiment_id: UUID | None
    action: str


@dataclass(frozen=True, kw_only=True)
class ExperimentPage(View):
    template: ClassVar[str] = "staff/experiments/show.html"
    experiment: Experiment
    arms: tuple[ExperimentArm, ...]
    plan: PlanView | None
    kind: str
    figure: str
    state: str
    look: str
    whom: str
    length: str
    may: frozenset[str]
    start: StartForm
    results: ExperimentResults | None
    says: str
    rows: tuple[ExperimentRow, ...]
    guards: tuple[GuardRow, ...]
    guard_days: int
    charts: tuple[ArmChart, ...]
    chosen: str


@dataclass(frozen=True, kw_only=True)
class DecisionPage(View):
    template: ClassVar[str] = "staff/experiments/decide.html"
    experiment: Experiment
    arm: ExperimentArm
    wanted: DecisionPreview


class StaffExperimentsController(Controller):
    path = LIST
    guards = [staff("plans")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        plans = {one.id: one.name for one in plan_catalogue.all_plans()}
        listed = await experiments.everyone()
        return page(request, ExperimentsPage(listed=listed, plans=plans, kinds=KINDS, states=STATES, looks=LOOKS))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return _editor(request, await experiment_forms.blank(), None)

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await ExperimentForm.read(request, choices=await experiment_forms.choices())
        await form.look_over()
        if not form.is_valid:
            return _editor(request, form, None, status=422)
        made = await experiments.create(form.draft, by=person_id_of(request))
        return with_notice(see_other(f"{LIST}/{made}"), "Saved as a draft. Nobody sees it until you start it.")

    @get("/{experiment_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID]) -> Response[Any]:
        return await _shown(request, await experiments.by_id(experiment_id))

    @get("/{experiment_id:uuid}/edit")
    async def edit(self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID]) -> Response[Any]:
        found = await experiments.by_id(experiment_id)
        experiment_states.refuse_unless(found.row, "edit")
        return _editor(request, await experiment_forms.filled(found), experiment_id)

    @post("/{experiment_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID]) -> Response[Any]:
        found = await experiments.by_id(experiment_id)
        form = await ExperimentForm.read(request, choices=await experiment_forms.choices(found))
        await form.look_over()
        if not form.is_valid:
            return _editor(request, form, experiment_id, status=422)
        try:
            await experiments.edit(experiment_id, form.draft, version=form.version, by=person_id_of(request))
        except (experiments.ExperimentChanged, experiment_states.NotInThisExperimentState) as refusal:
            form.refuse(None, str(refusal))
            return _editor(request, form, experiment_id, status=refusal.status)
        return with_notice(see_other(f"{LIST}/{experiment_id}"), "Saved.")

    @post("/{experiment_id:uuid}/start")
    async def start(self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID]) -> Response[Any]:
        form = await StartForm.read(request)
        try:
            await experiments.start(experiment_id, version=form.version or 0, by=person_id_of(request))
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            form.refuse(None, str(refusal))
            return await _shown(request, await experiments.by_id(experiment_id), start=form, status=refusal.status)
        return with_notice(see_other(f"{LIST}/{experiment_id}"), "It runs: from the next page on, people are asked.")

    @get("/{experiment_id:uuid}/arms/{position:int}")
    async def preview(
        self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID], position: FromPath[int]
    ) -> Response[Any]:
        """What using this arm from now on would mean."""
        found = await experiments.by_id(experiment_id)
        try:
            wanted = await experiment_decisions.preview(found, position)
        except experiment_decisions.PlanChangedSince as refusal:
            return with_refusal(see_other(f"{LIST}/{experiment_id}"), str(refusal))
        return page(request, DecisionPage(experiment=found.row, arm=found.arms[position], wanted=wanted))

    @post("/{experiment_id:uuid}/arms/{position:int}")
    async def decide(
        self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID], position: FromPath[int]
    ) -> Response[Any]:
        there = f"{LIST}/{experiment_id}"
        try:
            await experiment_decisions.decide(experiment_id, position, by=person_id_of(request))
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            return with_refusal(see_other(there), str(refusal))
        return with_notice(see_other(there), "Decided. From the next page on everybody sees the same.")

    @get("/{experiment_id:uuid}/export")
    async def export(self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID]) -> Response[Any]:
        found = await experiments.by_id(experiment_id)
        experiment_states.refuse_unless(found.row, "results")
        seen = await experiment_results.results(found.row, found.arms, clock.now())
        return await csv_files.streamed(
            request, f"experiment-{experiment_id}", HEADS, _lines(seen, found), experiment=str(experiment_id)
        )

    @post("/{experiment_id:uuid}/{act:str}")
    async def act(
        self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID], act: FromPath[str]
    ) -> Response[Any]:
        """Whatever takes nothing but a button."""
        there, by = f"{LIST}/{experiment_id}", person_id_of(request)
        try:
            if act == "stop":
                await experiments.stop(experiment_id, by=by)
                return with_notice(see_other(there), "Stopped. Nobody else is put in an arm.")
            if act == "copy":
                return with_notice(see_other(f"{LIST}/{await experiments.copy(experiment_id, by=by)}/edit"), "A copy.")
            if act == "deletion":
                await experiments.delete(experiment_id, by=by)
                return with_notice(see_other(LIST), "Draft deleted.")
            if act == "noted":
                await experiments.mark_seen(experiment_id)
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            return with_refusal(see_other(there), str(refusal))
        return see_other(there)


HEADS = ("Day", "Arm", "People counted", "Difference", "From", "To")


async def _lines(seen: ExperimentResults, found: ExperimentView) -> AsyncIterator[Sequence[str]]:
    """How each arm stood at the end of each day. Shares as such, money in minor units."""
    for look in seen.history:
        for arm, one in zip(found.arms[1:], look.intervals, strict=True):
            yield (look.day.isoformat(), arm.name, *_cells(look.counted[arm.position], one))


def _cells(people: int, one: SequenceInterval | None) -> tuple[str, ...]:
    if one is None:
        return (str(people), "", "", "")
    return (str(people), *(f"{each:.6g}" for each in (one.middle, one.low, one.high)))


def _editor(
    request: Request[Any, Any, Any], form: ExperimentForm, experiment_id: UUID | None, *, status: int = 200
) -> Response[Any]:
    action = f"{LIST}/{experiment_id}" if experiment_id else LIST
    return page(request, ExperimentEditor(form=form, experiment_id=experiment_id, action=action), status=status)


async def _shown(
    request: Request[Any, Any, Any], found: ExperimentView, *, start: StartForm | None = None, status: int = 200
) -> Response[Any]:
    row, is_begun = found.row, bool(found.row.started_at)
    seen = await experiment_results.results(row, found.arms, clock.now()) if is_begun else None
    known = await experiment_forms.choices(found)
    view = ExperimentPage(
        experiment=row,
        arms=found.arms,
        plan=next((one for one in plan_catalogue.all_plans() if one.id == row.plan), None),
        kind=KINDS[row.kind],
        figure=FIGURES[row.figure],
        state=STATES[row.state],
        look=LOOKS[row.state],
        whom=dict(known["segment"])[str(row.segment or "")],
        length=experiment_words.length(found.draft, await experiment_forms.traffic(row.segment or None)),
        may=frozenset(one for one in experiment_states.MAY if experiment_states.may(row, one)),
        start=start or StartForm.blank(version=row.version),
        results=seen,
        says=experiment_words.sentence(seen) if seen else "",
        rows=experiment_words.rows(seen) if seen else (),
        guards=experiment_words.guard_rows(seen) if seen else (),
        guard_days=GUARD_DAYS,
        charts=experiment_words.charts(seen) if seen else (),
        chosen=found.arms[row.chosen].name if row.chosen is not None else "",
    )
    return page(request, view, status=status)
