"""The pages of an experiment: the list, its editor, itself with what is known, and what using an arm would mean."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Request, Response

from components.experiments import experiment_results, experiment_states
from components.experiments.benefits import benefit_checks
from components.experiments.experiment_arms import ExperimentView, offer_of
from components.experiments.experiment_cache import PROMISED
from components.experiments.experiment_checks import KINDS
from components.experiments.experiment_decisions import DecisionPreview
from components.experiments.experiment_figures import FIGURES, GUARD_DAYS
from components.experiments.experiment_results import ExperimentResults
from components.experiments.experiment_states import STATES
from components.experiments.tables import Experiment, ExperimentArm
from components.foundation import clock
from components.memberships.billing.cancellations import REASONS
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from web.forms.fields import Tick
from web.forms.form import Form
from web.forms.numbers import VersionNumber
from web.staff.experiments import (
    decision_words,
    experiment_arm_words,
    experiment_forms,
    experiment_length_words,
    experiment_words,
)
from web.staff.experiments.experiment_forms import ExperimentForm
from web.staff.experiments.experiment_words import ArmChart, ExperimentRow, GuardRow
from web.views import View, page

LIST = "/staff/experiments"
LOOKS = {"draft": "plain", "running": "good", "stopped": "bad", "decided": "plain"}


class StartForm(Form):
    version = VersionNumber("Version", required=False)
    sure = Tick("Start it all the same: I know that it will most likely tell me nothing")


@dataclass(frozen=True, kw_only=True)
class ExperimentsPage(View):
    template: ClassVar[str] = "staff/experiments/index.html"
    listed: tuple[Experiment, ...]
    of: dict[UUID, str]
    kinds: dict[str, str]
    states: dict[str, str]
    looks: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class ExperimentEditor(View):
    template: ClassVar[str] = "staff/experiments/edit.html"
    form: ExperimentForm
    experiment_id: UUID | None
    action: str
    kind: str
    kinds: dict[str, str]
    known_base: str
    tried_kinds: str


@dataclass(frozen=True, kw_only=True)
class ExperimentPage(View):
    template: ClassVar[str] = "staff/experiments/show.html"
    experiment: Experiment
    arms: tuple[ExperimentArm, ...]
    plan: PlanView | None
    concerned: str
    offered: tuple[str, ...]
    given: tuple[str, ...]
    kind: str
    figure: str
    state: str
    look: str
    whom: str
    length: str
    is_hopeless: bool
    may: frozenset[str]
    start: StartForm
    results: ExperimentResults | None
    says: str
    rows: tuple[ExperimentRow, ...]
    guards: tuple[GuardRow, ...]
    guard_days: int
    charts: tuple[ArmChart, ...]
    chosen: str
    has_money: bool
    beside_joins: str


@dataclass(frozen=True, kw_only=True)
class DecisionPage(View):
    template: ClassVar[str] = "staff/experiments/decide.html"
    experiment: Experiment
    arm: ExperimentArm
    wanted: DecisionPreview
    reason: str
    now: tuple[str, ...]
    then: tuple[str, ...]
    is_told: bool
    known: str
    is_known: bool
    changed: str


async def editor(
    request: Request[Any, Any, Any], form: ExperimentForm, experiment_id: UUID | None, *, status: int = 200
) -> Response[Any]:
    kind = next((one for one in form.typed.get("kind", ()) if one in KINDS), "words")
    view = ExperimentEditor(
        form=form,
        experiment_id=experiment_id,
        action=f"{LIST}/{experiment_id}" if experiment_id else LIST,
        kind=kind,
        kinds=KINDS,
        known_base=experiment_length_words.known_base(kind, await experiment_forms.traffic(kind, None)),
        tried_kinds=benefit_checks.tried_kinds_words(),
    )
    return page(request, view, status=status)


def concerned(row: Experiment) -> str:
    """The plan, or the reason to cancel, that is tried with."""
    if row.kind == "offers":
        return dict(REASONS).get(row.reason, row.reason)
    return next((one.name for one in plan_catalogue.all_plans() if one.id == row.plan), "Gone")


async def decision(
    request: Request[Any, Any, Any], found: ExperimentView, position: int, wanted: DecisionPreview
) -> Response[Any]:
    known, is_known = await decision_words.known(found, position)
    view = DecisionPage(
        experiment=found.row,
        arm=found.arms[position],
        wanted=wanted,
        reason=concerned(found.row),
        now=tuple(experiment_arm_words.offer_words(one) for one in wanted.offers_now),
        then=tuple(experiment_arm_words.offer_words(one) for one in wanted.offers_then),
        is_told=found.row.kind in PROMISED,
        known=known,
        is_known=is_known,
        changed=decision_words.changed(wanted),
    )
    return page(request, view)


async def shown(
    request: Request[Any, Any, Any], found: ExperimentView, *, start: StartForm | None = None, status: int = 200
) -> Response[Any]:
    row, is_begun = found.row, bool(found.row.started_at)
    seen = await experiment_results.results(row, found.arms, clock.now()) if is_begun else None
    known = await experiment_forms.choices(found)
    traffic = await experiment_forms.traffic(row.kind, row.segment or None)
    view = ExperimentPage(
        experiment=row,
        arms=found.arms,
        plan=next((one for one in plan_catalogue.all_plans() if one.id == row.plan), None),
        concerned=concerned(row),
        offered=tuple(experiment_arm_words.offer_words(offer_of(one)) for one in found.arms)
        if row.kind == "offers"
        else (),
        given=await experiment_arm_words.given(found),
        kind=KINDS[row.kind],
        figure=FIGURES[row.figure],
        state=STATES[row.state],
        look=LOOKS[row.state],
        whom=dict(known["segment"])[str(row.segment or "")],
        length=experiment_length_words.needed(found.draft, traffic),
        is_hopeless=experiment_length_words.is_hopeless(found.draft, traffic),
        may=frozenset(one for one in experiment_states.MAY if experiment_states.may(row, one)),
        start=start or StartForm.blank(version=row.version),
        results=seen,
        says=experiment_words.sentence(seen, planned=row.planned, least=row.least, is_over=bool(row.stopped_at))
        if seen
        else "",
        rows=experiment_words.rows(seen) if seen else (),
        guards=experiment_words.guard_rows(seen) if seen else (),
        guard_days=GUARD_DAYS,
        charts=experiment_words.charts(seen) if seen else (),
        chosen=found.arms[row.chosen].name if row.chosen is not None else "",
        has_money=bool(seen and seen.money),
        beside_joins=experiment_length_words.beside_joins(found.draft) if seen and seen.money else "",
    )
    return page(request, view, status=status)


async def is_hopeless(found: ExperimentView) -> bool:
    """Whether it could be started, and nobody would wait for its answer."""
    traffic = await experiment_forms.traffic(found.row.kind, found.row.segment or None)
    return experiment_states.may(found.row, "start") and experiment_length_words.is_hopeless(found.draft, traffic)
