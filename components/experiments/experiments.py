"""Experiments: made, changed, started and stopped by staff; read by pages."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import asyncpg
from piccolo.columns import Column

from components.experiments import experiment_arms, experiment_cache, experiment_checks, experiment_states
from components.experiments.experiment_arms import ExperimentView
from components.experiments.experiment_checks import ExperimentDraft
from components.experiments.tables import Experiment, ExperimentArm
from components.foundation import audit, clock, database, ids
from components.foundation.refusals import NotFound, Refusal
from components.memberships.adopting import kept_prices
from components.memberships.editing import plan_variants
from components.memberships.keeping_members import tried_offers
from components.memberships.plans import plan_cache, plan_catalogue

BY_ITSELF_WORDS = "stopped by itself"


class ExperimentChanged(Refusal):
    message = "Someone else changed this experiment meanwhile. Nothing was saved: please look at it again."
    status = 409


class RunsAlready(Refusal):
    message = "Another experiment of this kind runs on this plan. Stop it first: one at a time."
    of_version = "An experiment with a price or a benefit of this plan runs already. Stop it first: one at a time."
    for_reason = "Another experiment runs with what is offered for this reason. Stop it first: one at a time."
    status = 409


class NotStartable(Refusal):
    """`troubles`: what is wrong with which field."""

    def __init__(self, troubles: dict[str, str]) -> None:
        super().__init__(next(iter(troubles.values())))
        self.troubles = troubles


async def everyone() -> tuple[Experiment, ...]:
    """The newest first."""
    rows = Experiment.objects().order_by(Experiment.created_at, Experiment.id, ascending=False)
    return tuple(await rows.limit(200))


async def not_over(segment_id: UUID) -> list[Experiment]:
    """Those for a segment that are drafts or run."""
    is_theirs = (Experiment.segment == segment_id) & Experiment.stopped_at.is_null()
    return await Experiment.objects().where(is_theirs).order_by(Experiment.created_at, Experiment.id, ascending=False)


async def by_id(experiment_id: UUID) -> ExperimentView:
    """Raises `NotFound`."""
    found = await Experiment.objects().where(Experiment.id == experiment_id).first()
    if found is None:
        raise NotFound("There is no such experiment.")
    belongs = ExperimentArm.experiment == experiment_id
    return ExperimentView(found, tuple(await ExperimentArm.objects().where(belongs).order_by(ExperimentArm.position)))


async def create(draft: ExperimentDraft, *, by: UUID) -> UUID:
    row = Experiment(id=ids.new(), created_at=clock.now(), created_by=by, **_values(draft))
    async with database.transaction():
        await Experiment.insert(row)
        await experiment_arms.write(row.id, draft)
        await audit.record(by, "experiment made", "experiment", row.id, after={"name": row.name})
    made: UUID = row.id
    return made


async def copy(experiment_id: UUID, *, by: UUID) -> UUID:
    """A new draft of the same."""
    draft = (await by_id(experiment_id)).draft
    return await create(ExperimentDraft(**{**_fields(draft), "name": f"{draft.name[:110]} (copy)"}), by=by)


async def edit(experiment_id: UUID, draft: ExperimentDraft, *, version: int, by: UUID) -> None:
    """Raises `NotFound`, `NotInThisExperimentState`, `ExperimentChanged`."""
    async with database.transaction():
        found = await _locked(experiment_id, "edit")
        if found.version != version:
            raise ExperimentChanged
        values: dict[Column | str, Any] = dict(_values(draft).items())
        await found.update_self({**values, "version": version + 1})
        await ExperimentArm.delete().where(ExperimentArm.experiment == experiment_id)
        await experiment_arms.write(experiment_id, draft)
        await audit.record(by, "experiment changed", "experiment", experiment_id, after={"name": draft.name})


async def delete(experiment_id: UUID, *, by: UUID) -> None:
    """Raises `NotFound`, `NotInThisExperimentState`."""
    async with database.transaction():
        found = await _locked(experiment_id, "delete")
        await ExperimentArm.delete().where(ExperimentArm.experiment == experiment_id)
        await Experiment.delete().where(Experiment.id == experiment_id)
        await audit.record(by, "experiment deleted", "experiment", experiment_id, before={"name": found.name})


async def start(experiment_id: UUID, *, version: int, by: UUID) -> None:
    """Whoever is asked from the next page on is put in an arm. An arm's price, or its benefit at today's, becomes a
    version of the plan that was never on offer, as Stripe, invoices and figures know all prices; what it offers to who
    cancels, a save offer.

    Raises `NotFound`, `NotInThisExperimentState`, `ExperimentChanged`, `NotStartable`, `RunsAlready`.
    """
    found = await by_id(experiment_id)
    if troubles := await experiment_checks.troubles(found.draft):
        experiment_states.refuse_unless(found.row, "start")
        raise NotStartable(troubles)
    try:
        async with database.transaction():
            row = await _locked(experiment_id, "start")
            if row.version != version:
                raise ExperimentChanged
            await _begin(row, found, by=by)
            after = {"plan": str(row.plan or ""), "arms": [one.name for one in found.arms]}
            await audit.record(by, "experiment started", "experiment", experiment_id, after=after)
    except asyncpg.UniqueViolationError:
        raise _runs_already(found.row.kind) from None
    await plan_cache.refresh()
    await experiment_cache.refresh()


def _runs_already(kind: str) -> RunsAlready:
    words = {"offers": RunsAlready.for_reason, "price": RunsAlready.of_version, "benefits": RunsAlready.of_version}
    return RunsAlready(words.get(kind))


async def _begin(row: Experiment, found: ExperimentView, *, by: UUID) -> None:
    plan = next((one for one in plan_catalogue.public_plans() if one.id == row.plan), None)
    await row.update_self(
        {"state": "running", "started_at": clock.now(), "base_version": plan.version_id if plan else None,
         "planned": experiment_checks.planned(found.draft)}
    )  # fmt: skip
    for arm in found.arms:
        if (terms := experiment_arms.offer_of(arm)) is not None:
            await arm.update_self({ExperimentArm.offer: await tried_offers.put(row.reason, terms, by=by)})
        if plan is None:
            continue
        if arm.price or arm.benefit:
            kept = await kept_prices.keep(
                plan.id, price=arm.price or plan.price.amount, currency=plan.price.currency, interval=plan.interval,
                count=plan.interval_count, variant=await _variant(row, arm),
            )  # fmt: skip
            await arm.update_self({ExperimentArm.version: kept})


async def _variant(row: Experiment, arm: ExperimentArm) -> UUID | None:
    if not arm.benefit:
        return None
    wanted = await plan_variants.known(arm.benefit)
    if wanted is None:
        raise NotStartable({"benefit": "The benefit of an arm is not there any more. Choose another."})
    return await plan_variants.make(row.plan, instead_of=row.benefit or None, wanted=wanted)


async def stop(experiment_id: UUID, *, by: UUID | None, why: str = "", by_itself: bool = False) -> None:
    """Nobody else is put in an arm, from the next page on. A price or benefit that was promised holds until its day,
    and whoever has joined keeps what they agreed. What was offered to who cancels ends; what was accepted stays.

    Raises `NotFound`, `NotInThisExperimentState`.
    """
    async with database.transaction():
        row = await _locked(experiment_id, "stop")
        await row.update_self(
            {"state": "stopped", "stopped_at": clock.now(), "stopped_why": why[:300], "stopped_by_itself": by_itself}
        )
        arms = await ExperimentArm.objects().where(ExperimentArm.experiment == experiment_id)
        await tried_offers.end([one.offer for one in arms if one.offer], by=by)
        words = f"experiment {BY_ITSELF_WORDS}" if by_itself else "experiment stopped"
        await audit.record(by, words, "experiment", experiment_id, after={"why": why} if why else None)
    await experiment_cache.refresh()


async def mark_seen(experiment_id: UUID) -> None:
    """Staff have read that it stopped by itself: it leaves Today."""
    is_unseen = (Experiment.id == experiment_id) & Experiment.stopped_by_itself.eq(True) & Experiment.seen_at.is_null()
    await Experiment.update({Experiment.seen_at: clock.now()}).where(is_unseen)


async def _locked(experiment_id: UUID, action: str) -> Experiment:
    found = await database.locked(Experiment, Experiment.id == experiment_id)
    if found is None:
        raise NotFound("There is no such experiment.")
    experiment_states.refuse_unless(found, action)
    return found


def _fields(draft: ExperimentDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in (*experiment_checks.COLUMNS, "arms")}


def _values(draft: ExperimentDraft) -> dict[str, Any]:
    return {name: value for name, value in asdict(draft).items() if name != "arms"}
