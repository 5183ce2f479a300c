"""Experiments for tests, and those who are asked in them."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from components.experiments import experiments
from components.experiments.experiment_arms import ExperimentView
from components.experiments.experiment_checks import ArmDraft, ExperimentDraft
from components.memberships.keeping_members.offer_terms import OfferTerms
from components.memberships.plans.plan_catalogue import PlanView
from tests.support import make_plans, people
from tests.support.make_plans import TENTH_OFF

FIFTH = OfferTerms("discount", 2_000, 2, 12)
WORDS = "Everything our potters keep for friends."


def price_draft(plan: PlanView, *, price: int = 3000, **given: Any) -> ExperimentDraft:
    arms = (ArmDraft("Ordinary", 50), ArmDraft("B", 50, price=price))
    known: dict[str, Any] = {"base": 1000, "least": 200, "arms": arms}
    return ExperimentDraft(name="Cheaper", kind="price", plan=plan.id, **{**known, **given})


def words_draft(plan: PlanView, **given: Any) -> ExperimentDraft:
    arms = (ArmDraft("Ordinary", 50), ArmDraft("B", 50, words=WORDS))
    return replace(price_draft(plan, arms=arms, **given), kind="words", name="Warmer words")


async def benefits_draft(plan: PlanView, *, percent: int = 1500, **given: Any) -> ExperimentDraft:
    """15% off everything in place of the plan's 10%."""
    other = await make_plans.benefit("member_price", f"{percent // 100}% off", **{**TENTH_OFF, "percent": percent})
    arms = (ArmDraft("Ordinary", 50), ArmDraft("B", 50, benefit=other))
    tenth = next(one.id for one in plan.benefits if one.kind == "member_price")
    drawn = price_draft(plan, **{"arms": arms, **given})
    return replace(drawn, kind="benefits", name="A better benefit", benefit=tenth)


def offers_draft(offer: OfferTerms | None = None, **given: Any) -> ExperimentDraft:
    """Of who says that it costs too much: a fifth off two payments instead of what staff set, or `offer`."""
    arms = (ArmDraft("Ordinary", 50), ArmDraft("B", 50, offer=offer or FIFTH))
    known: dict[str, Any] = {"base": 5000, "least": 500, "days": 60, "arms": arms, "reason": "price"}
    return ExperimentDraft(name="A fifth off", kind="offers", figure="kept", **{**known, **given})


async def owner() -> UUID:
    return (await people.owner()).id


async def started(draft: ExperimentDraft, *, by: UUID) -> ExperimentView:
    made = await experiments.create(draft, by=by)
    await experiments.start(made, version=1, by=by)
    return await experiments.by_id(made)
