"""What the clock does to pauses: their dates come, and what Stripe has not confirmed is asked for again."""

import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from components.foundation import clock
from components.foundation.operations import one_by_one
from components.foundation.refusals import Refusal
from components.memberships.billing import pauses, subscriptions
from components.memberships.billing.states import pause_periods
from components.memberships.tables import Pause
from components.payments.billing_requests import billing_requests
from components.payments.payment_refusals import is_silence

SENT_BY_THEN = timedelta(minutes=5)
"""A pause or a return that was asked for is sent to Stripe at once, unless this process ended in between."""


async def end_due() -> None:
    """Scheduled: begins and ends the pauses whose dates have come, and settles those that Stripe has not confirmed."""
    await one_by_one.steps(_settle_all, _follow_all, what="part of the pauses", unless=is_silence)


async def _settle_all() -> None:
    unsettled = Pause.paid_left.is_not_null() & (Pause.arranged_at.is_null() | Pause.returning_at.is_not_null())
    found = await Pause.objects().where(Pause.ended_at.is_null() & unsettled).order_by(Pause.from_at)
    await one_by_one.each(found, _settle, what="pause", unless=is_silence)


async def _follow_all() -> None:
    now = clock.now()
    is_due = (Pause.begun_at.is_null() & (Pause.from_at <= now)) | (Pause.until_at <= now)
    due = await Pause.objects().where(Pause.ended_at.is_null() & is_due).order_by(Pause.until_at)
    await one_by_one.each(due, _follow_dates, what="pause", unless=is_silence)


async def ending(*, from_at: datetime, until_at: datetime) -> Sequence[Pause]:
    """The pauses under way that end in this period."""
    is_under_way = Pause.begun_at.is_not_null() & Pause.ended_at.is_null() & Pause.arranged_at.is_not_null()
    ends = (Pause.until_at >= from_at) & (Pause.until_at < until_at)
    return await Pause.objects().where(is_under_way & ends).order_by(Pause.until_at)


async def _follow_dates(pause: Pause) -> None:
    if not pause_periods.is_credited(pause):
        await subscriptions.apply(pause.subscription)
        return
    kept = await subscriptions.by_id(pause.subscription)
    if kept.status == "paused" and not kept.cancel_at:
        with contextlib.suppress(Refusal):  # asked again at the next turn
            await pauses.resume_credited(pause.subscription)
        await subscriptions.apply(pause.subscription)
    elif kept.status != "paused":
        await pauses.close(pause)


async def _settle(pause: Pause) -> None:
    """Stripe's answer is mirrored by whoever asks; a request that no longer waits for one has come to nothing."""
    await subscriptions.apply(pause.subscription)
    kept = await pause_periods.current(pause.subscription)
    if kept is None or kept.id != pause.id or await billing_requests.unsettled(pause.subscription):
        return
    if kept.returning_at:
        if kept.returning_at + SENT_BY_THEN < clock.now():
            await pauses.forget_return(kept)
    elif not kept.arranged_at and kept.asked_at and kept.asked_at + SENT_BY_THEN < clock.now():
        await pauses.close(kept)
