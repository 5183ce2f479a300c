"""Subscriptions follow Stripe's mirror, and memberships follow subscriptions. Whatever the order of reports."""

from datetime import datetime
from uuid import UUID

from components.foundation import clock, database, outbox
from components.foundation.refusals import NotFound
from components.memberships.billing import trials
from components.memberships.billing.subscription_state import OVER, Reported, Term, grace_until, term
from components.memberships.entitlements import membership_periods
from components.memberships.facts import (
    CancellationScheduled,
    CancellationWithdrawn,
    PlanChanged,
    RenewalFailed,
    RenewalRecovered,
    SubscriptionEnded,
)
from components.memberships.grants import seats
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Membership, PaidPeriod, PlanVersion, Subscription
from components.payments import plan_prices, running_subscriptions
from components.payments.tables import MirroredSubscription
from components.payments.values import PriceRef

_NEVER_COMPLETED = "incomplete_expired"


async def by_id(subscription_id: UUID) -> Subscription:
    """Raises `NotFound`."""
    found = await Subscription.objects().where(Subscription.id == subscription_id).first()
    if found is None:
        raise NotFound("We couldn’t find this subscription.")
    return found


async def running(person_id: UUID) -> Subscription | None:
    """The one subscription this person pays for, if any; one whose page is still open does not count."""
    is_running = Subscription.status.not_in([*OVER, "pending", "incomplete"])
    return await Subscription.objects().where((Subscription.payer == person_id) & is_running).first()


async def running_by_id(subscription_id: UUID) -> Subscription | None:
    """None once it is over, and for one whose first payment never came."""
    found = await Subscription.objects().where(Subscription.id == subscription_id).first()
    return found if found is not None and found.started_at and found.status not in OVER else None


async def latest(person_id: UUID) -> Subscription | None:
    """The running one, else the one that ran last; those that never began do not count."""
    has_begun = Subscription.started_at.is_not_null()
    return (
        await Subscription.objects()
        .where((Subscription.payer == person_id) & has_begun)
        .order_by(Subscription.started_at, ascending=False)
        .first()
    )


async def price_of(plan: PlanView) -> PriceRef:
    """What Stripe knows the plan's price by; made there when it is needed for the first time."""
    return await plan_prices.price_for(
        plan.version_id,
        amount=plan.price.amount,
        currency=plan.price.currency,
        interval=plan.interval,
        count=plan.interval_count,
        name=plan.name,
    )


async def apply(subscription_id: UUID) -> None:
    """Apply Stripe's last report, and start or end the membership accordingly. May run any number of times."""
    async with database.transaction():
        kept = await database.locked(Subscription, Subscription.id == subscription_id)
        seen = await running_subscriptions.mirrored(subscription_id)
        if kept is None or seen is None:
            return
        before = (kept.status, kept.cancel_at)
        is_changed = await _take_version(kept, seen)
        await _take_over(kept, seen)
        await _hold(kept)
        await seats.apply(kept.id)
        await _announce(kept, *before)
        if is_changed and kept.started_at:
            await outbox.announce(PlanChanged(kept.id))


async def _take_version(kept: Subscription, seen: MirroredSubscription) -> bool:
    """The plan is the one whose price is billed. Returns whether that has changed."""
    version = await plan_prices.version_of(seen.price)
    if version is None or version == kept.plan_version:
        return False
    await kept.update_self({Subscription.plan_version: version})
    return True


async def _take_over(kept: Subscription, seen: MirroredSubscription) -> None:
    before = kept.status
    kept.status = "lapsed" if seen.status == _NEVER_COMPLETED else seen.status
    kept.current_period_start, kept.current_period_end = seen.current_period_start, seen.current_period_end
    kept.cancel_at, kept.ended_at = seen.cancel_at, seen.ended_at
    if kept.status not in ("incomplete", "lapsed"):
        kept.started_at = kept.started_at or seen.started_at
    kept.past_due_since = await _stopped_since(kept, before)
    columns = (Subscription.status, Subscription.started_at, Subscription.current_period_start, Subscription.cancel_at)
    rest = (Subscription.current_period_end, Subscription.ended_at, Subscription.past_due_since)
    await kept.save(columns=[*columns, *rest])


async def _stopped_since(kept: Subscription, before: str) -> datetime | None:
    """The start of the first period that is unpaid, unless it has been paid since; or when a pause was first seen."""
    if kept.status == "paused":
        return kept.past_due_since or clock.now()
    if kept.status not in ("past_due", "unpaid"):
        return None
    if kept.past_due_since and before != "paused" and not await _was_paid(kept):
        return kept.past_due_since
    return kept.current_period_start or clock.now()


async def _was_paid(kept: Subscription) -> bool:
    since = PaidPeriod.starts_at >= kept.past_due_since
    return await PaidPeriod.exists().where((PaidPeriod.subscription == kept.id) & since)


async def _hold(kept: Subscription) -> None:
    wanted = term(_reported(kept))
    current = await membership_periods.latest_from(kept.id)
    now = clock.now()
    if wanted is None or (kept.status == "trialing" and not await trials.is_admitted(kept.id)):
        return
    if current is not None and (current.ends_at is None or current.ends_at > now):
        current = await _on_its_plan(kept, current)
    is_over = current is not None and current.ends_at is not None and current.ends_at <= now
    if current is not None and not is_over:
        await membership_periods.move_end(current, wanted.ends_at)
    elif wanted.ends_at is None or wanted.ends_at > now or current is None:
        await _begin(kept, wanted if current is None else Term(now, wanted.ends_at))


async def _on_its_plan(kept: Subscription, current: Membership) -> Membership:
    """A membership of another plan ends now, and one of the plan that is billed begins."""
    version = await PlanVersion.objects().get(PlanVersion.id == kept.plan_version)
    assert version is not None
    if version.plan == current.plan:
        return current
    until = current.ends_at
    await membership_periods.move_end(current, clock.now())
    return await membership_periods.start(
        kept.payer, plan_id=version.plan, source="subscription", source_id=kept.id, starts_at=clock.now(), ends_at=until
    )


async def _begin(kept: Subscription, wanted: Term) -> None:
    """From now on, when it can first be used; a time that had passed before it was reported is kept as reported."""
    if wanted.ends_at is not None and wanted.ends_at <= wanted.starts_at:
        return
    has_passed = wanted.ends_at is not None and wanted.ends_at <= clock.now()
    version = await PlanVersion.objects().get(PlanVersion.id == kept.plan_version)
    assert version is not None
    await membership_periods.start(
        kept.payer,
        plan_id=version.plan,
        source="subscription",
        source_id=kept.id,
        starts_at=wanted.starts_at if has_passed else clock.now(),
        ends_at=wanted.ends_at,
    )


def _reported(kept: Subscription) -> Reported:
    return Reported(kept.status, kept.started_at or clock.now(), kept.past_due_since, kept.cancel_at, kept.ended_at)


async def _announce(kept: Subscription, status: str, cancel_at: object) -> None:
    if kept.status == "past_due" and status != "past_due" and kept.past_due_since:
        await outbox.announce(RenewalFailed(kept.id, grace_until(kept.past_due_since)))
    if kept.status == "active" and status in ("past_due", "unpaid"):
        await outbox.announce(RenewalRecovered(kept.id))
    if kept.status in OVER:
        if kept.started_at and status not in OVER:
            await outbox.announce(SubscriptionEnded(kept.id, owed=status in ("past_due", "unpaid")))
        return
    if kept.cancel_at and not cancel_at:
        await outbox.announce(CancellationScheduled(kept.id, kept.cancel_at))
    if cancel_at and not kept.cancel_at:
        await outbox.announce(CancellationWithdrawn(kept.id))
