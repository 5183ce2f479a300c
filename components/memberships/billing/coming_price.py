"""What the next period of a subscription will be charged at: the plan and price that its renewal will bill.

A plan change that the member has planned comes before a price change that the shop has announced: the announced one
is for the plan they leave. When the planned change is withdrawn, the announced price applies again.
"""

from uuid import UUID

from components.foundation import database
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import PlanChange, Subscription


async def of_renewal(kept: Subscription) -> PlanView:
    """The plan at the price that the renewal at the end of the current period will charge."""
    planned = await planned_change(kept.id)
    if planned is not None and _is_by_then(planned, kept):
        return plan_catalogue.by_version(planned.to_version)
    version: UUID | None = await database.fetch_value(_ANNOUNCED, kept.id, kept.current_period_end)
    return plan_catalogue.by_version(version or kept.plan_version)


async def planned_change(subscription_id: UUID) -> PlanChange | None:
    """The change that waits for the next period."""
    is_open = PlanChange.applied_at.is_null() & PlanChange.dropped_at.is_null()
    waits = is_open & (PlanChange.is_now == False)  # noqa: E712
    return await PlanChange.objects().where(waits & (PlanChange.subscription == subscription_id)).first()


def _is_by_then(planned: PlanChange, kept: Subscription) -> bool:
    return kept.current_period_end is not None and planned.due_at <= kept.current_period_end


# Only for the plan that is held: a member who has changed plan since keeps the price they changed to.
_ANNOUNCED = """
SELECT g.to_version FROM price_move m JOIN price_migration g ON g.id = m.migration
JOIN subscription s ON s.id = m.subscription JOIN plan_version v ON v.id = s.plan_version
WHERE m.subscription = $1 AND m.moved_at IS NULL AND g.stopped_at IS NULL AND m.renews_at <= $2 AND v.plan = g.plan
ORDER BY m.told_at DESC LIMIT 1
"""
