"""Subscriptions follow Stripe's mirror, and memberships follow subscriptions. Whatever the order of reports."""

from datetime import datetime
from uuid import UUID

from components.foundation import clock, database, ids, outbox
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound
from components.memberships.billing import coming_price, trials
from components.memberships.billing.states import late_first_payments, pause_periods
from components.memberships.billing.subscription_state import OVER, Reported, Term, grace_until, term
from components.memberships.entitlements import membership_periods
from components.memberships.facts import (
    CancellationScheduled,
    CancellationWithdrawn,
    PauseBegan,
    PlanChanged,
    RenewalFailed,
    RenewalRecovered,
    SubscriptionEnded,
)
from components.memberships.grants import seat_sync
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Membership, PaidPeriod, Pause, PlanVersion, Subscription
from components.payments import plan_prices, running_subscriptions
from components.payments.billing_requests import billing_requests
from components.payments.invoicing import first_payments
from components.payments.tables import MirroredSubscription
from components.payments.values import PriceRef

_NEVER_COMPLETED = "incomplete_expired"
_AFTER_PAYMENT = ("active", "past_due", "unpaid", "cancelled")


SHOWN = ("status", "plan_version", "cancel_at", "current_period_end", "past_due_since", "ended_at")


async def by_id(subscription_id: UUID) -> Subscription:
    """Raises `NotFound`."""
    found = await Subscription.objects().where(Subscription.id == subscription_id).first()
    if found is None:
        raise NotFound(_("We couldn’t find this subscription."))
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
    return next(iter(await begun(person_id)), None)


async def begun(person_id: UUID) -> list[Subscription]:
    """Every one that ever ran, the latest first."""
    has_begun = Subscription.started_at.is_not_null()
    return (
        await Subscription.objects()
        .where((Subscription.payer == person_id) & has_begun)
        .order_by(Subscription.started_at, Subscription.id, ascending=False)
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
        before, version = (kept.status, kept.cancel_at), kept.plan_version
        is_changed = await _take_version(kept, seen)
        await late_first_payments.notice(kept, seen)
        pause = await pause_periods.settle(await pause_periods.current(kept.id), seen)
        await _take_over(kept, seen, pause)
        await _hold(kept, seen, pause)
        if is_changed and kept.started_at:
            await _plan_changed(kept, version)
        await (seat_sync.close if kept.status in OVER else seat_sync.apply)(kept.id)
        await _begin_pause(kept, pause)
        await _announce(kept, *before)


async def catch_up(subscription_id: UUID) -> bool:
    """Apply an answer of Stripe's that has only just come, before its page is shown. Whether that changed anything."""
    if not await billing_requests.was_settled_lately(subscription_id):
        return False
    before = await by_id(subscription_id)
    await apply(subscription_id)
    after = await by_id(subscription_id)
    return any(before[one] != after[one] for one in SHOWN)


async def _plan_changed(kept: Subscription, before: UUID) -> None:
    is_other = _are_other_plans(before, kept.plan_version)
    if is_other:
        await seat_sync.keep_first(kept.id, plan_catalogue.by_version(kept.plan_version).seats)
    await outbox.announce(PlanChanged(kept.id, clock.now(), is_other))


def _are_other_plans(before: UUID, after: UUID) -> bool:
    return plan_catalogue.by_version(before).slug != plan_catalogue.by_version(after).slug


async def _take_version(kept: Subscription, seen: MirroredSubscription) -> bool:
    """The plan is the one whose price is billed, from the period on that it is billed for. Returns whether that has
    changed."""
    version = await plan_prices.version_of(seen.price)
    if version is None or version == kept.plan_version or await coming_price.is_early(kept, version, seen):
        return False
    await kept.update_self({Subscription.plan_version: version})
    return True


async def _take_over(kept: Subscription, seen: MirroredSubscription, pause: Pause | None) -> None:
    before = kept.status
    kept.status = await _status(kept, seen, pause)
    kept.current_period_start, kept.ended_at = seen.current_period_start, seen.ended_at
    late_first_payments.take_over(kept, seen)
    if kept.status not in ("incomplete", "lapsed"):
        kept.started_at = kept.started_at or seen.started_at
    kept.past_due_since = await _stopped_since(kept, before, pause)
    columns = (Subscription.status, Subscription.started_at, Subscription.current_period_start, Subscription.cancel_at)
    rest = (Subscription.current_period_end, Subscription.ended_at, Subscription.past_due_since)
    await kept.save(columns=[*columns, *rest, Subscription.late_moved_at])


async def _status(kept: Subscription, seen: MirroredSubscription, pause: Pause | None) -> str:
    """Stripe's, except that without a first payment it is incomplete, however long that is on its way, and that time
    paid for is no trial, even while Stripe calls it one to move the renewal."""
    if seen.status == _NEVER_COMPLETED:
        return "lapsed"
    may_be_unpaid = not kept.started_at and seen.status in _AFTER_PAYMENT
    if may_be_unpaid and not await first_payments.has_arrived(kept.id):
        return "lapsed" if seen.status in OVER else "incomplete"
    if seen.status == "trialing" and await pause_periods.is_paid_time(kept.id):
        return "paused" if pause_periods.is_under_way(pause, clock.now()) else "active"
    return str(seen.status)


async def _stopped_since(kept: Subscription, before: str, pause: Pause | None) -> datetime | None:
    """The start of the first period that is unpaid, unless it has been paid since; or the start of a pause."""
    if kept.status == "paused":
        began = pause.from_at if pause is not None and not pause_periods.is_credited(pause) else None
        return began or kept.past_due_since or clock.now()
    if kept.status not in ("past_due", "unpaid"):
        return None
    if kept.past_due_since and before != "paused" and not await _was_paid(kept):
        return kept.past_due_since
    return kept.current_period_start or clock.now()


async def _was_paid(kept: Subscription) -> bool:
    since = PaidPeriod.starts_at >= kept.past_due_since
    return await PaidPeriod.exists().where((PaidPeriod.subscription == kept.id) & since)


async def _hold(kept: Subscription, seen: MirroredSubscription, pause: Pause | None) -> None:
    wanted = term(_reported(kept, pause))
    current = await membership_periods.latest_from(kept.id)
    now = clock.now()
    if wanted is None or await _is_no_members_trial(kept, seen):
        return
    if current is not None and (current.ends_at is None or current.ends_at > now):
        current = await _on_its_plan(kept, current)
    is_over = current is not None and current.ends_at is not None and current.ends_at <= now
    if current is not None and not is_over:
        await membership_periods.move_end(current, wanted.ends_at)
    elif wanted.ends_at is None or wanted.ends_at > now or current is None:
        await _begin(kept, wanted if current is None else Term(now, wanted.ends_at))


async def _is_no_members_trial(kept: Subscription, seen: MirroredSubscription) -> bool:
    """A trial that was not admitted, or was refused, gives no membership: neither while it runs nor afterwards."""
    if kept.status in ("trialing", "cancelled") and seen.trial_end is not None:
        return not (await pause_periods.is_paid_time(kept.id) or await trials.is_admitted(kept.id))
    return await trials.was_refused(kept.id)


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


def _reported(kept: Subscription, pause: Pause | None) -> Reported:
    """A pause that is planned ends the membership at its beginning."""
    rests_from = pause.from_at if pause_periods.is_arranged(pause) and pause else None
    ends = [at for at in (kept.cancel_at, rests_from) if at is not None]
    cancel_at = min(ends, default=None)
    return Reported(kept.status, kept.started_at or clock.now(), kept.past_due_since, cancel_at, kept.ended_at)


async def _begin_pause(kept: Subscription, pause: Pause | None) -> None:
    if pause is None or pause.begun_at or kept.status != "paused":
        return
    await Pause.update({Pause.begun_at: pause.from_at}).where(Pause.id == pause.id)
    await outbox.announce(PauseBegan(pause.id, kept.id))


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
        await outbox.announce(CancellationScheduled(kept.id, kept.cancel_at, ids.new(), clock.now()))
    if cancel_at and not kept.cancel_at:
        await outbox.announce(CancellationWithdrawn(kept.id, ids.new(), clock.now()))
