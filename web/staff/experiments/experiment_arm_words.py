"""What each arm of an experiment offers or gives, in words."""

from components.experiments import experiment_decisions
from components.experiments.experiment_arms import ExperimentView
from components.experiments.tables import Experiment, ExperimentArm
from components.memberships.benefits.kinds import kind as kind_of
from components.memberships.editing import plan_variants
from components.memberships.keeping_members.offer_terms import OfferTerms
from components.memberships.plans import plan_catalogue
from web.staff.club.save_offers import terms_said

GONE = "What the plan included"


def offer_words(one: OfferTerms | None) -> str:
    if one is None:
        return "Nothing"
    plan = next((known.name for known in plan_catalogue.all_plans() if known.id == one.to_plan), "a plan that is gone")
    return terms_said(one, plan)


async def given(found: ExperimentView) -> tuple[str, ...]:
    """What each arm gives, in words: as it is promised once the experiment runs, else with the settings of today."""
    if found.row.kind != "benefits":
        return ()
    return (await _ordinary_benefit(found.row), *[await _arm_benefit(one) for one in found.arms[1:]])


async def _ordinary_benefit(row: Experiment) -> str:
    if not row.benefit:
        return "What the plan includes; each other arm gives one benefit more"
    known = await plan_variants.known(row.benefit)
    return f"What the plan includes: “{known.name}”, in whose place the other arms give theirs" if known else GONE


async def _arm_benefit(arm: ExperimentArm) -> str:
    if (promised := experiment_decisions.given(arm)) is not None:
        return promised.words
    known = await plan_variants.known(arm.benefit) if arm.benefit else None
    return kind_of(known.kind).words(kind_of(known.kind).load(known.settings)) if known else "A benefit that is gone"
