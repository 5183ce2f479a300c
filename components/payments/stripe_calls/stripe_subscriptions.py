from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from stripe import PaymentMethod
from stripe import Subscription as StripeSubscription

from components.payments.stripe_calls.stripe_coupons import coupon_of
from components.payments.stripe_calls.stripe_values import id_of, instant, instant_or_none, metadata_of, ours
from components.payments.stripe_connection import call, change, client

if TYPE_CHECKING:
    from stripe.params import (
        SubscriptionPauseParams,
        SubscriptionResumeParams,
        SubscriptionRetrieveParams,
        SubscriptionUpdateParams,
    )


@dataclass(frozen=True)
class CardShown:
    """What may be shown of a card; `expires` is year and month, 2030-04."""

    brand: str
    last4: str
    expires: str


@dataclass(frozen=True)
class SubscriptionAnswer:
    """`cancel_at` is when it will end, however that was requested; the period is that of its first item.

    `card` and `coupon` (of its discount) are read with the subscription only, not with the answer to a change.
    """

    id: str
    customer: str
    status: str
    item: str
    price: str
    amount: int
    currency: str
    current_period_start: datetime
    current_period_end: datetime
    trial_end: datetime | None
    cancel_at: datetime | None
    cancelled_at: datetime | None
    ended_at: datetime | None
    started_at: datetime
    payment_method: str | None
    card: CardShown | None
    latest_invoice: str | None
    pending_until: datetime | None
    metadata: dict[str, str]
    coupon: str = ""


def read(answer: StripeSubscription) -> SubscriptionAnswer:
    item = answer.items.data[0]
    ends_with_period = item.current_period_end if answer.cancel_at_period_end else None
    return SubscriptionAnswer(
        id=answer.id,
        customer=id_of(answer.customer) or "",
        status=ours(answer.status),
        item=item.id,
        price=item.price.id,
        amount=(item.price.unit_amount or 0) * (item.quantity or 1),
        currency=answer.currency.upper(),
        current_period_start=instant(item.current_period_start),
        current_period_end=instant(item.current_period_end),
        trial_end=instant_or_none(answer.trial_end),
        cancel_at=instant_or_none(answer.cancel_at or ends_with_period),
        cancelled_at=instant_or_none(answer.canceled_at),
        ended_at=instant_or_none(answer.ended_at),
        started_at=instant(answer.start_date),
        payment_method=id_of(answer.default_payment_method),
        card=_card(answer),
        latest_invoice=id_of(answer.latest_invoice),
        pending_until=instant(answer.pending_update.expires_at) if answer.pending_update else None,
        metadata=metadata_of(answer.metadata),
        coupon=coupon_of(answer.discounts),
    )


def _card(answer: StripeSubscription) -> CardShown | None:
    method = answer.default_payment_method
    if not isinstance(method, PaymentMethod) or method.card is None:
        return None
    card = method.card
    return CardShown(card.brand, card.last4 or "", f"{card.exp_year:04d}-{card.exp_month:02d}")


async def get(subscription_id: str) -> SubscriptionAnswer:
    """With its card and its discount, in one call."""
    request: SubscriptionRetrieveParams = {"expand": ["default_payment_method", "discounts"]}
    return read(await call(lambda: client().v1.subscriptions.retrieve_async(subscription_id, request)))


async def _update(subscription_id: str, changes: SubscriptionUpdateParams, *, key: str) -> SubscriptionAnswer:
    updated = change(lambda options: client().v1.subscriptions.update_async(subscription_id, changes, options), key=key)
    return read(await updated)


async def cancel_at_period_end(subscription_id: str, *, key: str) -> SubscriptionAnswer:
    return await _update(subscription_id, {"cancel_at_period_end": True}, key=key)


async def keep_running(subscription_id: str, *, key: str) -> SubscriptionAnswer:
    return await _update(subscription_id, {"cancel_at_period_end": False}, key=key)


async def charge_from_now_on(subscription_id: str, *, payment_method: str, key: str) -> SubscriptionAnswer:
    return await _update(subscription_id, {"default_payment_method": payment_method}, key=key)


async def change_price_now(
    subscription_id: str, *, item: str, price: str, at: datetime, key: str
) -> SubscriptionAnswer:
    """Billed at once with the proration of the instant shown; nothing changes unless that is paid."""
    changes: SubscriptionUpdateParams = {
        "items": [{"id": item, "price": price}],
        "proration_behavior": "always_invoice",
        "proration_date": int(at.timestamp()),
        "payment_behavior": "pending_if_incomplete",
    }
    return await _update(subscription_id, changes, key=key)


async def change_price_quietly(subscription_id: str, *, item: str, price: str, key: str) -> SubscriptionAnswer:
    """From the next period on; nothing is charged or credited for this one."""
    changes: SubscriptionUpdateParams = {"items": [{"id": item, "price": price}], "proration_behavior": "none"}
    return await _update(subscription_id, changes, key=key)


async def set_discount(subscription_id: str, *, coupon: str, key: str) -> SubscriptionAnswer:
    """From the next invoice on; without a coupon there is none any more."""
    changes: SubscriptionUpdateParams = {"discounts": [{"coupon": coupon}] if coupon else ""}
    return await _update(subscription_id, changes, key=key)


async def pause(subscription_id: str, *, key: str) -> SubscriptionAnswer:
    """No periods and no invoices; the unused time is credited to the next invoice."""
    request: SubscriptionPauseParams = {
        "type": "subscription",
        "bill_for": {"unused_time_from": {"type": "now"}},
        "invoicing_behavior": "pending_invoice_item",
    }
    paused = change(lambda options: client().v1.subscriptions.pause_async(subscription_id, request, options), key=key)
    return read(await paused)


async def resume(subscription_id: str, *, key: str) -> SubscriptionAnswer:
    """A new period begins now and is billed now, less the credit."""
    request: SubscriptionResumeParams = {"billing_cycle_anchor": {"type": "now"}}
    resumed = change(lambda options: client().v1.subscriptions.resume_async(subscription_id, request, options), key=key)
    return read(await resumed)


async def move_renewal(subscription_id: str, *, to: datetime, key: str) -> SubscriptionAnswer:
    """The next charge comes at `to` instead of at the end of the period; nothing is charged or credited for it.

    Stripe's way of moving a billing date: it calls the time until then a trial.
    """
    changes: SubscriptionUpdateParams = {"trial_end": int(to.timestamp()), "proration_behavior": "none"}
    return await _update(subscription_id, changes, key=key)


async def renew_now(subscription_id: str, *, key: str) -> SubscriptionAnswer:
    """A new period begins now and is charged now; when the card declines, nothing changes and nothing is owed."""
    changes: SubscriptionUpdateParams = {
        "trial_end": "now",
        "proration_behavior": "none",
        "payment_behavior": "error_if_incomplete",
    }
    return await _update(subscription_id, changes, key=key)


async def resume_unbilled(subscription_id: str, *, key: str) -> SubscriptionAnswer:
    """Out of a pause into the period that surrounds this instant, without a charge."""
    request: SubscriptionResumeParams = {"billing_cycle_anchor": {"type": "unchanged"}, "proration_behavior": "none"}
    resumed = change(lambda options: client().v1.subscriptions.resume_async(subscription_id, request, options), key=key)
    return read(await resumed)


async def cancel_now(subscription_id: str, *, key: str) -> SubscriptionAnswer:
    cancelled = change(lambda options: client().v1.subscriptions.cancel_async(subscription_id, None, options), key=key)
    return read(await cancelled)
