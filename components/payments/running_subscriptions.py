"""Running subscriptions, by our own id. Every change is made at Stripe, then mirrored."""

from collections.abc import Awaitable
from typing import Protocol
from uuid import UUID

from components.payments.mirror import mirrored_subscriptions as mirror
from components.payments.payment_refusals import NoSubscription
from components.payments.stripe_calls import stripe_subscriptions as calls
from components.payments.tables import MirroredSubscription


async def mirrored(local_id: UUID) -> MirroredSubscription | None:
    """The subscription as last mirrored; the newest, should there be several."""
    return (
        await MirroredSubscription.objects()
        .where(MirroredSubscription.local_id == local_id)
        .order_by(MirroredSubscription.started_at, ascending=False)
        .first()
    )


async def by_stripe_id(stripe_id: str) -> MirroredSubscription | None:
    return await MirroredSubscription.objects().where(MirroredSubscription.stripe_id == stripe_id).first()


async def cancel_at_period_end(local_id: UUID, *, key: str | None = None) -> MirroredSubscription:
    """It runs until the end of the paid period. Raises `NoSubscription`, `StripeUnavailable`."""
    return await _changed(local_id, calls.cancel_at_period_end, key)


async def resume(local_id: UUID, *, key: str | None = None) -> MirroredSubscription:
    """Undo a scheduled end. Raises `NoSubscription` once it has ended."""
    return await _changed(local_id, calls.keep_running, key)


async def end_now(local_id: UUID, *, key: str | None = None) -> MirroredSubscription:
    """End at once, without a refund: for erasure and for staff."""
    return await _changed(local_id, calls.cancel_now, key)


async def sync(local_id: UUID) -> MirroredSubscription:
    """Read it again from Stripe."""
    known = await mirrored(local_id)
    if known is None:
        raise NoSubscription
    await mirror.sync(known.stripe_id)
    return await by_stripe_id(known.stripe_id) or known


class _Change(Protocol):
    def __call__(self, subscription_id: str, *, key: str | None) -> Awaitable[calls.SubscriptionAnswer]: ...


async def _changed(local_id: UUID, change: _Change, key: str | None) -> MirroredSubscription:
    known = await mirrored(local_id)
    if known is None or known.is_over:
        raise NoSubscription
    await change(known.stripe_id, key=key)
    return await sync(local_id)
