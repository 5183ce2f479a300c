"""Events from Stripe: kept first, followed afterwards, and parked where staff see them when that does not work out."""

from datetime import timedelta
from uuid import UUID

import structlog

from components.foundation import audit, clock, database, jobs, settings
from components.foundation.refusals import NotFound, Refusal
from components.payments import connection, mirror
from components.payments.ownership import UnknownLocally
from components.payments.payment_refusals import StripeUnavailable
from components.payments.tables import InboxEvent
from components.payments.webhooks import signatures, webhook_payloads
from components.payments.webhooks.signatures import BadDelivery
from components.payments.webhooks.webhook_payloads import WebhookPayload

LARGEST = 256 * 1024
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 3 * 3600))
LONGEST_OUTAGE_PAUSE = 4
"""Which of the pauses is not exceeded while Stripe is away."""
LEFT_OVER = timedelta(minutes=15)
log = structlog.get_logger()


class WebhookTooLarge(Refusal):
    message = "This delivery is too large."
    status = 413


async def receive(body: bytes, signature: str | None) -> None:
    """Keep one delivery. Raises `TooLarge` or `BadDelivery`; a second delivery of the same event changes nothing."""
    if len(body) > LARGEST:
        raise WebhookTooLarge
    signatures.verify(body, signature, secret=settings.current().stripe_webhook_secret, at=clock.now())
    delivery = webhook_payloads.parse(body)
    if delivery.is_live != connection.is_live():
        raise BadDelivery("This event is of the other mode.")
    if delivery.account is None:
        await store(delivery)


async def store(delivery: WebhookPayload) -> bool:
    """Whether it was new. Where there is something to follow, its job is deferred in the same transaction."""
    concerns_us = delivery.object_kind in mirror.FOLLOWERS
    async with database.transaction():
        added = await database.execute(
            "INSERT INTO inbox_event (id, type, object_kind, object_id, is_live, payload, happened_at, received_at, "
            "handled_at, outcome, tries, why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '') "
            "ON CONFLICT (id) DO NOTHING",
            delivery.id, delivery.type, delivery.object_kind, delivery.object_id, delivery.is_live, delivery.body,
            delivery.happened_at, clock.now(), None if concerns_us else clock.now(),
            "" if concerns_us else mirror.NOTHING_TO_MIRROR,
        )  # fmt: skip
        if added and concerns_us:
            await _follow_soon(delivery.id, delivery.object_id)
    return bool(added)


async def process(event_id: str) -> None:
    """Mirror what the event is about. Any number of times and at once: the mirror ends the same."""
    event = await InboxEvent.objects().where(InboxEvent.id == event_id).first()
    if event is None or event.is_done:
        return
    try:
        outcome = await mirror.sync_object(event.object_kind, event.object_id)
    except StripeUnavailable:
        await _try_again(event, "Stripe did not answer.", parks=False)
    except (UnknownLocally, Refusal) as trouble:
        await _try_again(event, getattr(trouble, "detail", "") or str(trouble), parks=True)
    except Exception as trouble:
        log.exception("an event could not be followed", event_id=event_id)
        await _try_again(event, f"{type(trouble).__name__}: {trouble}"[:500], parks=True)
    else:
        await database.execute(
            "UPDATE inbox_event SET handled_at = $2, outcome = $3, next_try_at = NULL, parked_at = NULL, why = '' "
            "WHERE id = $1 AND handled_at IS NULL",
            event_id, clock.now(), outcome,
        )  # fmt: skip


async def retry(event_id: str, *, by: UUID) -> None:
    """Take a parked event up again. Raises `NotFound`."""
    async with database.transaction():
        event = await database.locked(InboxEvent, InboxEvent.id == event_id)
        if event is None or event.is_done:
            raise NotFound
        await database.execute(
            "UPDATE inbox_event SET parked_at = NULL, tries = 0, next_try_at = NULL WHERE id = $1", event_id
        )
        await audit.record(by, "taken up again", "payment event", event_id, before={"why": event.why})
        await _follow_soon(event_id, event.object_id)


async def process_unhandled() -> int:
    """Events whose job got lost are given a new one; how many. Following an event twice does no harm."""
    rows = await database.fetch(
        "SELECT id, object_id FROM inbox_event WHERE handled_at IS NULL AND parked_at IS NULL "
        "AND coalesce(next_try_at, received_at) < $1 ORDER BY received_at",
        clock.now() - LEFT_OVER,
    )
    for row in rows:
        await _follow_soon(row["id"], row["object_id"])
    return len(rows)


async def _try_again(event: InboxEvent, why: str, *, parks: bool) -> None:
    """Later, with growing pauses. An outage is waited out for ever; anything else is parked in the end."""
    is_given_up = parks and event.tries >= len(PAUSES)
    pause = None if is_given_up else PAUSES[min(event.tries, len(PAUSES) - 1 if parks else LONGEST_OUTAGE_PAUSE)]
    async with database.transaction():
        await database.execute(
            "UPDATE inbox_event SET tries = tries + 1, why = $2, next_try_at = $3, parked_at = $4 "
            "WHERE id = $1 AND handled_at IS NULL",
            event.id, why, clock.now() + pause if pause else None, clock.now() if is_given_up else None,
        )  # fmt: skip
        if pause is not None:
            await _follow_after(event.id, pause)


async def _follow_soon(event_id: str, object_id: str) -> None:
    """Events of one object run one after the other."""
    await jobs.defer("follow_event", lock=object_id or None, event_id=event_id)


async def _follow_after(event_id: str, pause: timedelta) -> None:
    """Without a lock, so that waiting holds up no others."""
    await jobs.defer("follow_event", after=pause, event_id=event_id)
