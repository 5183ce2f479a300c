"""Store credit that was to pay a renewal, and came too late: Stripe puts nothing on an invoice that is final."""

from datetime import datetime
from uuid import UUID

from components.foundation import clock, ids
from components.foundation.money import Money
from components.memberships.renewal_credits import credit_choices
from components.memberships.renewal_credits.tables import RenewalCredit, RenewalCreditChoice
from components.memberships.tables import Subscription
from components.payments.tables import MirroredInvoice

RENEWAL = "subscription_cycle"


async def of(invoice: MirroredInvoice, payer: UUID) -> Money:
    """How much of a final invoice would have been paid with credit; zero where it was, or nobody wanted that."""
    nothing = Money(0, invoice.currency)
    if invoice.reason != RENEWAL or invoice.store_credit or invoice.status in ("draft", "void"):
        return nothing
    row = await RenewalCredit.objects().where(RenewalCredit.invoice == invoice.stripe_id).first()
    if row is not None:
        return Money(row.amount, row.currency)
    if not await _was_wanted(payer, invoice.created_at):
        return nothing
    billed = Money(invoice.total, invoice.currency)
    return await credit_choices.coming(payer, billed, clock.now())


async def note(kept: Subscription, invoice: MirroredInvoice) -> RenewalCredit | None:
    """Kept for the pages: nothing was reserved for it, so that nothing is given back. Where its row is locked."""
    missed = await of(invoice, kept.payer)
    if not missed:
        return None
    row = RenewalCredit(
        id=ids.new(), subscription=kept.id, person=kept.payer, invoice=invoice.stripe_id, amount=missed.amount,
        currency=missed.currency, status="released", at=clock.now(), settled_at=clock.now(),
    )  # fmt: skip
    await RenewalCredit.insert(row)
    return row


async def of_subscription(subscription_id: UUID) -> dict[str, int]:
    """By invoice; of those that were void nothing was paid."""
    is_back = (RenewalCredit.subscription == subscription_id) & (RenewalCredit.status == "released")
    return {row.invoice: row.amount for row in await RenewalCredit.objects().where(is_back)}


async def _was_wanted(payer: UUID, at: datetime) -> bool:
    chosen = (RenewalCreditChoice.person == payer) & (RenewalCreditChoice.since <= at)
    return bool(await RenewalCreditChoice.exists().where(chosen))
