"""Running subscriptions, by our own id of them. Every change is made at Stripe, then mirrored."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from components.payments.mirror import mirrored_subscriptions as mirror
from components.payments.payment_refusals import NoSubscription
from components.payments.stripe_calls import stripe_subscriptions as calls
from components.payments.tables import MirroredSubscription


async def mirrored(local_id: UUID) -> MirroredSubscription | None:
    """As Stripe last told it; the newest, should there have been several."""
    return (
        await MirroredSubscription.objects()
        .where(MirroredSubscription.local_id == local_id)
        .order_by(MirroredSubscription.started_at, ascending=False)
        .first()
    )


async def by_stripe_id(stripe_id: str) -> MirroredSubscription | None:
    return await MirroredSubscription.objects().where(MirroredSubscription.stripe_id == stripe_id).first()


async def cancel_at_period_end(local_id: UUID) -> MirroredSubscription:
    """It runs until what is paid for is used up. Raises `NoSubscription`, `StripeUnavailable`."""
    return await _changed(local_id, calls.cancel_at_period_end)


async def resume(local_id: UUID) -> MirroredSubscription:
    """Take a scheduled end back. Raises `NoSubscription` once it has ended."""
    return await _changed(local_id, calls.keep_running)


async def end_now(local_id: UUID) -> MirroredSubscription:
    """End at once, without giving money back: for erasure and for staff."""
    return await _changed(local_id, calls.cancel_now)


async def sync(local_id: UUID) -> MirroredSubscription:
    """Read it afresh."""
    known = await mirrored(local_id)
    if known is None:
        raise NoSubscription
    await mirror.sync(known.stripe_id)
    return await by_stripe_id(known.stripe_id) or known


async def _changed(
    local_id: UUID, change: Callable[[str], Awaitable[calls.SubscriptionAnswer]]
) -> MirroredSubscription:
    known = await mirrored(local_id)
    if known is None or known.is_over:
        raise NoSubscription
    await change(known.stripe_id)
    return await sync(local_id)
