"""The plan that somebody pays for is shown at the price they agreed to, which need not be what everybody is offered."""

from collections.abc import Sequence

from components.memberships.billing import subscriptions
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView


async def as_agreed(plans: Sequence[PlanView], standing: CustomerEntitlements) -> tuple[PlanView, ...]:
    """The same plans; only one that is billed to them has another price."""
    agreed: dict[str, PlanView] = {}
    for held in standing.plans:
        if held.source == "subscription" and held.subscription_id is not None:
            kept = await subscriptions.by_id(held.subscription_id)
            agreed[held.plan_slug] = plan_catalogue.by_version(kept.plan_version)
    return tuple(plan.priced_as(agreed[plan.slug]) if plan.slug in agreed else plan for plan in plans)
