"""Paid periods: one paid invoice is one period of one subscription."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from components.foundation import database, ids, outbox
from components.memberships.billing import subscriptions
from components.memberships.facts import SubscriptionRenewed
from components.memberships.tables import PaidPeriod, Subscription
from components.payments import invoices
from components.payments.checkout_sessions import pages
from components.payments.tables import MirroredInvoice

_BILLING = ("subscription_create", "subscription_cycle", "subscription_update")


async def record(subscription_id: UUID, invoice_id: str) -> None:
    """Store the period an invoice has paid for, once, and update the membership. A trial is not a paid period.

    A plan change or the end of a pause may start a new period before the old one is over: the old one ends there.
    """
    invoice = await invoices.by_id(invoice_id)
    if invoice is None or invoice.status != "paid" or invoice.reason not in _BILLING:
        return
    async with database.transaction():
        kept = await database.locked(Subscription, Subscription.id == subscription_id)
        goods = await _for_goods(invoice)
        if kept is None or invoice.period_start is None or invoice.period_end is None or invoice.total == goods:
            return
        if invoice.reason == "subscription_update":
            await _cut_short(subscription_id, invoice.period_start)
        period_id = await database.fetch_value(
            """INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency, paid_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id""",
            ids.new(), subscription_id, invoice_id, invoice.period_start, invoice.period_end,
            invoice.amount_paid - goods, invoice.currency, invoice.paid_at or invoice.created_at,
        )  # fmt: skip
        await _leave_room(period_id)
        if period_id is not None and invoice.reason == "subscription_cycle":
            await outbox.announce(SubscriptionRenewed(subscription_id, period_id))
        await subscriptions.apply(subscription_id)


async def _for_goods(invoice: MirroredInvoice) -> int:
    """The part of a first invoice that was for the order the person joined with."""
    if invoice.reason != "subscription_create" or invoice.local_id is None:
        return 0
    page = await pages.for_reference("joining", invoice.local_id)
    return page.along_amount if page is not None else 0


async def _cut_short(subscription_id: UUID, at: datetime) -> None:
    await database.execute(
        "UPDATE paid_period SET ends_at = $2 WHERE subscription = $1 AND starts_at < $2 AND ends_at > $2",
        subscription_id, at,
    )  # fmt: skip


async def _leave_room(period_id: UUID | None) -> None:
    """A period reported late ends where the one after it started."""
    await database.execute(
        """UPDATE paid_period p SET ends_at = later.starts_at FROM (SELECT min(o.starts_at) AS starts_at
          FROM paid_period o JOIN paid_period new ON new.subscription = o.subscription AND o.starts_at > new.starts_at
          WHERE new.id = $1) later
        WHERE p.id = $1 AND later.starts_at < p.ends_at""",
        period_id,
    )


async def of_subscription(subscription_id: UUID) -> Sequence[PaidPeriod]:
    """Newest first."""
    is_its = PaidPeriod.subscription == subscription_id
    return await PaidPeriod.objects().where(is_its).order_by(PaidPeriod.starts_at, ascending=False)
