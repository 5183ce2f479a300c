"""A pause: no charge and no benefits until a date the member chooses, or until they resume earlier."""

from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database, ids
from components.foundation.refusals import Refusal
from components.memberships.billing import subscriptions
from components.memberships.tables import Pause, Subscription
from components.payments import subscription_changes
from components.payments.payment_refusals import NoSubscription, OutcomeUnknown

LONGEST = timedelta(days=190)
CHOICES = ((30, "1 month"), (61, "2 months"), (91, "3 months"), (183, "6 months"))


class PauseTooLong(Refusal):
    message = "A pause can last up to six months."


class CannotPause(Refusal):
    message = "Only an active, paid-up membership can be paused."
    status = 409


class NotPaused(Refusal):
    message = "Your membership isn’t paused."
    status = 409


async def start(subscription_id: UUID, *, until: datetime) -> Pause:
    """From now until then. The unused time is credited to the next charge. Raises `PauseTooLong`, `CannotPause`."""
    now = clock.now()
    if not now + timedelta(hours=1) < until <= now + LONGEST:
        raise PauseTooLong
    pause = await _noted(subscription_id, until)
    try:
        await subscription_changes.pause(subscription_id, key=f"pause:{pause.id}")
    except OutcomeUnknown:
        raise
    except Refusal as refusal:
        await _close(pause.id)
        raise CannotPause from refusal
    await subscriptions.apply(subscription_id)
    return pause


async def end(subscription_id: UUID) -> Subscription:
    """Resume: a new period starts and is charged, less what was credited. Raises `NotPaused`."""
    kept = await subscriptions.by_id(subscription_id)
    if kept.status != "paused":
        raise NotPaused
    try:
        await subscription_changes.resume(subscription_id)
    except NoSubscription:
        raise NotPaused from None
    await _close_of(subscription_id)
    await subscriptions.apply(subscription_id)
    return await subscriptions.by_id(subscription_id)


async def current(subscription_id: UUID) -> Pause | None:
    return await Pause.objects().where((Pause.subscription == subscription_id) & Pause.ended_at.is_null()).first()


async def end_due() -> None:
    """Scheduled: ends the pauses that are due."""
    is_due = Pause.ended_at.is_null() & (Pause.until_at <= clock.now())
    for pause in await Pause.objects().where(is_due).order_by(Pause.until_at):
        try:
            await end(pause.subscription)
        except NotPaused:
            await _close(pause.id)


async def _noted(subscription_id: UUID, until: datetime) -> Pause:
    async with database.transaction():
        kept = await database.locked(Subscription, Subscription.id == subscription_id)
        known = await current(subscription_id)
        if kept is not None and known is not None:
            return known
        if kept is None or kept.status != "active" or kept.cancel_at:
            raise CannotPause
        now = clock.now()
        pause = Pause(id=ids.new(), subscription=subscription_id, from_at=now, until_at=until, begun_at=now)
        await Pause.insert(pause)
    return pause


async def _close(pause_id: UUID) -> None:
    await Pause.update({Pause.ended_at: clock.now()}).where((Pause.id == pause_id) & Pause.ended_at.is_null())


async def _close_of(subscription_id: UUID) -> None:
    is_its = Pause.subscription == subscription_id
    await Pause.update({Pause.ended_at: clock.now()}).where(is_its & Pause.ended_at.is_null())
