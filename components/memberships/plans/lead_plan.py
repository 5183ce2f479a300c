"""What membership would give whoever makes this request: the shop's lead plan, as a price context, an access and a
delivery benefit."""

from datetime import datetime
from functools import lru_cache

from components.catalog.visibility import Access
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
        first = next((one for one in plans if one.is_offered and not one.is_free), None)
        _Known.plans, _Known.plan = plans, first
        _Known.context = context_of(first.all_effects) if first else PriceContext.GUEST
        _Known.access = access_of(first.all_effects) if first else Access.NONE
    return _Known


def current_plan(at: datetime | None = None) -> PlanView | None:
    """The first offered plan that costs something; None when there is nothing to join."""
    plan = _known(at).plan
    return plan_catalogue.offered(plan, plan_offers.current()) if plan else None


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
