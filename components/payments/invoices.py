import contextlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from components.payments import running_subscriptions
from components.payments.mirror import mirrored_invoices as mirror
from components.payments.payment_refusals import NoSubscription, PaymentRefused
from components.payments.stripe_calls import stripe_invoices as calls
from components.payments.stripe_calls import stripe_subscriptions as subscription_calls
from components.payments.stripe_calls.stripe_invoices import Preview
from components.payments.tables import MirroredInvoice
from components.payments.values import PriceRef


async def of_subscription(local_id: UUID) -> Sequence[MirroredInvoice]:
    """The invoices of a subscription, the newest first."""
    return (
        await MirroredInvoice.objects()
        .where(MirroredInvoice.local_id == local_id)
        .order_by(MirroredInvoice.created_at, ascending=False)
    )


async def by_id(invoice_id: str) -> MirroredInvoice | None:
    return await MirroredInvoice.objects().where(MirroredInvoice.stripe_id == invoice_id).first()


async def unpaid(local_id: UUID) -> MirroredInvoice | None:
    """The subscription's unpaid invoice."""
    is_open = (MirroredInvoice.local_id == local_id) & (MirroredInvoice.status == "open")
    return await MirroredInvoice.objects().where(is_open).order_by(MirroredInvoice.created_at).first()


async def sync(invoice_id: str) -> None:
    """Read it again from Stripe, with the payment that pays it."""
    await mirror.sync(invoice_id)


async def void(invoice_id: str) -> None:
    """Nothing is owed for it any more; one that has been paid meanwhile stays paid."""
    with contextlib.suppress(PaymentRefused):
        await calls.void(invoice_id)
    await mirror.sync(invoice_id)


async def pay(invoice_id: str) -> None:
    """Try the charge now; mirrored either way. Raises `CardDeclined`, `PaymentRefused`."""
    try:
        await calls.pay(invoice_id)
    finally:
        await mirror.sync(invoice_id)


async def next_charge(local_id: UUID) -> Preview:
    """What the next renewal will charge, to the penny. Raises `NoSubscription`."""
    known = await running_subscriptions.mirrored(local_id)
    if known is None or known.is_over:
        raise NoSubscription
    return await calls.preview({"subscription": known.stripe_id})


async def preview_of_renewing_now(local_id: UUID) -> Preview:
    """What a moved renewal would charge if it came now. Raises `NoSubscription`."""
    known = await running_subscriptions.mirrored(local_id)
    if known is None or known.is_over:
        raise NoSubscription
    return await calls.preview({"subscription": known.stripe_id, "subscription_details": {"trial_end": "now"}})


async def preview_of_change(local_id: UUID, price: PriceRef, *, at: datetime) -> Preview:
    """What changing to another price at this instant would charge now; make the change with the same instant."""
    known = await running_subscriptions.mirrored(local_id)
    if known is None or known.is_over:
        raise NoSubscription
    item = (await subscription_calls.get(known.stripe_id)).item
    return await calls.preview(
        {
            "subscription": known.stripe_id,
            "subscription_details": {
                "items": [{"id": item, "price": price}],
                "proration_date": int(at.timestamp()),
                "proration_behavior": "always_invoice",
            },
        }
    )
