"""A plan change made after its date: the renewal that was billed at the old price in the meantime is refunded.

Nobody pays the price of a plan they have left. For a period of the same length the difference is refunded, because the
new price applies to it; for another length all of it, because a period of the new plan began when the change was made.
"""

from datetime import timedelta
from uuid import UUID, uuid5

from components.foundation import clock, database, outbox
from components.foundation.money import Money
from components.memberships.discounts import discount_views
from components.memberships.facts import RenewalRefunded
from components.memberships.plans import plan_catalogue
from components.memberships.tables import PlanChange
from components.payments import payment_refunds
from components.payments.invoicing import invoices
from components.payments.tables import MirroredInvoice

LOOKED_AFTER = timedelta(days=30)
"""How long a renewal may stay unpaid while its card is retried."""


async def correct() -> None:
    """Scheduled, until every renewal of a late change is refunded or void. Idempotent."""
    is_late = (PlanChange.applied_at >= PlanChange.due_at) & (PlanChange.applied_at > clock.now() - LOOKED_AFTER)
    waited = PlanChange.is_now == False  # noqa: E712
    for change in await PlanChange.objects().where(waited & is_late).order_by(PlanChange.due_at):
        for invoice in await invoices.of_subscription(change.subscription):
            if await _is_too_dear(invoice, change):
                await _make_good(change, invoice)


async def _is_too_dear(invoice: MirroredInvoice, change: PlanChange) -> bool:
    """A renewal at the old price that should have been at the new one."""
    if invoice.reason != "subscription_cycle" or invoice.period_start is None or change.applied_at is None:
        return False
    is_meant = invoice.period_start >= change.due_at and invoice.created_at <= change.applied_at
    return is_meant and bool(await _too_much(invoice, change))


async def _too_much(invoice: MirroredInvoice, change: PlanChange) -> int:
    """A discount that the renewal was billed with is taken off the new price as well."""
    if not change.keeps_length:
        return int(invoice.total)
    price = plan_catalogue.by_version(change.to_version).price
    meant = await discount_views.fee_with(invoice.coupon, price) if invoice.discount else price
    return max(0, int(invoice.total) - meant.amount)


async def _make_good(change: PlanChange, invoice: MirroredInvoice) -> None:
    key = uuid5(change.id, invoice.stripe_id)
    if invoice.status == "void" or await payment_refunds.is_requested(key):
        return
    await invoices.sync(invoice.stripe_id)
    invoice = await invoices.by_id(invoice.stripe_id) or invoice
    if invoice.status == "open" and not change.keeps_length:
        await invoices.void(invoice.stripe_id)
    elif invoice.status == "paid":
        await _give_back(change, invoice, key)


async def _give_back(change: PlanChange, invoice: MirroredInvoice, key: UUID) -> None:
    """The fact is announced first: a crash then leaves an early e-mail rather than a refund nobody was told about."""
    left = await payment_refunds.refundable(invoice.stripe_id)
    amount = Money(min(await _too_much(invoice, change), left), invoice.currency)
    if not amount:
        return
    news = RenewalRefunded(change.id, change.subscription, invoice.stripe_id, amount, change.due_at)
    async with database.transaction():
        await outbox.announce(news)
    await payment_refunds.create(change.subscription, amount, key=key, invoice=invoice.stripe_id)
