"""Which plans somebody can still begin: not those whose places are all taken, unless one is theirs or held for them."""

from collections.abc import Iterable
from uuid import UUID

from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.promises import plan_places


async def of(plans: Iterable[PlanView], person_id: UUID | None) -> tuple[PlanView, ...]:
    """Those that may be begun now; without a person, by anybody."""
    return tuple([plan for plan in plans if not await is_full(plan.id, person_id)])


async def is_full(plan_id: UUID, person_id: UUID | None) -> bool:
    found = await plan_places.of_plan(plan_id)
    if found is None or found.free > 0:
        return False
    return person_id is None or not await plan_places.holds(plan_id, person_id)
