"""Plans as they stand on the joining pages."""

from dataclasses import dataclass
from datetime import datetime

from components.foundation.money import Money
from components.memberships import PlanView, Standing, offers


@dataclass(frozen=True, kw_only=True)
class PlanCard:
    slug: str
    name: str
    fee: Money
    interval: str
    note: str
    benefits: tuple[str, ...]
    url: str
    is_chosen: bool
    is_held: bool
    is_free: bool


@dataclass(frozen=True, kw_only=True)
class ComparisonRow:
    """One benefit, and for each plan whether it promises it."""

    words: str
    held: tuple[bool, ...]


def cards(standing: Standing, at: datetime) -> tuple[PlanCard, ...]:
    """The offered plans. The one that costs least over a year, of those that cost something, is recommended."""
    plans = offers.offered(at)
    chosen = min((plan for plan in plans if not plan.is_free), key=_per_year, default=None)
    held = {plan.plan_slug for plan in standing.plans}
    return tuple(_card(plan, is_chosen=plan is chosen and len(plans) > 1, is_held=plan.slug in held) for plan in plans)


def comparison(at: datetime) -> tuple[ComparisonRow, ...]:
    plans = offers.offered(at)
    seen = {benefit.id: benefit.words for plan in plans for benefit in plan.benefits}
    promised = [{benefit.id for benefit in plan.benefits} for plan in plans]
    return tuple(ComparisonRow(words=words, held=tuple(id in one for one in promised)) for id, words in seen.items())


def _card(plan: PlanView, *, is_chosen: bool, is_held: bool) -> PlanCard:
    return PlanCard(
        slug=plan.slug,
        name=plan.name,
        fee=plan.price,
        interval=plan.interval_words or "for as long as you like",
        note=plan.summary,
        benefits=tuple(benefit.words for benefit in plan.benefits),
        url=f"/join/{plan.slug}",
        is_chosen=is_chosen,
        is_held=is_held,
        is_free=plan.is_free,
    )


def _per_year(plan: PlanView) -> int:
    """What a year costs, in minor units, rounded; for comparing only."""
    times = {"week": 52, "month": 12, "year": 1}.get(plan.interval, 1)
    return plan.price.amount * times // plan.interval_count
