"""Changes of a running subscription that affect money: another price, pausing, and resuming."""

import contextlib
from datetime import datetime
from uuid import UUID

from components.payments import invoices, running_subscriptions
from components.payments.payment_refusals import CardDeclined, NoSubscription, PaymentRefused
from components.payments.stripe_calls import stripe_invoices as invoice_calls
from components.payments.stripe_calls import stripe_subscriptions as calls
from components.payments.tables import MirroredSubscription
from components.payments.values import PriceRef


async def take_price_now(local_id: UUID, price: PriceRef, *, at: datetime, key: str) -> MirroredSubscription:
    """Another price from now on, with the proration of the previewed instant, charged at once.

    The old price stays when that charge is declined, and nothing is left to pay. Raises `CardDeclined`,
    `PaymentRefused`, `NoSubscription`. Two calls with one `key` make one change.
    """
    known = await _running(local_id)
    item = (await calls.get(known.stripe_id)).item
    changed = await calls.change_price_now(known.stripe_id, item=item, price=price, at=at, key=key)
    if changed.price == price:
        if changed.latest_invoice is not None:
            await invoices.sync(changed.latest_invoice)
        return await running_subscriptions.sync(local_id)
    await _give_up(local_id)
    raise CardDeclined


async def take_price_from_renewal(local_id: UUID, price: PriceRef, *, key: str) -> MirroredSubscription:
    """Another price from the next period on: no charge and no credit for this one. Raises `NoSubscription`."""
    known = await _running(local_id)
    item = (await calls.get(known.stripe_id)).item
    await calls.change_price_quietly(known.stripe_id, item=item, price=price, key=key)
    return await running_subscriptions.sync(local_id)


async def pause(local_id: UUID, *, key: str | None = None) -> MirroredSubscription:
    """No periods, no charges; the unused time is credited to the next one. Raises `NoSubscription`."""
    known = await _running(local_id)
    if known.status != "paused":
        await calls.pause(known.stripe_id, key=key)
    return await running_subscriptions.sync(local_id)


async def resume(local_id: UUID, *, key: str | None = None) -> MirroredSubscription:
    """A new period begins now and is charged now, less the credit. Raises `NoSubscription`."""
    known = await running_subscriptions.sync(local_id)
    if known.is_over:
        raise NoSubscription
    if known.status == "paused":
        resumed = await calls.resume(known.stripe_id, key=key)
        if resumed.latest_invoice is not None:
            await invoices.sync(resumed.latest_invoice)
    return await running_subscriptions.sync(local_id)


async def move_renewal(local_id: UUID, *, to: datetime, key: str) -> MirroredSubscription:
    """The next charge comes at `to`, and none before. Raises `NoSubscription`."""
    known = await _running(local_id)
    await calls.move_renewal(known.stripe_id, to=to, key=key)
    return await running_subscriptions.sync(local_id)


async def renew_now(local_id: UUID, *, key: str) -> MirroredSubscription:
    """A renewal that was moved comes now, and is charged. Raises `CardDeclined` (nothing has changed then),
    `NoSubscription`."""
    known = await _running(local_id)
    renewed = await calls.renew_now(known.stripe_id, key=key)
    if renewed.latest_invoice is not None:
        await invoices.sync(renewed.latest_invoice)
    return await running_subscriptions.sync(local_id)


async def resume_unbilled(local_id: UUID, *, key: str) -> MirroredSubscription:
    """Out of one of Stripe's own pauses without a charge. Raises `NoSubscription`."""
    known = await running_subscriptions.sync(local_id)
    if known.is_over:
        raise NoSubscription
    if known.status == "paused":
        await calls.resume_unbilled(known.stripe_id, key=key)
    return await running_subscriptions.sync(local_id)


async def _running(local_id: UUID) -> MirroredSubscription:
    known = await running_subscriptions.mirrored(local_id)
    if known is None or known.is_over:
        raise NoSubscription
    return known


async def _give_up(local_id: UUID) -> None:
    """The invoice of a change that could not be paid is not left open, so that it is never charged later."""
    known = await running_subscriptions.sync(local_id)
    if not known.latest_invoice:
        return
    await invoices.sync(known.latest_invoice)
    found = await invoices.by_id(known.latest_invoice)
    if found is not None and found.status == "open" and found.reason == "subscription_update":
        with contextlib.suppress(PaymentRefused):
            await invoice_calls.void(found.stripe_id)
        await invoices.sync(found.stripe_id)
