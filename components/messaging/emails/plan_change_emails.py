"""E-mails about a change of plan that waits for the next period: planned, and withdrawn again."""

from components.foundation import clock, formatting
from components.memberships.billing import coming_price, plan_changes, subscriptions
from components.memberships.discounts import fee_discounts
from components.memberships.entitlements import membership_periods
from components.memberships.facts import PlanChangeDropped, PlanChangePlanned
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Subscription
from components.messaging import email_outbox
from components.messaging.emails import member_recipients


async def planned(fact: PlanChangePlanned) -> None:
    """What changes, on which day, and what it costs from then. Not of one that was dropped or made meanwhile."""
    found, change = await subscriptions.by_id(fact.subscription_id), await coming_price.change_by_id(fact.change_id)
    if change is None or change.dropped_at or change.due_at <= clock.now() or found.cancel_at or found.ended_at:
        return
    before = await membership_periods.plan_held(found.id, found.plan_version)
    after = plan_catalogue.by_version(change.to_version)
    kept = {benefit.id for benefit in after.benefits}
    async with member_recipients.to(found.payer) as send:
        await send(
            key=_key(fact),
            template="plan_change_planned",
            subject=f"Your plan changes to {after.name} on {formatting.day(change.due_at)}",
            plan_name=before.name,
            new_plan=after.name,
            price_words=await fee_discounts.coming_words(found.id, after.price, after.price_words),
            begins=change.due_at,
            in_trial=_is_trial(found),
            lost=tuple(benefit.name for benefit in before.benefits if benefit.id not in kept),
        )


async def dropped(fact: PlanChangeDropped) -> None:
    """Of one that they were told about; whoever has cancelled gets the receipt of that instead."""
    found, change = await subscriptions.by_id(fact.subscription_id), await coming_price.change_by_id(fact.change_id)
    if change is None or await email_outbox.was_sent(_key(fact)) is None or found.cancel_at or found.ended_at:
        return
    if await coming_price.planned_change(found.id) is not None:
        return
    plan = await _renewed(found)
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"plan-change-dropped:{fact.change_id}",
            template="plan_change_dropped",
            subject=f"You’re staying on {plan.name}",
            plan_name=plan.name,
            new_plan=plan_catalogue.by_version(change.to_version).name,
            price_words=await fee_discounts.coming_words(found.id, plan.price, plan.price_words),
            begins=change.due_at,
            renews_at=found.current_period_end,
            in_trial=_is_trial(found),
        )


def _is_trial(found: Subscription) -> bool:
    return found.status == plan_changes.IN_A_TRIAL


async def _renewed(found: Subscription) -> PlanView:
    """The plan they hold, at the price that its renewal will charge."""
    held, coming = plan_catalogue.by_version(found.plan_version), await coming_price.of_renewal(found)
    return coming if coming.id == held.id else held


def _key(fact: PlanChangePlanned | PlanChangeDropped) -> str:
    return f"plan-change-planned:{fact.change_id}"
