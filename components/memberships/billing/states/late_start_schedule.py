"""Moves the renewal of whoever's first payment took days, as soon as the benefits have begun."""

from datetime import timedelta
from uuid import UUID

import structlog

from components.foundation import clock
from components.foundation.operations import one_by_one
from components.memberships.billing import plan_confirmations, subscriptions
from components.memberships.billing.states import late_first_payments
from components.memberships.tables import PaidPeriod, Subscription
from components.payments import running_subscriptions
from components.payments.billing_requests import billing_requests, moved_renewals
from components.payments.payment_refusals import NO_ANSWER, NoSubscription, PaymentRefused

RENEWS_SOON = timedelta(minutes=10)
"""A renewal that is about to come is let come first: the next one is moved."""
log = structlog.get_logger()


async def move_due() -> None:
    """Scheduled. What Stripe does not answer, or refuses, is asked again."""
    is_waiting = (Subscription.late_by > 0) & Subscription.late_moved_at.is_null() & (Subscription.status == "active")
    found = await Subscription.objects().where(is_waiting).order_by(Subscription.started_at)
    await one_by_one.each(found, _tried, what="late start")


async def _tried(kept: Subscription) -> None:
    try:
        await move(kept.id)
    except (*NO_ANSWER, NoSubscription):
        return
    except PaymentRefused as refused:
        log.warning("a renewal could not be moved", subscription=str(kept.id), detail=refused.detail)


async def move(subscription_id: UUID) -> None:
    """To the day that our row names, once. Not while a change waits for the bank, nor before what was paid is recorded:
    by that it is known not to be a trial."""
    if await plan_confirmations.awaited(subscription_id) or await billing_requests.unsettled(subscription_id):
        return
    seen = await running_subscriptions.sync(subscription_id)
    await subscriptions.apply(subscription_id)
    kept, now = await subscriptions.by_id(subscription_id), clock.now()
    is_paid = await PaidPeriod.exists().where(PaidPeriod.subscription == subscription_id)
    is_ready = is_paid and kept.status == "active" and late_first_payments.is_unmoved(kept)
    if not is_ready or kept.current_period_end is None or seen.current_period_end is None:
        return
    if seen.current_period_end - now < RENEWS_SOON:
        return
    to = kept.current_period_end
    key = f"late-start:{kept.id}:{int(to.timestamp())}:{now:%Y%m%d}"
    await moved_renewals.move(kept.id, to=to, key=key)
    await subscriptions.apply(kept.id)
