"""Events from Stripe: stored first, processed afterwards, and parked where staff see them when processing fails."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from components.foundation import audit, clock, database, jobs, settings
from components.foundation.refusals import NotFound, Refusal
from components.payments import mirror, stripe_connection
from components.payments.ownership import UnknownLocally
from components.payments.payment_refusals import StripeKeyRefused, StripeUnavailable
from components.payments.tables import InboxEvent
from components.payments.webhooks import refused_deliveries, signatures, webhook_payloads
from components.payments.webhooks.signatures import BadDelivery
from components.payments.webhooks.webhook_payloads import WebhookPayload

LARGEST = 256 * 1024
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 3 * 3600))
LONGEST_OUTAGE_PAUSE = 4
"""The position in the list of pauses that is not exceeded while Stripe is down."""
LEFT_OVER = timedelta(minutes=15)
LOT = 500
"""As many events are held at a time."""
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
log = structlog.get_logger()


class WebhookTooLarge(Refusal):
    message = "This delivery is too large."
    status = 413


async def receive(body: bytes, signature: str | None) -> None:
    """Store one delivery. Raises `WebhookTooLarge` or `BadDelivery`, which are counted for staff; a second delivery of
    the same event changes nothing."""
    try:
        await _receive(body, signature)
    except WebhookTooLarge:
        await refused_deliveries.count("size")
        raise
    except BadDelivery as refusal:
        await refused_deliveries.count(refusal.reason)
        raise


async def _receive(body: bytes, signature: str | None) -> None:
    if len(body) > LARGEST:
        raise WebhookTooLarge
    signatures.verify(body, signature, secret=settings.current().stripe_webhook_secret, at=clock.now())
    delivery = webhook_payloads.parse(body)
    if delivery.is_live != stripe_connection.is_live():
        raise BadDelivery(
            "This event belongs to the other mode: live instead of test, or test instead of live.", reason="mode"
        )
    if delivery.account is None:
        await store(delivery)


async def store(delivery: WebhookPayload) -> bool:
    """True when it was new. A job to process it, where needed, is deferred in the same transaction."""
    concerns_us = delivery.object_kind in mirror.FOLLOWERS
    async with database.transaction():
        event = InboxEvent(
            id=delivery.id,
            type=delivery.type,
            object_kind=delivery.object_kind,
            object_id=delivery.object_id,
            is_live=delivery.is_live,
            payload=delivery.body,
            happened_at=delivery.happened_at,
            received_at=clock.now(),
            handled_at=None if concerns_us else clock.now(),
            outcome="" if concerns_us else mirror.NOTHING_TO_MIRROR,
        )
        inserted = InboxEvent.insert(event).on_conflict(target=InboxEvent.id, action="DO NOTHING")
        added = await inserted.returning(InboxEvent.id)
        if added and concerns_us:
            await _follow_soon(delivery.id, delivery.object_id)
    return bool(added)


async def process(event_id: str) -> None:
    """Mirror the event's object. Any number of times and concurrently: the mirror ends up the same."""
    event = await InboxEvent.objects().where(InboxEvent.id == event_id).first()
    if event is None or event.is_done:
        return
    try:
        outcome = await mirror.sync_object(event.object_kind, event.object_id)
    except StripeKeyRefused:
        await _try_again(event, "Stripe refuses the shop’s key.", parks=False)
    except StripeUnavailable:
        await _try_again(event, "Stripe did not answer.", parks=False)
    except (UnknownLocally, Refusal) as trouble:
        await _try_again(event, getattr(trouble, "detail", "") or str(trouble), parks=True)
    except Exception as trouble:
        log.exception("an event could not be followed", event_id=event_id)
        await _try_again(event, f"{type(trouble).__name__}: {trouble}"[:500], parks=True)
    else:
        handled = InboxEvent.update(
            {
                InboxEvent.handled_at: clock.now(),
                InboxEvent.outcome: outcome,
                InboxEvent.next_try_at: None,
                InboxEvent.parked_at: None,
                InboxEvent.why: "",
            }
        )
        await handled.where((InboxEvent.id == event_id) & InboxEvent.handled_at.is_null())


async def retry(event_id: str, *, by: UUID) -> None:
    """Process a parked event again. Raises `NotFound`."""
    async with database.transaction():
        event = await database.locked(InboxEvent, InboxEvent.id == event_id)
        if event is None or event.is_done:
            raise NotFound
        await event.update_self({InboxEvent.parked_at: None, InboxEvent.tries: 0, InboxEvent.next_try_at: None})
        await audit.record(by, "payment event retried", "payment event", event_id, before={"why": event.why})
        await _follow_soon(event_id, event.object_id)


async def process_unhandled() -> int:
    """Defer a new job for events whose job was lost; returns how many. Processing an event twice does no harm."""
    count, last, before = 0, (_EARLIEST, ""), clock.now() - LEFT_OVER
    while left := await database.fetch_rows(_LEFT_OVER, before, *last, LOT):
        for event_id, object_id, _ in left:
            await _follow_soon(event_id, object_id)
        count, last = count + len(left), (left[-1][2], left[-1][0])
    return count


_LEFT_OVER = """
SELECT id, object_id, received_at FROM inbox_event
WHERE handled_at IS NULL AND parked_at IS NULL AND coalesce(next_try_at, received_at) < $1
  AND (received_at, id) > ($2, $3) ORDER BY received_at, id LIMIT $4
"""


async def _try_again(event: InboxEvent, why: str, *, parks: bool) -> None:
    """Retry later, with growing pauses. An outage is waited out indefinitely; anything else is parked in the end."""
    is_given_up = parks and event.tries >= len(PAUSES)
    pause = None if is_given_up else PAUSES[min(event.tries, len(PAUSES) - 1 if parks else LONGEST_OUTAGE_PAUSE)]
    async with database.transaction():
        tried = InboxEvent.update(
            {
                InboxEvent.tries: InboxEvent.tries + 1,
                InboxEvent.why: why,
                InboxEvent.next_try_at: clock.now() + pause if pause else None,
                InboxEvent.parked_at: clock.now() if is_given_up else None,
            }
        )
        await tried.where((InboxEvent.id == event.id) & InboxEvent.handled_at.is_null())
        if pause is not None:
            await _follow_after(event.id, pause)


async def _follow_soon(event_id: str, object_id: str) -> None:
    """Events of one object are processed one after the other."""
    await jobs.defer("process_event", lock=object_id or None, event_id=event_id)


async def _follow_after(event_id: str, pause: timedelta) -> None:
    """Without a lock, so that waiting does not block others."""
    await jobs.defer("process_event", after=pause, event_id=event_id)
