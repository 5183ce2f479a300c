"""What membership would give whoever makes this request: the shop's lead plan, as a price context, an access and a
delivery benefit."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from components.catalog.visibility import Access
from components.foundation import formatting
from components.memberships.benefits.combined_effects import access_of, best_delivery, context_of
from components.memberships.benefits.effects import Effects
from components.memberships.plans import plan_catalogue, plan_offers
from components.memberships.plans.plan_catalogue import PlanView
from components.pricing.delivery_charge import DeliveryBenefit
from components.pricing.price_context import PriceContext


class _Known:
    """What was calculated for the plans as last built."""

    plans: tuple[PlanView, ...] = ()
    plan: PlanView | None = None
    context = PriceContext.GUEST
    access = Access.NONE


def _known(at: datetime | None) -> type[_Known]:
    plans = plan_catalogue.public_plans(at)
    if plans is not _Known.plans:
        first = next(_to_join(at), None)
        _Known.plans, _Known.plan = plans, first
        _Known.context = context_of(first.all_effects) if first else PriceContext.GUEST
        _Known.access = access_of(first.all_effects) if first else Access.NONE
    return _Known


def current_plan(at: datetime | None = None) -> PlanView | None:
    """The first offered plan that costs something; before it the one that an experiment gives more with to who makes
    this request. None when there is nothing to join."""
    plan = _with_more(at) or _known(at).plan
    return plan_catalogue.offered(plan, plan_offers.current()) if plan else None


def _with_more(at: datetime | None) -> PlanView | None:
    given = {one.plan for one in plan_offers.current() if one.variant and one.version_id}
    return next((one for one in _to_join(at) if one.id in given), None) if given else None


def _to_join(at: datetime | None) -> Iterator[PlanView]:
    return (one for one in plan_catalogue.public_plans(at) if one.is_offered and not one.is_free)


def name_at_prices(at: datetime | None = None) -> str:
    """What a member's price is had with, of the plan that is spoken of."""
    plan = current_plan(at)
    return formatting.club_name() if plan is None else name_of(plan, at)


def name_of(plan: PlanView, at: datetime | None = None) -> str:
    """What this plan's price is had with: the club, or the plan, where another has other prices."""
    offers = plan_offers.current()
    every = [_reductions(plan_catalogue.offered(one, offers).all_effects) for one in _to_join(at)]
    return formatting.club_name() if every[1:] == every[:-1] else plan.name


@lru_cache(maxsize=50)
def _reductions(effects: Effects) -> frozenset[tuple[object, ...]]:
    """Of what and by how much, whatever the benefits are called."""
    rules = context_of(effects).rules
    return frozenset((one.scope, one.kind, one.value, one.from_at, one.until_at) for one in rules)


def context(at: datetime | None = None) -> PriceContext:
    known, theirs = _known(at), current_plan(at)
    return known.context if theirs is known.plan or theirs is None else _context(theirs.all_effects)


def access(at: datetime | None = None) -> Access:
    known, theirs = _known(at), current_plan(at)
    return known.access if theirs is known.plan or theirs is None else _access(theirs.all_effects)


@lru_cache(maxsize=50)
def _context(effects: Effects) -> PriceContext:
    return context_of(effects)


@lru_cache(maxsize=50)
def _access(effects: Effects) -> Access:
    return access_of(effects)


def free_delivery(at: datetime | None = None) -> DeliveryBenefit | None:
    chosen = current_plan(at)
    return best_delivery(chosen.all_effects) if chosen else None
