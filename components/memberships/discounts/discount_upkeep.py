"""Discounts follow what Stripe billed: each use is counted, and one that is used up is taken off."""

from uuid import UUID

import structlog

from components.foundation import clock, database
from components.foundation.operations import one_by_one
from components.foundation.refusals import Refusal
from components.memberships.discounts import (
    codes_paid_with,
    codes_with_orders,
    discount_views,
    fee_codes,
    fee_discounts,
)
from components.memberships.discounts.fee_discounts import FeeDiscountView
from components.memberships.discounts.tables import FeeDiscount
from components.memberships.tables import Subscription
from components.payments import running_subscriptions
from components.payments.discounting import subscription_discounts
from components.payments.facts import BillingRequestSettled, InvoicePaid, InvoiceVoided, SubscriptionMirrored
from components.payments.invoicing import invoices
from components.payments.tables import MirroredSubscription

log = structlog.get_logger()


async def follow_invoice(fact: InvoicePaid) -> None:
    await look_at(fact.local_id)


async def follow_void(fact: InvoiceVoided) -> None:
    """Nobody paid it, so what was counted as had with it is still to be had. May run twice."""
    await _reopen(fact.local_id)
    await look_at(fact.local_id)


async def follow_subscription(fact: SubscriptionMirrored) -> None:
    await look_at(fact.local_id)


async def follow_request(fact: BillingRequestSettled) -> None:
    """An answer that came after its visitor had gone. What was answered in time has been followed by then."""
    if not fact.key.startswith("discount:"):
        return
    _, discount, act, _ = fact.key.split(":")
    if act == "put" and fact.outcome == "done":
        await fee_discounts.begin(UUID(discount))
    elif act == "put":
        row = await FeeDiscount.objects().where(FeeDiscount.id == UUID(discount)).first()
        if row is not None and not row.begun_at:
            await _put_failed(row)
    elif fact.outcome == "done":
        row = await FeeDiscount.objects().where(FeeDiscount.id == UUID(discount)).first()
        if row is not None:
            view = await fee_discounts.by_id(row.id)
            await fee_discounts.end(row.id, "used" if view.left == 0 else "taken off", by=row.ended_by)


async def _put_failed(row: FeeDiscount) -> None:
    """Whoever gives one sees it and starts again; a code that was promised with a trial is tried again."""
    if row.source == "code":
        await FeeDiscount.update({FeeDiscount.turn: row.turn + 1}).where(FeeDiscount.id == row.id)
    else:
        await fee_discounts.end(row.id, "refused")


async def keep_promises() -> None:
    """Scheduled: whatever could not be told to Stripe when it was due."""
    await one_by_one.each(await database.fetch_values(_TO_KEEP), look_at, what="subscription with a discount")


async def look_at(subscription_id: UUID) -> None:
    """What Stripe could not be told now, the timetable comes back to."""
    try:
        await keep_promise(subscription_id)
    except Refusal as refusal:
        log.warning("a discount is looked at again", subscription=str(subscription_id), words=str(refusal))


_TO_KEEP = """
SELECT d.subscription FROM fee_discount d JOIN subscription s ON s.id = d.subscription
WHERE d.ended_at IS NULL AND (d.begun_at IS NOT NULL OR d.source = 'code' AND s.status <> 'pending') ORDER BY d.at
"""


async def keep_promise(subscription_id: UUID) -> None:
    """Take off what is used up, and put on again what Stripe dropped too soon.

    Raises `StillAsking`, `StripeUnavailable`, `OutcomeUnknown`: the timetable comes back to it.
    """
    seen = await running_subscriptions.mirrored(subscription_id)
    row = await codes_paid_with.standing_discount(subscription_id, seen)
    if row is None or seen is None:
        return
    if seen.coupon != _coupon(row) and seen.latest_invoice is not None:
        await invoices.sync(seen.latest_invoice)  # it may be what used it up
    found = await fee_discounts.by_id(row.id)
    if not row.begun_at:
        await _begin_code(row, seen, is_used=found.used > 0)
    elif seen.is_over:
        await fee_discounts.end(row.id, "used" if found.left == 0 else "over")
    elif found.left == 0:
        await fee_discounts.finish(row.id)
    elif row.rest_waits:
        await codes_with_orders.put_rest(row)
    elif seen.coupon != _coupon(row) or await _has_lapsed(row):  # Stripe may name one that takes nothing off any more
        await _again_or_over(found)


async def _begin_code(row: FeeDiscount, seen: MirroredSubscription, *, is_used: bool) -> None:
    """One that was typed when joining came with the first payment, or comes now that a trial has been admitted. It is
    given back where the trial was not."""
    if row.source != "code":
        return
    if is_used or seen.coupon == _coupon(row):
        await fee_codes.begin(row)
        if row.rest_waits and row.payments != 1:
            await codes_with_orders.put_rest(row)
    elif seen.is_over:
        await fee_codes.release(row.subscription)
    elif await codes_paid_with.has_trial(row.subscription):
        await fee_codes.begin_with_trial(row)


async def _reopen(subscription_id: UUID) -> None:
    """The last one that counted as used, where it wasn't after all, and nothing has taken its place."""
    async with database.transaction():
        kept = await database.locked(Subscription, Subscription.id == subscription_id)
        seen = await running_subscriptions.mirrored(subscription_id)
        if kept is None or seen is None or seen.is_over or await discount_views.open_row(subscription_id):
            return
        of_it = (FeeDiscount.subscription == subscription_id) & (FeeDiscount.why_ended == "used")
        row = await FeeDiscount.objects().where(of_it).order_by(FeeDiscount.at, ascending=False).first()
        if row is not None and (await fee_discounts.by_id(row.id)).left:
            row.ended_at, row.why_ended = None, ""
            await row.save(columns=[FeeDiscount.ended_at, FeeDiscount.why_ended])


def _coupon(row: FeeDiscount) -> str:
    return subscription_discounts.coupon_id(row.id, row.turn)


async def _again_or_over(found: FeeDiscountView) -> None:
    """Its months at Stripe are over before its payments were had, or its invoice is void; else somebody took it off at
    Stripe."""
    row = found.row
    if not (await fee_discounts.invoices_with(row, are_void=True) or await _has_lapsed(row)):
        await fee_discounts.end(row.id, "taken off")
        return
    is_same = (FeeDiscount.id == row.id) & (FeeDiscount.turn == row.turn)
    row.turn += 1
    if await FeeDiscount.update({FeeDiscount.turn: row.turn}).where(is_same).returning(FeeDiscount.id):
        await fee_discounts.tell_stripe(row)


async def _has_lapsed(row: FeeDiscount) -> bool:
    if row.payments is None or row.payments == 1 or row.put_at is None:
        return False
    return bool(await database.fetch_value(_HAS_LAPSED, row.id, clock.now()))


_HAS_LAPSED = """
SELECT $2 >= d.put_at + make_interval(months => d.payments * v.interval_count * CASE v.interval WHEN 'year' THEN 12
  ELSE 1 END) - interval '1 day'
FROM fee_discount d JOIN subscription s ON s.id = d.subscription JOIN plan_version v ON v.id = s.plan_version
WHERE d.id = $1
"""
