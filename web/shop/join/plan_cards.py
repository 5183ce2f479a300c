"""Plans as shown on the joining pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.foundation.languages.words import n_
from components.foundation.money import Money
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements, HeldPlan
from components.memberships.plans.plan_catalogue import PlanView


@dataclass(frozen=True, kw_only=True)
class PlanCard:
    """`may_join`: not what is billed already, or free, nor a free plan beside one that is billed. A plan that was
    given or shared can be joined as well.

    `year` is what it would have saved this visitor in twelve months; it `is_recommended` if that pays for it.
    """

    slug: str
    name: str
    fee: Money
    interval: str
    note: str
    trial: str
    benefits: tuple[str, ...]
    url: str
    is_chosen: bool
    is_advised: bool
    is_held: bool
    may_join: bool
    is_free: bool
    guarantees_fee: bool = False
    places: str = ""
    fee_sum: str = ""
    is_recommended: bool = False
    year: str = ""
    offer: str = ""


def cards(
    plans: Sequence[PlanView],
    standing: CustomerEntitlements,
    *,
    advises: bool,
    trials: Mapping[str, int],
    places: Mapping[str, str],
    sums: Mapping[str, str],
    offers: Mapping[str, str],
) -> tuple[PlanCard, ...]:
    """`plans` are the offered ones. Of those that cost something, the cheapest over a year is preselected.

    It is called the best value where no dearer one has a benefit that it has not, unless this visitor was just told
    that it would not pay for them (`advises`).

    `trials` are the free days this visitor would get, `places` what is said of a limited number, `sums` of a fee that
    is typed without tax, `offers` of a price of their own, by the plan's slug.
    """
    paid = [plan for plan in plans if not plan.is_free]
    chosen = min(paid, key=_per_year, default=None)
    advises = advises and chosen is not None and _has_most(chosen, paid)
    held = {plan.plan_slug for plan in standing.plans}
    kept = {plan.plan_slug for plan in standing.plans if plan.source in ("subscription", "free")}
    is_billed = any(plan.source == "subscription" for plan in standing.plans)
    return tuple(
        _card(
            plan,
            is_chosen=plan is chosen and len(plans) > 1,
            advises=advises,
            is_held=plan.slug in held,
            may_join=plan.slug not in kept and not (plan.is_free and is_billed),
            trial_days=trials.get(plan.slug, 0),
            places=places.get(plan.slug, ""),
            fee_sum=sums.get(plan.slug, ""),
            offer=offers.get(plan.slug, ""),
        )
        for plan in plans
    )


def stands_in_the_way(held: HeldPlan | None, plan: PlanView) -> bool:
    """A second subscription, or the same free plan; a membership that was earned, shared, given or paid once does
    not."""
    if held is None:
        return False
    return held.source == "subscription" or (held.source == "free" and held.plan_slug == plan.slug)


def held_beside(held: HeldPlan | None, plan: PlanView) -> HeldPlan | None:
    """What somebody has anyway while they pay for a plan that renews from today."""
    return held if held is not None and held.source != "free" and plan.renews else None


def _card(
    plan: PlanView,
    *,
    is_chosen: bool,
    advises: bool,
    is_held: bool,
    may_join: bool,
    trial_days: int,
    places: str,
    fee_sum: str,
    offer: str,
) -> PlanCard:
    return PlanCard(
        slug=plan.slug,
        name=plan.name,
        fee=plan.price,
        interval=plan.interval_words,
        note=plan.summary,
        trial=_trial(trial_days) if trial_days else "",
        benefits=tuple(benefit.words for benefit in plan.benefits),
        url=f"/join/{plan.slug}",
        is_chosen=is_chosen,
        is_advised=is_chosen and advises,
        is_held=is_held,
        may_join=may_join,
        is_free=plan.is_free,
        guarantees_fee=plan.guarantees_fee,
        places=places,
        fee_sum=fee_sum,
        offer=offer,
    )


def _trial(days: int) -> str:
    return n_("The first day is free, once per person.", "The first %(num)s days are free, once per person.", days)


def _has_most(plan: PlanView, others: Sequence[PlanView]) -> bool:
    """Whether it has any benefit, and each that another has, as it is told."""
    own = {benefit.words for benefit in plan.benefits}
    return bool(own) and all(benefit.words in own for other in others for benefit in other.benefits)


def _per_year(plan: PlanView) -> int:
    """The price of a year, in minor units, rounded; for comparing only."""
    times = {"week": 52, "month": 12, "year": 1}.get(plan.interval, 1)
    return plan.price.amount * times // plan.interval_count
