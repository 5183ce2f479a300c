"""What is wrong with the benefits that an experiment would give: each arm gives more than everybody gets, not less."""

from datetime import datetime
from uuid import UUID

from components.experiments import price_promises
from components.foundation.refusals import Refusal
from components.memberships.benefits.kinds import all_kinds, kind
from components.memberships.editing import change_guard, plan_variants
from components.memberships.editing.plan_revisions import NewBenefit
from components.memberships.plans import plan_cache
from components.memberships.plans.plan_catalogue import BenefitView, PlanView


async def troubles(plan: PlanView, instead_of: UUID | None, given: list[UUID | None]) -> dict[str, str]:
    """Of the arms but the ordinary, by the field of the form."""
    if not plan.renews:
        return {"plan": "Benefits are tried on a plan that renews."}
    replaced = next((one for one in plan.benefits if one.id == instead_of), None)
    if words := await _of_replaced(plan, instead_of, replaced):
        return {"benefit": words}
    found, seen = dict[str, str](), list[NewBenefit]()
    for letter, one in zip("bcd", given, strict=False):
        wanted = await plan_variants.known(one) if one else None
        if words := _of_arm(plan, replaced, wanted, seen):
            found[f"{letter}_benefit"] = words
        seen += [wanted] if wanted else []
    return found


async def _of_replaced(plan: PlanView, instead_of: UUID | None, replaced: BenefitView | None) -> str:
    if instead_of and replaced is None:
        return "The plan doesn’t include this benefit. Choose one that it includes, or none."
    if replaced and not kind(replaced.kind).is_tried:
        return f"“{kind(replaced.kind).title}” can’t be tried. {tried_kinds_words()}"
    try:
        await change_guard.refuse_if_scheduled([instead_of] if instead_of else [])
    except Refusal as refusal:
        return str(refusal)
    return await price_promises.trouble_beside(plan.id, "benefits")


def _of_arm(plan: PlanView, replaced: BenefitView | None, wanted: NewBenefit | None, seen: list[NewBenefit]) -> str:
    if wanted is None:
        return "Choose the benefit that this arm gives."
    of_kind = kind(wanted.kind)
    if not of_kind.is_tried:
        return f"“{of_kind.title}” can’t be tried. {tried_kinds_words()}"
    if wanted.id in {one.id for one in plan.benefits}:
        return "The plan includes this already."
    if any(one.kind == wanted.kind and of_kind.load(one.settings) == of_kind.load(wanted.settings) for one in seen):
        return "Another arm gives this already."
    if replaced is not None and (words := _of_replacement(replaced, wanted)):
        return words
    return " ".join(plan_variants.conflicts(plan, replaced.id if replaced else None, wanted))


def _of_replacement(replaced: BenefitView, wanted: NewBenefit) -> str:
    of_kind = kind(wanted.kind)
    if replaced.kind != wanted.kind:
        return f"Choose a benefit of the same kind as “{replaced.name}”, or give this as one more."
    if of_kind.is_better(of_kind.load(wanted.settings), of_kind.load(replaced.settings)):
        return ""
    return (
        f"An arm gives more than “{replaced.name}”, which everybody gets, and no less in anything: nobody may be "
        "promised less because they signed in."
    )


def tried_kinds_words() -> str:
    titles = [one.title for one in all_kinds().values() if one.is_tried]
    return f"What can be tried: {', '.join(titles[:-1])} and {titles[-1]}."


def is_changed(plan_id: UUID, *, since: datetime, at: datetime) -> bool:
    """Whether what the plan includes was changed meanwhile: then the arms are no longer beside what they began with."""
    edges = (
        edge for one in plan_cache.current().promises if one.plan == plan_id for edge in (one.from_at, one.until_at)
    )
    return any(edge is not None and since < edge <= at for edge in edges)
