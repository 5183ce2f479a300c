"""What the next period of a subscription will be charged at: the plan and price that its renewal will bill.

A plan change that the member has planned comes before a price change that the shop has announced: the announced one
is for the plan they leave. When the planned change is withdrawn, the announced price applies again.

Stripe is told of either up to a day before the renewal. Until the renewal's period begins nothing has changed here: the
subscription keeps the version that was paid for, and the one that Stripe would bill is the coming one.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import structlog

from components.foundation import clock, database
from components.memberships.billing.states import pause_periods
from components.memberships.discounts import fee_discounts
from components.memberships.plans import plan_catalogue, reverse_charges
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import PlanChange, Subscription
from components.payments import plan_prices, running_subscriptions
from components.payments.tables import MirroredSubscription

log = structlog.get_logger()


async def of_renewal(kept: Subscription) -> PlanView:
    """The plan at the price that the renewal at the end of the current period will charge: with its tax or without, as
    the payer's VAT number is now."""
    planned = await planned_change(kept.id)
    version = planned.to_version if planned is not None else await arranged_version(kept)
    if version is None:
        version = await database.fetch_value(_ANNOUNCED, kept.id, kept.current_period_end)
    return await payable(kept, plan_catalogue.by_version(version or kept.plan_version))


async def payable(kept: Subscription, plan: PlanView) -> PlanView:
    """The plan at what the payer pays for it from a renewal on: with its tax or without. It keeps its tax where the
    discount of the membership would leave nothing without it: a discount never makes a fee free."""
    theirs = await reverse_charges.plan_for(plan, kept.payer)
    if not theirs.is_net or await leaves_something(kept, theirs):
        return theirs
    log.warning("a fee keeps its tax: its discount would leave nothing without it", subscription=str(kept.id))
    return await reverse_charges.price_for(theirs, None)


async def leaves_something(kept: Subscription, plan: PlanView) -> bool:
    """Whether something of the plan's fee is left to pay with the discount that the membership has."""
    found = await fee_discounts.open_discount(kept.id)
    return plan.is_free or found is None or found.terms.left(plan.price).amount > 0


async def planned_change(subscription_id: UUID) -> PlanChange | None:
    """The change that waits for the next period, whether or not Stripe has been told of it already."""
    is_its = (PlanChange.subscription == subscription_id) & PlanChange.dropped_at.is_null()
    waits = is_its & (PlanChange.is_now == False)  # noqa: E712
    found = await PlanChange.objects().where(waits).order_by(PlanChange.asked_at, ascending=False).first()
    return found if found is not None and (not found.applied_at or await is_arranged(found)) else None


async def change_by_id(change_id: UUID) -> PlanChange | None:
    return await PlanChange.objects().where(PlanChange.id == change_id).first()


async def is_arranged(change: PlanChange) -> bool:
    """Whether Stripe has been told of it, and its period has not begun."""
    kept = await Subscription.objects().where(Subscription.id == change.subscription).first()
    arranged = await arranged_version(kept) if kept is not None else None
    return arranged is not None and reverse_charges.is_same_price(arranged, change.to_version)


async def arranged_version(kept: Subscription) -> UUID | None:
    """What Stripe will bill from the renewal on, while it is not what is held now."""
    seen = await running_subscriptions.mirrored(kept.id)
    version = await plan_prices.version_of(seen.price) if seen is not None and not seen.is_over else None
    return version if version != kept.plan_version else None


async def is_early(kept: Subscription, version: UUID, seen: MirroredSubscription) -> bool:
    """Whether Stripe bills this version for a period that has not begun yet: it was told ahead of the renewal.

    While a pause has moved the renewal, no period has begun that is to be paid for. A plan whose periods have another
    length starts one at Stripe as soon as Stripe is told, within the last hour: it counts from the day that was named.
    What is over before that day never came to it.
    The same price without its tax, or with it again, is told for the period that follows the one under way.
    """
    if kept.current_period_start and reverse_charges.is_same_price(kept.plan_version, version):
        return bool(seen.current_period_start and seen.current_period_start <= kept.current_period_start)
    told = await database.fetch_one_as(_Told, _TOLD, kept.id, version)
    if told is None:
        return False
    if seen.is_over and not told.keeps_length:
        return seen.ended_at is None or seen.ended_at <= told.due_at
    if seen.status == "trialing" and await pause_periods.is_paid_time(kept.id):
        return True
    if not told.keeps_length:
        return clock.now() < told.due_at
    return seen.current_period_start is None or seen.current_period_start < min(told.due_at, told.told_at)


class _Told(NamedTuple):
    told_at: datetime
    due_at: datetime
    keeps_length: bool


# One that Stripe knows of before our row does (a lost answer) counts from its date. With its tax or without, it is the
# same that was told.
_TOLD = """
WITH same AS (
  SELECT one.id FROM plan_version one JOIN plan_version it ON coalesce(one.net_of, one.id) = coalesce(it.net_of, it.id)
  WHERE it.id = $2)
SELECT told_at, due_at, keeps_length FROM (
  SELECT coalesce(applied_at, due_at) AS told_at, due_at, keeps_length FROM plan_change
  WHERE subscription = $1 AND to_version IN (SELECT id FROM same) AND NOT is_now AND dropped_at IS NULL
  UNION ALL SELECT coalesce(m.moved_at, m.renews_at), coalesce(m.moved_at, m.renews_at), true
  FROM price_move m JOIN price_migration g ON g.id = m.migration
  WHERE m.subscription = $1 AND g.to_version IN (SELECT id FROM same)) told
ORDER BY told_at DESC LIMIT 1
"""


# Only for the plan that is held: a member who has changed plan since keeps the price they changed to.
_ANNOUNCED = """
SELECT g.to_version FROM price_move m JOIN price_migration g ON g.id = m.migration
JOIN subscription s ON s.id = m.subscription JOIN plan_version v ON v.id = s.plan_version
WHERE m.subscription = $1 AND m.moved_at IS NULL AND g.stopped_at IS NULL AND m.renews_at <= $2 AND v.plan = g.plan
ORDER BY m.told_at DESC LIMIT 1
"""
