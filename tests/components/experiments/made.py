"""Experiments for tests, and those who are asked in them."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from components.experiments import experiments
from components.experiments.experiment_checks import ArmDraft, ExperimentDraft
from components.experiments.experiments import ExperimentView
from components.memberships.plans.plan_catalogue import PlanView
from tests.support import people

WORDS = "Everything our potters keep for friends."


def price_draft(plan: PlanView, *, price: int = 3000, **given: Any) -> ExperimentDraft:
    arms = (ArmDraft("Ordinary", 50), ArmDraft("B", 50, price=price))
    known: dict[str, Any] = {"base": 1000, "least": 200, "arms": arms}
    return ExperimentDraft(name="Cheaper", kind="price", plan=plan.id, **{**known, **given})


def words_draft(plan: PlanView, **given: Any) -> ExperimentDraft:
    arms = (ArmDraft("Ordinary", 50), ArmDraft("B", 50, words=WORDS))
    return replace(price_draft(plan, arms=arms, **given), kind="words", name="Warmer words")


async def owner() -> UUID:
    return (await people.owner()).id


async def started(draft: ExperimentDraft, *, by: UUID) -> ExperimentView:
    made = await experiments.create(draft, by=by)
    await experiments.start(made, version=1, by=by)
    return await experiments.by_id(made)
