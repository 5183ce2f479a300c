"""What the clock does to pauses: their dates come, and what Stripe has not confirmed is asked for again."""

import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from components.foundation import clock
from components.foundation.refusals import Refusal
from components.memberships.billing import pause_periods, pauses, subscriptions
from components.memberships.tables import Pause
from components.payments import running_subscriptions
from components.payments.payment_refusals import OutcomeUnknown, StripeUnavailable

SENT_AGAIN_FOR = timedelta(hours=23)
"""How long Stripe remembers the key of a request, so that the same request again is the same change."""


async def end_due() -> None:
    """Scheduled: begins and ends the pauses whose dates have come, and settles those that Stripe has not confirmed."""
    now = clock.now()
    is_open = Pause.ended_at.is_null()
    unsettled = Pause.paid_left.is_not_null() & (Pause.arranged_at.is_null() | Pause.returning_at.is_not_null())
    for pause in await Pause.objects().where(is_open & unsettled).order_by(Pause.from_at):
        await _settle(pause)
    begins = Pause.begun_at.is_null() & (Pause.from_at <= now)
    for pause in await Pause.objects().where(is_open & (begins | (Pause.until_at <= now))).order_by(Pause.until_at):
        await _follow_dates(pause)


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
    """Ask Stripe what became of it; what was not done is sent again under the same key while Stripe remembers it."""
    try:
        await running_subscriptions.sync(pause.subscription)
        await subscriptions.apply(pause.subscription)
        kept = await pause_periods.current(pause.subscription)
        if kept is None or kept.id != pause.id:
            return
        if kept.returning_at:
            await _return_again(kept)
        elif not kept.arranged_at:
            await _arrange_again(kept)
        await subscriptions.apply(pause.subscription)
    except (OutcomeUnknown, StripeUnavailable):
        return
    except Refusal:
        await _give_up(pause)


async def _arrange_again(pause: Pause) -> None:
    """Nothing was changed at Stripe, as was just read there."""
    if pause.asked_at and pause.asked_at + SENT_AGAIN_FOR > clock.now():
        await pauses.arrange(pause)
    else:
        await pauses.close(pause)


async def _return_again(pause: Pause) -> None:
    if pause.returning_at and pause.returning_at + SENT_AGAIN_FOR > clock.now():
        await pauses.bring_back(pause)
    else:
        await Pause.update({Pause.returning_at: None}).where(Pause.id == pause.id)


async def _give_up(pause: Pause) -> None:
    """Stripe has said no: a pause that was never arranged is dropped, a return is left to the member."""
    if not pause.arranged_at:
        await pauses.close(pause)
    else:
        await Pause.update({Pause.returning_at: None}).where(Pause.id == pause.id)
