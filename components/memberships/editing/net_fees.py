"""Fees that were typed without tax keep what was typed when the plan's tax category becomes another one."""

from uuid import UUID

from components.memberships.editing import plans
from components.memberships.plans import plan_fees
from components.memberships.plans.plan_catalogue import PlanView


async def follow_category(before: PlanView, category: str, *, by: UUID | None) -> bool:
    """After the terms were set: new members pay the same price with the other tax on top. Whether that is another fee.

    Current members keep theirs, as after any new price.
    """
    if category == before.tax_category or before.is_free or not plan_fees.are_typed_without_tax():
        return False
    fee = plan_fees.charged(plan_fees.typed(before.price.amount, before.tax_category), category)
    if fee == before.price.amount:
        return False
    await plans.revise(before.id, price=fee, by=by)
    return True
