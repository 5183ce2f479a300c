import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, json
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.payments import running_subscriptions
from components.payments.billing_requests import billing_requests, request_kinds
from components.payments.billing_requests.request_kinds import RequestKind
from components.payments.mirror import mirrored_invoices as mirror
from components.payments.payment_refusals import NoSubscription, PaymentRefused
from components.payments.stripe_calls import stripe_invoices as calls
from components.payments.stripe_calls import stripe_subscriptions as subscription_calls
from components.payments.stripe_calls.stripe_invoices import Preview
from components.payments.tables import BillingRequest, MirroredInvoice, MirroredPayment, MirroredSubscription
from components.payments.timeouts import request_time
from components.payments.values import PriceRef

SAID_FOR = timedelta(hours=1)
"""How long Stripe's word about the next renewal is shown without asking again, if nothing has changed."""


async def of_subscription(local_id: UUID) -> Sequence[MirroredInvoice]:
    """The invoices of a subscription, the newest first."""
    return (
        await MirroredInvoice.objects()
        .where(MirroredInvoice.local_id == local_id)
        .order_by(MirroredInvoice.created_at, ascending=False)
    )


async def by_id(invoice_id: str) -> MirroredInvoice | None:
    return await MirroredInvoice.objects().where(MirroredInvoice.stripe_id == invoice_id).first()


async def of_payment(payment_intent: str) -> MirroredInvoice | None:
    """The invoice that a payment has paid."""
    return await MirroredInvoice.objects().where(MirroredInvoice.payment_intent == payment_intent).first()


async def paid_since(moment: datetime) -> Sequence[MirroredInvoice]:
    """Invoices created since then that are paid."""
    is_paid = (MirroredInvoice.status == "paid") & (MirroredInvoice.created_at >= moment)
    return await MirroredInvoice.objects().where(is_paid)


async def payment_of(invoice: MirroredInvoice) -> MirroredPayment | None:
    """The payment that paid the invoice or is to pay it."""
    if not invoice.payment_intent:
        return None
    return await MirroredPayment.objects().where(MirroredPayment.stripe_id == invoice.payment_intent).first()


async def unpaid(local_id: UUID) -> MirroredInvoice | None:
    """The invoice whose payment makes the subscription active again: its latest.

    Of one that Stripe calls unpaid that may be a draft. A change of plan that waits for the bank is not owed.
    """
    known = await running_subscriptions.mirrored(local_id)
    drafts = ["draft"] if known is not None and known.status == "unpaid" else []
    is_open = (MirroredInvoice.local_id == local_id) & MirroredInvoice.status.is_in(["open", *drafts])
    if known is not None and known.status == "active":
        is_open &= MirroredInvoice.reason != "subscription_update"
    return await MirroredInvoice.objects().where(is_open).order_by(MirroredInvoice.created_at, ascending=False).first()


async def sync(invoice_id: str) -> None:
    """Read it again from Stripe, with the payment that pays it."""
    await mirror.sync(invoice_id)


async def void(invoice_id: str) -> None:
    """Nothing is owed for it any more; one that has been paid meanwhile stays paid, and one that Stripe refuses to void
    stays open: the mirror says which. What was refused can be asked again a minute later. Raises `OutcomeUnknown`.
    """
    known = await by_id(invoice_id)
    with contextlib.suppress(PaymentRefused):
        await calls.void(invoice_id, key=f"void:{invoice_id}:{known.attempts if known else 0}:{clock.now():%Y%m%d%H%M}")
    await mirror.sync(invoice_id)


async def pay(invoice_id: str, *, key: str) -> None:
    """Try the charge now; mirrored either way. Raises `CardDeclined`, `PaymentRefused`, `OutcomeUnknown`.

    Two calls with one `key` are one try.
    """
    known = await by_id(invoice_id)
    if known is None or known.local_id is None:
        raise NoSubscription
    await billing_requests.run(PAY, subject=known.local_id, key=key, params={"invoice": invoice_id})


async def next_amount(local_id: UUID) -> int | None:
    """Minor units of the next renewal: what Stripe last said, if nothing has changed since, else one impatient call.

    None when Stripe does not say so in time.
    """
    known = await running_subscriptions.mirrored(local_id)
    if known is None or known.is_over:
        return None
    if known.next_asked_at is not None and clock.now() - known.next_asked_at < SAID_FOR:
        return known.next_amount
    try:
        with request_time.timeouts(request_time.patience().page):
            amount = (await calls.preview({"subscription": known.stripe_id})).amount_due
    except Refusal:
        return None
    table = MirroredSubscription
    said = table.update({table.next_amount: amount, table.next_asked_at: clock.now()})
    await said.where((table.stripe_id == known.stripe_id) & (table.mirrored_at == known.mirrored_at))
    return amount


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


async def _send_pay(request: BillingRequest) -> None:
    invoice_id = json.load(request.params)["invoice"]
    try:
        await calls.pay(invoice_id, key=request.sent_key)
    except PaymentRefused:
        await mirror.sync(invoice_id)
        raise
    await mirror.sync(invoice_id)


async def _is_paid(request: BillingRequest) -> bool:
    invoice_id = json.load(request.params)["invoice"]
    await mirror.sync(invoice_id)
    known = await by_id(invoice_id)
    return known is not None and known.status == "paid"


PAY = request_kinds.register(
    RequestKind(
        name="pay_invoice",
        asks_bank=True,
        send=_send_pay,
        is_made=_is_paid,
        done=N_("Your payment went through. Thank you."),
        done_for_staff=N_("The payment went through."),
        undone=N_("Your payment has not gone through so far. You can try again."),
    )
)
