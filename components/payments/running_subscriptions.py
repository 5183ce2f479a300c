"""Running subscriptions, by our own id. Every change is made at Stripe, then mirrored.

A change is a billing request: besides `NoSubscription` it raises `OutcomeUnknown` when Stripe does not answer in time.
"""

import contextlib
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, json
from components.foundation.languages.words import N_
from components.payments.billing_requests import billing_requests, request_kinds
from components.payments.billing_requests.request_kinds import RequestKind
from components.payments.mirror import mirrored_subscriptions as mirror
from components.payments.payment_refusals import NoSubscription, OutcomeUnknown, PaymentRefused, UnknownAtStripe
from components.payments.stripe_calls import stripe_subscriptions as calls
from components.payments.tables import BillingRequest, MirroredSubscription

REACHES_STRIPE = timedelta(seconds=10)


async def mirrored(local_id: UUID) -> MirroredSubscription | None:
    """The subscription as last mirrored; the newest, should there be several."""
    return (
        await MirroredSubscription.objects()
        .where(MirroredSubscription.local_id == local_id)
        .order_by(MirroredSubscription.started_at, ascending=False)
        .first()
    )


async def running(local_id: UUID) -> MirroredSubscription:
    """The same, if it has not ended. Raises `NoSubscription`."""
    known = await mirrored(local_id)
    if known is None or known.is_over:
        raise NoSubscription
    return known


async def by_stripe_id(stripe_id: str) -> MirroredSubscription | None:
    return await MirroredSubscription.objects().where(MirroredSubscription.stripe_id == stripe_id).first()


async def cancel_at_period_end(
    local_id: UUID, *, renews_at: datetime | None = None, ends_then: bool = False, key: str | None = None
) -> MirroredSubscription:
    """It runs until the end of the paid period: until `renews_at`, which the renewal is moved to first, out of a pause
    of Stripe's own. Should that have passed before Stripe hears of it, the renewal stays where it is, unless it
    `ends_then`, because nothing paid is left after. Raises `NoSubscription`, `OutcomeUnknown`."""
    params = {"renews_at": renews_at.isoformat()} if renews_at else {}
    return await _changed(CANCEL, local_id, key, params | ({"ends_then": "yes"} if ends_then else {}))


async def resume(local_id: UUID, *, key: str | None = None) -> MirroredSubscription:
    """Undo a scheduled end. Raises `NoSubscription` once it has ended, `OutcomeUnknown`."""
    return await _changed(KEEP, local_id, key)


async def end_now(local_id: UUID, *, key: str | None = None) -> MirroredSubscription:
    """End at once, without a refund: for erasure and for staff."""
    return await _changed(END_NOW, local_id, key)


async def sync(local_id: UUID) -> MirroredSubscription:
    """Read it again from Stripe."""
    known = await mirrored(local_id)
    if known is None:
        raise NoSubscription
    await mirror.sync(known.stripe_id)
    return await by_stripe_id(known.stripe_id) or known


async def _changed(
    kind: RequestKind, local_id: UUID, key: str | None = None, params: dict[str, str] | None = None
) -> MirroredSubscription:
    await _running(local_id)
    try:
        await billing_requests.run(kind, subject=local_id, key=key, params=params)
    except PaymentRefused:
        await sync(local_id)
        await _running(local_id)  # it may have ended at Stripe before we were told
        raise
    return await mirrored(local_id) or await _running(local_id)


async def _running(local_id: UUID) -> MirroredSubscription:
    known = await mirrored(local_id)
    if known is None or known.is_over:
        raise NoSubscription
    return known


async def _send_cancel(request: BillingRequest) -> None:
    asked = json.load(request.params)
    if renews_at := asked.get("renews_at"):
        await _end_pause(request, datetime.fromisoformat(renews_at))
        if asked.get("ends_then") and _has_passed(datetime.fromisoformat(renews_at)):
            await _end_of(request, key=f"{request.sent_key}:end")
            return
    await calls.cancel_at_period_end((await _running(request.subject)).stripe_id, key=request.sent_key)
    await sync(request.subject)


async def _end_pause(request: BillingRequest, renews_at: datetime) -> None:
    """What Stripe has of it already is not made again: a lost answer doesn't keep the cancellation waiting."""
    known, key = await sync(request.subject), request.sent_key
    if known.status == "paused":
        await calls.resume_unbilled(known.stripe_id, key=f"{key}:resume")
    if known.trial_end == renews_at or known.is_over or _has_passed(renews_at):
        return
    try:
        await calls.move_renewal(known.stripe_id, to=renews_at, key=f"{key}:renewal")
    except OutcomeUnknown:
        if (await sync(request.subject)).trial_end != renews_at:
            raise


def _has_passed(renews_at: datetime) -> bool:
    """Or will have before Stripe reads it: a renewal is only ever moved to a time to come."""
    return renews_at <= clock.now() + REACHES_STRIPE


async def _is_cancelled(request: BillingRequest) -> bool:
    known = await sync(request.subject)
    return bool(known.cancel_at) or known.is_over


async def _send_keep(request: BillingRequest) -> None:
    await calls.keep_running((await _running(request.subject)).stripe_id, key=request.sent_key)
    await sync(request.subject)


async def _is_kept(request: BillingRequest) -> bool:
    known = await sync(request.subject)
    return not known.cancel_at and not known.is_over


async def _send_end(request: BillingRequest) -> None:
    await _end_of(request, key=request.sent_key)


async def _end_of(request: BillingRequest, *, key: str) -> None:
    """A second try finds nothing that could be ended."""
    with contextlib.suppress(UnknownAtStripe):
        await calls.cancel_now((await _running(request.subject)).stripe_id, key=key)
    if not (await sync(request.subject)).is_over:
        raise OutcomeUnknown(request.id)


async def _is_over(request: BillingRequest) -> bool:
    return (await sync(request.subject)).is_over


CANCEL = request_kinds.register(
    RequestKind(
        name="cancel",
        send=_send_cancel,
        is_made=_is_cancelled,
        done=N_("Your membership is cancelled. It won’t renew."),
        done_for_staff=N_("The membership is cancelled. It won’t renew."),
        undone=N_("This did not go through: your membership is not cancelled. Please cancel it again."),
        must_happen=True,
    )
)
KEEP = request_kinds.register(
    RequestKind(
        name="keep",
        send=_send_keep,
        is_made=_is_kept,
        done=N_("Your membership is no longer cancelled."),
        done_for_staff=N_("The membership is no longer cancelled."),
        undone=N_("Your cancellation still stands, and nothing was charged."),
    )
)
END_NOW = request_kinds.register(
    RequestKind(
        name="end_now",
        send=_send_end,
        is_made=_is_over,
        done=N_("Your membership has ended."),
        done_for_staff=N_("The membership has ended."),
        undone=N_("This did not go through: your membership has not ended. Please cancel it again."),
        must_happen=True,
    )
)
