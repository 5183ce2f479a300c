"""The plans that somebody can join together with an order."""

from components.checkout.basket.priced_basket import Shopper
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.promises import open_plans


async def offered(shopper: Shopper) -> tuple[PlanView, ...]:
    """Those that are paid for, by the period or once, and have a place for them; none for a member, on hold or not."""
    return await open_plans.of(_sold(shopper), shopper.person_id)


async def full(shopper: Shopper) -> tuple[PlanView, ...]:
    """Those that would be offered if there were a place."""
    free = await offered(shopper)
    return tuple(plan for plan in _sold(shopper) if plan not in free)


def _sold(shopper: Shopper) -> list[PlanView]:
    if shopper.standing.has_membership:
        return []
    return [plan for plan in plan_catalogue.active_plans(shopper.at) if not plan.is_free]
