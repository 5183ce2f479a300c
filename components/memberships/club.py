"""What membership would give: the plan the shop puts first, as a price context, an access and a delivery benefit."""

from datetime import datetime

from components.catalog.visibility import Access
from components.memberships import offers
from components.memberships.offers import PlanView
from components.memberships.standing import access_of, best_delivery, context_of
from components.pricing import DeliveryBenefit, PriceContext


def plan(at: datetime | None = None) -> PlanView | None:
    """The first offered plan that costs something; None when there is nothing to join."""
    return next((one for one in offers.offered(at) if not one.is_free), None)


def context(at: datetime | None = None) -> PriceContext:
    chosen = plan(at)
    return context_of(chosen.shares) if chosen else PriceContext.GUEST


def access(at: datetime | None = None) -> Access:
    chosen = plan(at)
    return access_of(chosen.shares) if chosen else Access.NONE


def free_delivery(at: datetime | None = None) -> DeliveryBenefit | None:
    chosen = plan(at)
    return best_delivery(chosen.shares) if chosen else None
