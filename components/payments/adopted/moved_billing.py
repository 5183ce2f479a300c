"""A subscription of our own for somebody whom other software billed, with a card that is at Stripe: its first charge
comes when the time that is paid for is over."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from components.payments import ownership
from components.payments.payment_refusals import UnknownAtStripe
from components.payments.stripe_calls import foreign_answers, stripe_subscriptions
from components.payments.stripe_calls.stripe_values import metadata_of
from components.payments.stripe_connection import call, change, client
from components.payments.values import PriceRef

if TYPE_CHECKING:
    from stripe.params import SubscriptionCreateParams


async def usable_method(customer: str, method: str) -> str:
    """The payment method that can be charged for this customer: the one named, else the customer's own default; ""
    where there is none. Raises `StripeUnavailable`."""
    if method and await foreign_answers.method_holder(method) == customer:
        return method
    return await foreign_answers.default_method(customer) if customer and not method else ""


async def start(
    local_id: UUID, *, customer: str, method: str, price: PriceRef, first_charge_at: datetime, key: str
) -> str:
    """Its id at Stripe. May be repeated under its key. Nothing is charged, prorated or billed before the first charge.

    `trial_end` is Stripe's way of saying so, as for a renewal that a pause moves; it takes any date, where an anchor
    may be one period ahead at most.
    """
    if (begun := await _begun(customer, local_id)) is not None:
        return begun
    params: SubscriptionCreateParams = {
        "customer": customer,
        "items": [{"price": price}],
        "default_payment_method": method,
        "trial_end": int(first_charge_at.timestamp()),
        "proration_behavior": "none",
        "off_session": True,
        "metadata": {**ownership.ownership_metadata(), "reference_id": str(local_id)},
    }
    made = change(lambda options: client().v1.subscriptions.create_async(params, options), key=key)
    return str((await made).id)


async def _begun(customer: str, local_id: UUID) -> str | None:
    """The one that was made when this was tried before, even when its key has lapsed since."""
    found = await call(lambda: client().v1.subscriptions.list_async({"customer": customer, "limit": 100}))
    ours = (one.id for one in found.data if metadata_of(one.metadata).get("reference_id") == str(local_id))
    return next(ours, None)


async def end(local_id: UUID, stripe_id: str) -> None:
    """What we made ourselves is ended at Stripe before it has charged anything. May be repeated."""
    with contextlib.suppress(UnknownAtStripe):
        await stripe_subscriptions.cancel_now(stripe_id, key=f"unmove:{local_id}")
