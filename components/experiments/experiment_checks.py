"""What staff write of an experiment, what is wrong with it, and how many people it needs."""

from dataclasses import dataclass, replace
from uuid import UUID

from components.experiments import price_promises, sample_sizes
from components.experiments.benefits import benefit_checks
from components.experiments.experiment_figures import FIGURES_OF, SHARES
from components.experiments.offers import offer_checks
from components.foundation import formatting
from components.foundation.refusals import NotFound, Refusal
from components.foundation.shop_settings import shop_settings
from components.memberships.keeping_members.offer_terms import OfferTerms
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.payments.stripe_account import smallest_charges
from components.segments import segments

KINDS = {
    "price": "A lower price",
    "words": "Other words",
    "benefits": "A better benefit",
    "offers": "Other save offers",
}
KEPT_DAYS = 400
"""The longest that members are followed who were about to cancel: a yearly plan has renewed then."""
LEAST_SHARE, LONGEST_WORDS, LONGEST_JOIN = 5, 300, 90


@dataclass(frozen=True, slots=True)
class ArmDraft:
    """`price` as members would pay it, in minor units. `offer`: None is to offer nothing. `benefit`: the one
    that it gives."""

    name: str
    share: int
    price: int | None = None
    words: str = ""
    offer: OfferTerms | None = None
    benefit: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentDraft:
    """`base` is what the figure is today: of joins and members kept in hundredths of a per cent. `spread` is of money
    alone. `reason` is of offers, `plan` of everything else.
    `benefit` is what those of the arms are given in place of, of the plan; None for one more."""

    name: str
    kind: str
    plan: UUID | None = None
    reason: str = ""
    benefit: UUID | None = None
    segment: UUID | None = None
    figure: str = "joined"
    days: int = 14
    base: int = 0
    spread: int = 0
    least: int = 0
    promise_days: int = 14
    most_refunds: int | None = None
    most_cancels: int | None = None
    most_order_loss: int | None = None
    arms: tuple[ArmDraft, ...] = ()


COLUMNS = tuple(name for name in ExperimentDraft.__slots__ if name != "arms")


def planned(draft: ExperimentDraft) -> int:
    """Everybody who must be asked, so that a difference as large as the smallest worth knowing is found four times in
    five."""
    comparisons = max(1, len(draft.arms) - 1)
    if draft.figure in SHARES:
        needed = sample_sizes.for_shares(draft.base, draft.least, comparisons=comparisons)
    else:
        needed = sample_sizes.for_money(draft.spread, draft.least, comparisons=comparisons)
    return sample_sizes.in_all(needed, tuple(one.share for one in draft.arms))


def visible(draft: ExperimentDraft, people: int) -> int | None:
    """The smallest difference that so many people would show four times in five, rounded up to what is easily said;
    None where they would show none."""
    step = 100 if draft.figure in SHARES else 10
    low, high = 1, (10_000 - draft.base if draft.figure in SHARES else 1_000 * max(draft.spread, 1)) // step
    if high < 1 or planned(replace(draft, least=high * step)) > people:
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if planned(replace(draft, least=middle * step)) <= people else (middle + 1, high)
    return low * step


async def troubles(draft: ExperimentDraft) -> dict[str, str]:
    """What keeps it from being started, by the field of the form."""
    found = await _of_kind(draft) | _of_shares(draft) | _of_figures(draft)
    if draft.segment and (words := await _of_segment(draft.segment)):
        found["segment"] = words
    return found


async def _of_kind(draft: ExperimentDraft) -> dict[str, str]:
    if draft.kind == "offers":
        return await offer_checks.troubles(draft.reason, [one.offer for one in draft.arms[1:]])
    plan = next((one for one in plan_catalogue.public_plans() if one.id == draft.plan and one.is_offered), None)
    if plan is None:
        return {"plan": "Choose a plan that is on offer."}
    if draft.kind == "benefits":
        return await benefit_checks.troubles(plan, draft.benefit, [one.benefit for one in draft.arms[1:]])
    return await _of_prices(draft, plan) if draft.kind == "price" else _of_words(draft, plan)


def _of_shares(draft: ExperimentDraft) -> dict[str, str]:
    if not 2 <= len(draft.arms) <= 4:
        return {"b_share": "An experiment has two to four arms: the ordinary, and one to three others."}
    if any(one.share < LEAST_SHARE for one in draft.arms):
        return {"a_share": f"Each arm gets at least {LEAST_SHARE} of a hundred."}
    total = sum(one.share for one in draft.arms)
    return {} if total == 100 else {"a_share": f"The shares add up to {total}, not to 100."}


def _of_figures(draft: ExperimentDraft) -> dict[str, str]:
    found = dict[str, str]()
    if draft.figure not in FIGURES_OF[draft.kind]:
        return {"figure": f"“{KINDS[draft.kind]}” can’t be decided by this. Choose another figure."}
    if draft.days > LONGEST_JOIN and draft.kind != "offers":
        found["days"] = f"Enter 1 to {LONGEST_JOIN}."
    if not draft.least:
        found["least"] = "Enter the smallest difference that is worth knowing."
    if draft.figure in SHARES and not 0 < draft.base < 10_000:
        what = "join" if draft.figure == "joined" else "are kept"
        found["base"] = f"Enter how many of a hundred {what} today: more than 0 and less than 100."
    if draft.figure in SHARES and draft.base + draft.least > 10_000:
        found["least"] = "Nobody can do it more often than always: enter a smaller difference."
    if draft.figure == "money" and not draft.spread:
        found["spread"] = "Enter how far one person’s money is from another’s (the standard deviation)."
    return found


async def _of_prices(draft: ExperimentDraft, plan: PlanView) -> dict[str, str]:
    if not plan.renews:
        return {"plan": "A price is tried on a plan that renews."}
    if words := await price_promises.trouble_beside(plan.id, "price"):
        return {"plan": words}
    found, seen = dict[str, str](), set[int]()
    least = smallest_charges.of(shop_settings.current().currency)
    for letter, arm in zip("bcd", draft.arms[1:], strict=False):
        if arm.price is None or arm.price < least:
            found[f"{letter}_price"] = f"Enter a price of at least {formatting.money(least)}."
        elif arm.price >= plan.price.amount:
            found[f"{letter}_price"] = (
                f"An arm’s price is less than {formatting.money(plan.price)}, which everybody sees: nobody may be "
                "asked for more because they signed in."
            )
        elif arm.price in seen:
            found[f"{letter}_price"] = "Another arm has this price already."
        seen.add(arm.price or 0)
    return found


def _of_words(draft: ExperimentDraft, plan: PlanView) -> dict[str, str]:
    found, seen = dict[str, str](), {plan.summary.strip()}
    for letter, arm in zip("bcd", draft.arms[1:], strict=False):
        if not arm.words.strip() or len(arm.words) > LONGEST_WORDS:
            found[f"{letter}_words"] = f"Enter the words of this arm, {LONGEST_WORDS} characters at most."
        elif arm.words.strip() in seen:
            found[f"{letter}_words"] = "These words are shown already."
        seen.add(arm.words.strip())
    return found


async def _of_segment(segment_id: UUID) -> str:
    try:
        found = await segments.by_id(segment_id)
        if found.archived_at:
            return "The segment is archived. Choose another, or bring it back."
        segments.compiled(found.rules)
    except NotFound:
        return "The segment is not there any more. Choose another."
    except Refusal:
        return "The segment’s rules no longer hold. Mend them, or choose another."
    return ""
