"""Store credit on the draft of an invoice: put on it, seen on it, taken off it again.

It is bound to that one invoice. Stripe refuses it on what is final, so it is either in what Stripe charges or nowhere.
"""

from uuid import UUID

from components.foundation.money import Money
from components.payments import ownership, running_subscriptions
from components.payments.invoicing import invoices
from components.payments.mirror import mirrored_invoices as mirror
from components.payments.stripe_calls import stripe_invoice_items, stripe_invoices
from components.payments.tables import MirroredInvoice


async def put(invoice_id: str, credit: Money, *, credit_id: UUID, words: str) -> None:
    """So much less is charged. Asked again, it is put on once.

    Raises `PaymentRefused` when the invoice is no draft any more, `StripeUnavailable`, `OutcomeUnknown`.
    """
    if await seen(invoice_id) or (invoice := await invoices.by_id(invoice_id)) is None or not invoice.local_id:
        return
    subscription = await running_subscriptions.mirrored(invoice.local_id)
    if subscription is None:
        return
    await stripe_invoice_items.take_credit_off(
        invoice_id,
        customer=subscription.customer,
        amount=credit.amount,
        currency=credit.currency,
        words=words,
        metadata={**ownership.ownership_metadata(), stripe_invoice_items.CREDIT: str(credit_id)},
        key=f"credit:{credit_id}:put",
    )
    await mirror.sync(invoice_id)


async def seen(invoice_id: str) -> int:
    """How much is on it, read afresh."""
    await mirror.sync(invoice_id)
    found = await invoices.by_id(invoice_id)
    return int(found.store_credit) if found else 0


async def take_off(invoice_id: str) -> MirroredInvoice | None:
    """Off a draft that nobody will collect. Raises like `put`."""
    for item in await stripe_invoices.credit_items(invoice_id):
        await stripe_invoice_items.remove(item, key=f"credit:{item}:off")
    await mirror.sync(invoice_id)
    return await invoices.by_id(invoice_id)
