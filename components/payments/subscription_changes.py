"""Changes of the price of a running subscription.

Each is a billing request: it is done, refused (`CardDeclined`, `PaymentRefused`), surely not sent
(`StripeUnavailable`), or not known yet (`OutcomeUnknown`).
"""

import contextlib
from datetime import datetime
from uuid import UUID

from components.foundation import json
from components.foundation.languages.words import N_
from components.payments import running_subscriptions
from components.payments.billing_requests import billing_requests, request_kinds
from components.payments.billing_requests.request_kinds import RequestKind
from components.payments.invoicing import invoices
from components.payments.payment_refusals import CardDeclined, NeedsConfirmation, NoSubscription, PaymentRefused
from components.payments.stripe_calls import stripe_invoices as invoice_calls
from components.payments.stripe_calls import stripe_subscriptions as calls
from components.payments.tables import BillingRequest, MirroredSubscription
from components.payments.values import PriceRef


async def take_price_now(local_id: UUID, price: PriceRef, *, at: datetime, key: str) -> MirroredSubscription:
    """Another price from now on, with the proration of the previewed instant, charged at once.

    The old price stays when that charge is declined, and nothing is left to pay. Raises `CardDeclined`,
    `PaymentRefused`, `NoSubscription`, `OutcomeUnknown`. Two calls with one `key` make one change. `NeedsConfirmation`
    means that Stripe keeps the change until the member has confirmed its payment, or until `pending_until`.
    """
    await running_subscriptions.running(local_id)
    wanted = {"price": price, "at": at.isoformat()}
    await billing_requests.run(PRICE_NOW, subject=local_id, key=key, params=wanted)
    return await _mirrored(local_id)


async def take_price_from_renewal(local_id: UUID, price: PriceRef, *, key: str) -> MirroredSubscription:
    """Another price from the next period on: no charge and no credit for this one.

    Raises `NoSubscription`, `OutcomeUnknown`.
    """
    await running_subscriptions.running(local_id)
    await billing_requests.run(PRICE_FROM_RENEWAL, subject=local_id, key=key, params={"price": price})
    return await _mirrored(local_id)


async def _mirrored(local_id: UUID) -> MirroredSubscription:
    """As it was mirrored with the change: it is not read again, so that a lost answer cannot make it look undone."""
    known = await running_subscriptions.mirrored(local_id)
    if known is None:
        raise NoSubscription
    return known


async def _at_stripe(request: BillingRequest) -> calls.SubscriptionAnswer:
    return await calls.get((await running_subscriptions.running(request.subject)).stripe_id)


async def _send_price_now(request: BillingRequest) -> None:
    found, wanted = await _at_stripe(request), json.load(request.params)
    changed = await calls.change_price_now(
        found.id,
        item=found.item,
        price=wanted["price"],
        at=datetime.fromisoformat(wanted["at"]),
        key=request.sent_key,
    )
    if changed.price != wanted["price"]:
        await _mirror(request.subject, changed.latest_invoice)
        if await _waits_for_the_bank(request.subject):
            raise NeedsConfirmation
        await _give_up(request)
        raise CardDeclined
    await _mirror(request.subject, changed.latest_invoice)


async def _send_price_from_renewal(request: BillingRequest) -> None:
    found = await _at_stripe(request)
    price = json.load(request.params)["price"]
    await calls.change_price_quietly(found.id, item=found.item, price=price, key=request.sent_key)
    await _mirror(request.subject, None)


async def _has_price(request: BillingRequest) -> bool:
    found = await _at_stripe(request)
    if found.price != json.load(request.params)["price"]:
        return False
    await _mirror(request.subject, found.latest_invoice)
    return True


async def _mirror(local_id: UUID, invoice: str | None) -> None:
    if invoice is not None:
        await invoices.sync(invoice)
    await running_subscriptions.sync(local_id)


async def _waits_for_the_bank(local_id: UUID) -> bool:
    known = await running_subscriptions.running(local_id)
    invoice = await invoices.by_id(known.latest_invoice) if known.pending_until and known.latest_invoice else None
    payment = await invoices.payment_of(invoice) if invoice is not None else None
    return payment is not None and payment.needs_bank


async def _give_up(request: BillingRequest) -> None:
    """The invoice of a change that could not be paid is not left open, so that it is never charged later."""
    known = await running_subscriptions.sync(request.subject)
    if not known.latest_invoice:
        return
    await invoices.sync(known.latest_invoice)
    found = await invoices.by_id(known.latest_invoice)
    if found is not None and found.status == "open" and found.reason == "subscription_update":
        with contextlib.suppress(PaymentRefused):
            await invoice_calls.void(found.stripe_id, key=f"{request.sent_key}:void")
        await invoices.sync(found.stripe_id)


PRICE_NOW = request_kinds.register(
    RequestKind(
        name="price_now",
        asks_bank=True,
        send=_send_price_now,
        is_made=_has_price,
        drop=_give_up,
        done=N_("You’re on your new plan."),
        done_for_staff=N_("The member is on the new plan."),
        undone=N_("The change of plan did not go through: you’re still on your current plan, and nothing was charged."),
    )
)
PRICE_FROM_RENEWAL = request_kinds.register(
    RequestKind(
        name="price_from_renewal",
        send=_send_price_from_renewal,
        is_made=_has_price,
        done=N_("Your next payment will be for your new plan."),
        done_for_staff=N_("The next payment will be for the new plan."),
        must_happen=True,
    )
)
