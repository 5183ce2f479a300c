"""The plans that somebody can join together with an order."""

from components.checkout.basket.priced_basket import Shopper
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView


def offered(shopper: Shopper) -> tuple[PlanView, ...]:
    """Those that are paid for, by the period or once; none for a member, on hold or not."""
    if shopper.standing.has_membership:
        return ()
    return tuple(plan for plan in plan_catalogue.active_plans(shopper.at) if not plan.is_free)
