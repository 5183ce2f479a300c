"""The pages of an experiment: the list, its editor, itself with what is known, and what using an arm would mean."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Request, Response

from components.experiments import experiment_results, experiment_states
from components.experiments.experiment_arms import ExperimentView, offer_of
from components.experiments.experiment_checks import KINDS
from components.experiments.experiment_decisions import DecisionPreview
from components.experiments.experiment_figures import FIGURES, GUARD_DAYS
from components.experiments.experiment_results import ExperimentResults
from components.experiments.experiment_states import STATES
from components.experiments.tables import Experiment, ExperimentArm
from components.foundation import clock
from components.memberships.billing.cancellations import REASONS
from components.memberships.keeping_members.offer_terms import OfferTerms
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from web.forms.form import Form
from web.forms.numbers import VersionNumber
from web.staff.club.save_offers import terms_said
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


@dataclass(frozen=True, kw_only=True)
class ExperimentPage(View):
    template: ClassVar[str] = "staff/experiments/show.html"
    experiment: Experiment
    arms: tuple[ExperimentArm, ...]
    plan: PlanView | None
    concerned: str
    offered: tuple[str, ...]
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
    reason: str
    now: tuple[str, ...]
    then: tuple[str, ...]


def editor(
    request: Request[Any, Any, Any], form: ExperimentForm, experiment_id: UUID | None, *, status: int = 200
) -> Response[Any]:
    action = f"{LIST}/{experiment_id}" if experiment_id else LIST
    return page(request, ExperimentEditor(form=form, experiment_id=experiment_id, action=action), status=status)


def concerned(row: Experiment) -> str:
    """The plan, or the reason to cancel, that is tried with."""
    if row.kind == "offers":
        return dict(REASONS).get(row.reason, row.reason)
    return next((one.name for one in plan_catalogue.all_plans() if one.id == row.plan), "Gone")


def offer_words(one: OfferTerms | None) -> str:
    if one is None:
        return "Nothing"
    plan = next((known.name for known in plan_catalogue.all_plans() if known.id == one.to_plan), "a plan that is gone")
    return terms_said(one, plan)


def decision(
    request: Request[Any, Any, Any], found: ExperimentView, position: int, wanted: DecisionPreview
) -> Response[Any]:
    view = DecisionPage(
        experiment=found.row,
        arm=found.arms[position],
        wanted=wanted,
        reason=concerned(found.row),
        now=tuple(offer_words(one) for one in wanted.offers_now),
        then=tuple(offer_words(one) for one in wanted.offers_then),
    )
    return page(request, view)


async def shown(
    request: Request[Any, Any, Any], found: ExperimentView, *, start: StartForm | None = None, status: int = 200
) -> Response[Any]:
    row, is_begun = found.row, bool(found.row.started_at)
    seen = await experiment_results.results(row, found.arms, clock.now()) if is_begun else None
    known = await experiment_forms.choices(found)
    view = ExperimentPage(
        experiment=row,
        arms=found.arms,
        plan=next((one for one in plan_catalogue.all_plans() if one.id == row.plan), None),
        concerned=concerned(row),
        offered=tuple(offer_words(offer_of(one)) for one in found.arms) if row.kind == "offers" else (),
        kind=KINDS[row.kind],
        figure=FIGURES[row.figure],
        state=STATES[row.state],
        look=LOOKS[row.state],
        whom=dict(known["segment"])[str(row.segment or "")],
        length=experiment_words.length(found.draft, await experiment_forms.traffic(row.kind, row.segment or None)),
        may=frozenset(one for one in experiment_states.MAY if experiment_states.may(row, one)),
        start=start or StartForm.blank(version=row.version),
        results=seen,
        says=experiment_words.sentence(seen, is_over=bool(row.decided_at)) if seen else "",
        rows=experiment_words.rows(seen) if seen else (),
        guards=experiment_words.guard_rows(seen) if seen else (),
        guard_days=GUARD_DAYS,
        charts=experiment_words.charts(seen) if seen else (),
        chosen=found.arms[row.chosen].name if row.chosen is not None else "",
    )
    return page(request, view, status=status)
