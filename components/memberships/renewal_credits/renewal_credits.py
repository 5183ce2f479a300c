"""Store credit on the invoice of a renewal, from its draft to the end.

1. Stripe keeps the invoice of a renewal as a draft for about an hour. The credit is reserved in the ledger, where
   nobody else can spend it, and the row is committed.
2. It is put on the draft as a line of that invoice. Stripe refuses it on anything that is final: then it is released.
3. What follows is read from the mirror, however late, twice or out of order: paid, it is spent; void, it is given back.

An hour without the shop charges the whole fee: nothing is lost, the credit is still there, and the payer is told
(`missed_credits`).
"""

from uuid import UUID

import structlog

from components.foundation import clock, database, ids
from components.foundation.money import Money
from components.foundation.operations import one_by_one
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import shop_settings
from components.ledger import reservations
from components.memberships.plans import plan_catalogue
from components.memberships.renewal_credits import credit_choices, missed_credits
from components.memberships.renewal_credits.missed_credits import RENEWAL
from components.memberships.renewal_credits.tables import RenewalCredit
from components.memberships.tables import Subscription
from components.payments.facts import InvoiceDrafted, InvoicePaid, InvoiceVoided
from components.payments.invoicing import credited_invoices, invoices
from components.payments.payment_refusals import OutcomeUnknown, PaymentRefused, StripeUnavailable
from components.payments.tables import MirroredInvoice

BILLS = ("trialing", "active", "past_due", "paused")
OVER = ("cancelled", "lapsed")
log = structlog.get_logger()


async def use(fact: InvoiceDrafted) -> None:
    """As much of the member's credit as it can use, onto the draft of a renewal. May run twice, and late."""
    if fact.reason != RENEWAL or not credit_choices.are_allowed():
        return
    row = await _reserved(fact)
    if row is not None and row.status == "reserved":
        await _place(row)


async def follow_paid(fact: InvoicePaid) -> None:
    await follow(fact.invoice_id)


async def follow_void(fact: InvoiceVoided) -> None:
    await follow(fact.invoice_id)


async def settle_open() -> None:
    """Scheduled: what did not reach Stripe when it was reserved, and what is on drafts that nobody will collect."""
    await one_by_one.each(await database.fetch_values(_OPEN, list(OVER)), _tried, what="invoice with credit")


async def _tried(invoice_id: str) -> None:
    try:
        await _settle(invoice_id)
    except Refusal as refusal:
        log.warning("credit on a renewal is looked at again", invoice=invoice_id, words=str(refusal))


_OPEN = """
SELECT c.invoice FROM renewal_credit c JOIN subscription s ON s.id = c.subscription
WHERE c.settled_at IS NULL AND (c.status = 'reserved' OR s.status = ANY($1)) ORDER BY c.at
"""


async def of_invoice(invoice_id: str) -> RenewalCredit | None:
    return await RenewalCredit.objects().where(RenewalCredit.invoice == invoice_id).first()


async def of_subscription(subscription_id: UUID) -> dict[str, RenewalCredit]:
    """By invoice."""
    found = await RenewalCredit.objects().where(RenewalCredit.subscription == subscription_id)
    return {one.invoice: one for one in found}


async def restore(invoice_id: str, amount: int, *, cause: str) -> None:
    """A refund gives back credit that paid a renewal. Within the transaction that settles the refund."""
    row = await of_invoice(invoice_id)
    if row is not None:
        words = f"Renewal of {await _plan_name(row.subscription)} was refunded"
        await reservations.restore(row.id, amount=amount, cause=cause, words=words)


async def _reserved(fact: InvoiceDrafted) -> RenewalCredit | None:
    """The row of this invoice; None where there is nothing to use, or nobody who wants it."""
    async with database.transaction():
        kept = await database.locked(Subscription, Subscription.id == fact.local_id)
        if known := await of_invoice(fact.invoice_id):
            return known
        invoice = await invoices.by_id(fact.invoice_id)
        if kept is None or invoice is None or not await _will_be_charged(kept, invoice):
            return None
        if invoice.status != "draft":
            return await missed_credits.note(kept, invoice)
        due = Money(invoice.amount_due, invoice.currency)
        row = RenewalCredit(
            id=ids.new(), subscription=kept.id, person=kept.payer, invoice=fact.invoice_id, amount=0,
            currency=due.currency, at=clock.now(),
        )  # fmt: skip
        row.amount = await reservations.reserve_part(
            row.id, person_id=kept.payer, words=f"Renewal of {await _plan_name(kept.id)}",
            choose=lambda spendable: credit_choices.usable(spendable, due),
        )  # fmt: skip
        if not row.amount:
            return None
        await RenewalCredit.insert(row)
    return row


async def _will_be_charged(kept: Subscription, invoice: MirroredInvoice) -> bool:
    is_billed = kept.status in BILLS and not kept.cancel_at
    is_ours = invoice.currency == shop_settings.current().currency
    return is_billed and is_ours and await credit_choices.is_wanted(kept.payer)


async def _place(row: RenewalCredit) -> None:
    """What Stripe cannot be told now, the timetable comes back to."""
    words = f"Store credit, for the renewal of {await _plan_name(row.subscription)}"
    try:
        await credited_invoices.put(row.invoice, Money(row.amount, row.currency), credit_id=row.id, words=words)
    except (StripeUnavailable, OutcomeUnknown):
        return
    except PaymentRefused:
        await credited_invoices.seen(row.invoice)  # final meanwhile: it says what is on it
    await follow(row.invoice)


async def _settle(invoice_id: str) -> None:
    row, on_it = await of_invoice(invoice_id), await credited_invoices.seen(invoice_id)
    invoice = await invoices.by_id(invoice_id)
    if row is None or invoice is None or row.settled_at:
        return
    kept = await Subscription.objects().get(Subscription.id == row.subscription)
    is_over = kept is not None and kept.status in OVER
    if invoice.status == "draft" and is_over:
        await credited_invoices.take_off(invoice_id)
    elif invoice.status in ("open", "uncollectible") and is_over:
        await invoices.void(invoice_id)
    elif invoice.status == "draft" and not on_it:
        await _place(row)
    await follow(invoice_id, is_over=is_over)


async def follow(invoice_id: str, *, is_over: bool = False) -> None:
    """Bring the row and the ledger to what the mirror says of the invoice. May run twice, and in any order."""
    async with database.transaction():
        row = await database.locked(RenewalCredit, RenewalCredit.invoice == invoice_id)
        invoice = await invoices.by_id(invoice_id)
        if row is None or invoice is None or row.settled_at:
            return
        status = _status(row, invoice, is_over=is_over)
        if status == row.status:
            return
        words = f"Renewal of {await _plan_name(row.subscription)}"
        if status == "spent":
            await reservations.spend(row.id, amount=row.amount, words=words)
        elif status == "released":
            await reservations.release(row.id, words=f"{words} was not paid with it")
        row.status, row.settled_at = status, clock.now() if status in ("spent", "released") else None
        await row.save(columns=[RenewalCredit.status, RenewalCredit.settled_at])


def _status(row: RenewalCredit, invoice: MirroredInvoice, *, is_over: bool) -> str:
    if invoice.status == "void":
        return "released"
    if invoice.store_credit:
        return "spent" if invoice.status == "paid" else "placed"
    return row.status if invoice.status == "draft" and not is_over else "released"


async def _plan_name(subscription_id: UUID) -> str:
    kept = await Subscription.objects().get(Subscription.id == subscription_id)
    assert kept is not None
    return plan_catalogue.by_version(kept.plan_version).name
