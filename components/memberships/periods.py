"""Paid periods: one paid invoice is one period of one subscription."""

from collections.abc import Sequence
from uuid import UUID

from components import payments
from components.foundation import database, ids, outbox
from components.memberships import subscriptions
from components.memberships.facts import SubscriptionRenewed
from components.memberships.tables import PaidPeriod, Subscription

_BILLING = ("subscription_create", "subscription_cycle")


async def record(subscription_id: UUID, invoice_id: str) -> None:
    """Keep the period an invoice has paid for, once, and let the membership follow."""
    invoice = await payments.invoices.by_id(invoice_id)
    if invoice is None or invoice.status != "paid" or invoice.reason not in _BILLING:
        return
    async with database.transaction():
        kept = await database.locked(Subscription, Subscription.id == subscription_id)
        if kept is None or invoice.period_start is None or invoice.period_end is None:
            return
        period_id = await database.fetch_value(
            """INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency, paid_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id""",
            ids.new(), subscription_id, invoice_id, invoice.period_start, invoice.period_end,
            invoice.amount_paid, invoice.currency, invoice.paid_at or invoice.created_at,
        )  # fmt: skip
        if period_id is not None and invoice.reason == "subscription_cycle":
            await outbox.announce(SubscriptionRenewed(subscription_id, period_id))
        await subscriptions.follow(subscription_id)


async def of(subscription_id: UUID) -> Sequence[PaidPeriod]:
    """The newest first."""
    is_its = PaidPeriod.subscription == subscription_id
    return await PaidPeriod.objects().where(is_its).order_by(PaidPeriod.starts_at, ascending=False)
