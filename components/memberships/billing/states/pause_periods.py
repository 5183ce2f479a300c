"""The rows of pauses, and what follows from them at an instant.

A pause moves the renewal: the paid time that is left when it begins is there again when the member comes back. Stripe
is told once, when the pause is asked for; its beginning and its end are dates of these rows.
"""

from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database, outbox
from components.memberships.facts import PauseDropped, PauseEndedEarly, PausePlanned
from components.memberships.tables import Pause
from components.payments import running_subscriptions
from components.payments.tables import MirroredSubscription

_IS_PAID_TIME = """
SELECT EXISTS (SELECT FROM paid_period WHERE subscription = $1)
  OR EXISTS (SELECT FROM pause WHERE subscription = $1 AND paid_left IS NOT NULL)
  OR EXISTS (SELECT FROM subscription WHERE id = $1 AND late_by > 0)
"""

_IN_ORDER = ("active", "trialing")


async def is_paid_time(subscription_id: UUID) -> bool:
    """Whether what Stripe calls a trial is time that has been paid for, whose renewal was moved."""
    return bool(await database.fetch_value(_IS_PAID_TIME, subscription_id))


async def is_renewal_moved(subscription_id: UUID) -> bool:
    """Whether a pause, planned, under way or over, has moved the renewal that is to come."""
    seen = await running_subscriptions.mirrored(subscription_id)
    return seen is not None and seen.status == "trialing" and await is_paid_time(subscription_id)


async def by_id(pause_id: UUID) -> Pause | None:
    return await Pause.objects().where(Pause.id == pause_id).first()


async def current(subscription_id: UUID) -> Pause | None:
    """The pause that is planned or under way."""
    return await Pause.objects().where((Pause.subscription == subscription_id) & Pause.ended_at.is_null()).first()


def is_credited(pause: Pause) -> bool:
    """One of former days: Stripe pauses the subscription and credits its unused time."""
    return pause.paid_left is None


def is_arranged(pause: Pause | None) -> bool:
    """Whether Stripe has confirmed it. One that has not been confirmed has no effect yet."""
    return pause is not None and (bool(pause.arranged_at) or is_credited(pause))


def is_under_way(pause: Pause | None, at: datetime) -> bool:
    if pause is None or not is_arranged(pause):
        return False
    return clock.holds(pause.from_at, pause.until_at, at)


def renewal(pause: Pause, *, back_at: datetime) -> datetime:
    """When the next charge comes if the member is back at that instant."""
    return max(back_at, pause.from_at) + paid_time_left(pause)


def paid_time_left(pause: Pause) -> timedelta:
    return timedelta(seconds=pause.paid_left or 0)


async def settle(pause: Pause | None, seen: MirroredSubscription) -> Pause | None:
    """What Stripe's report says about a pause whose arrangement, or whose end, was not confirmed yet.

    None when it is over.
    """
    if pause is None:
        return None
    now = clock.now()
    if is_credited(pause):
        if seen.status == "paused":
            return pause
        await Pause.update({Pause.ended_at: now}).where(Pause.id == pause.id)
        return None
    was_arranged = bool(pause.arranged_at)
    if not pause.arranged_at and seen.status == "trialing" and seen.trial_end == renewal_planned(pause):
        pause.arranged_at = now
    if seen.is_over or _is_back(pause, seen) or (pause.arranged_at and now >= pause.until_at):
        pause.ended_at = min(now, pause.until_at) if pause.from_at < now else now
    await pause.save(columns=[Pause.arranged_at, Pause.ended_at])
    await _announce(pause, seen, was_arranged=was_arranged)
    return None if pause.ended_at else pause


async def _announce(pause: Pause, seen: MirroredSubscription, *, was_arranged: bool) -> None:
    """Of one that is still to come: that it is planned, or that it will not be. Of one under way: that it is over
    before its day."""
    if pause.begun_at or pause.from_at <= clock.now():
        if pause.begun_at and pause.ended_at and pause.ended_at < pause.until_at and seen.status in _IN_ORDER:
            await outbox.announce(PauseEndedEarly(pause.id, pause.subscription))
        return
    if pause.ended_at and was_arranged:
        await outbox.announce(PauseDropped(pause.id, pause.subscription))
    elif pause.arranged_at and not pause.ended_at and not was_arranged:
        await outbox.announce(PausePlanned(pause.id, pause.subscription))


def renewal_planned(pause: Pause) -> datetime:
    return renewal(pause, back_at=pause.until_at)


def _is_back(pause: Pause, seen: MirroredSubscription) -> bool:
    if pause.arranged_at and seen.status != "trialing":
        return True
    return bool(pause.returning_at) and seen.trial_end == renewal(pause, back_at=pause.returning_at)
