"""The clock's part: an experiment stops by itself when a guard is hurt, or what it began with was changed by staff; and
whoever was promised less than everybody has by now is promised that."""

from contextlib import suppress

from components.experiments import experiment_results, experiments
from components.experiments.benefits import benefit_checks
from components.experiments.experiment_arms import ExperimentView
from components.experiments.experiment_cache import PROMISED
from components.experiments.experiment_figures import GUARD_DAYS, GUARDS
from components.experiments.experiment_states import NotInThisExperimentState
from components.experiments.offers import offer_decisions
from components.experiments.tables import Experiment
from components.foundation import clock
from components.foundation.operations import one_by_one
from components.memberships.editing import plan_variants
from components.memberships.plans import plan_catalogue


async def watch() -> None:
    """May run at any time, and any number of times. One that cannot be looked at keeps no other from it."""
    running = await Experiment.objects().where(Experiment.state == "running")
    await one_by_one.each(running, _look_at, what="a running experiment")
    await plan_variants.raise_promises()


async def _look_at(row: Experiment) -> None:
    found = await experiments.by_id(row.id)
    if why := await reason_to_stop(found):
        with suppress(NotInThisExperimentState):  # staff were quicker
            await experiments.stop(row.id, by=None, why=why, by_itself=True)


async def reason_to_stop(found: ExperimentView) -> str:
    """In words; "" where it may go on."""
    if found.row.kind == "offers":
        changed = await offer_decisions.is_changed(found.row)
        return "What is offered for this reason was changed under Save offers." if changed else await _of_guards(found)
    row = found.row
    plan = next((one for one in plan_catalogue.public_plans() if one.id == row.plan), None)
    if plan is None or not plan.is_offered:
        return "The plan is no longer on offer."
    if row.kind in PROMISED and plan.version_id != row.base_version:
        return "The plan’s price was changed in the plan editor."
    if row.kind == "benefits" and benefit_checks.is_changed(plan.id, since=row.started_at, at=clock.now()):
        return "The plan’s benefits were changed in the plan editor."
    return await _of_guards(found)


async def _of_guards(found: ExperimentView) -> str:
    named = {one.position: one.name for one in found.arms}
    for one in await experiment_results.guards(found.row, found.arms, clock.now()):
        if one.is_hurt:
            return f"A guard was passed in “{named[one.position]}”: {GUARDS[one.guard].lower()} in {GUARD_DAYS} days."
    return ""
