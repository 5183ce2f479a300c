"""Paid periods: one paid invoice is one period of one subscription."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from components.foundation import database, ids, outbox
from components.foundation.money import Money
from components.memberships.billing import subscriptions
from components.memberships.billing.states import late_first_payments
from components.memberships.discounts import fee_discounts
from components.memberships.facts import SubscriptionRenewed
from components.memberships.plans import kept_taxes
from components.memberships.plans.kept_taxes import FeeTaxes
from components.memberships.promises import fee_guarantees
from components.memberships.tables import PaidPeriod, PlanVersion, Subscription
from components.payments import plan_prices, running_subscriptions
from components.payments.checkout_sessions import pages
from components.payments.invoicing import invoices
from components.payments.tables import MirroredInvoice

SECOND = timedelta(seconds=1)
_BILLING = ("subscription_create", "subscription_cycle", "subscription_update")


async def record(subscription_id: UUID, invoice_id: str) -> None:
    """Store the period an invoice has paid for, once, and update the membership. A trial is not a paid period.

    A plan change or the end of a pause may start a new period before the old one is over: the old one ends there. The
    plan and the fee without tax are stored as they are agreed now.
    """
    invoice = await invoices.by_id(invoice_id)
    if invoice is None or invoice.status != "paid" or invoice.reason not in _BILLING:
        return
    async with database.transaction():
        kept = await database.locked(Subscription, Subscription.id == subscription_id)
        goods = await _for_goods(invoice)
        if kept is None or invoice.period_start is None or invoice.period_end is None or _is_free(invoice, goods):
            return
        seen = await running_subscriptions.mirrored(subscription_id)
        if seen is not None:
            await late_first_payments.notice(kept, seen)
        period = await _agreed(kept, invoice, amount=invoice.amount_paid - goods)
        await _keep_apart(period, is_latest=seen is None or seen.latest_invoice == invoice.stripe_id)
        is_change = invoice.reason == "subscription_update" and await _cut_short(subscription_id, period)
        new = await PaidPeriod.insert(period).on_conflict(action="DO NOTHING").returning(PaidPeriod.id)
        await database.execute(_END_WHERE_THE_NEXT_BEGINS, period.id if new else None)
        if new:
            await fee_guarantees.promise_period(
                period, payer=kept.payer, is_change=is_change, credit=invoice.store_credit
            )
        if new and invoice.reason == "subscription_cycle":
            await outbox.announce(SubscriptionRenewed(subscription_id, period.id))
        await subscriptions.apply(subscription_id)


async def _agreed(kept: Subscription, invoice: MirroredInvoice, *, amount: int) -> PaidPeriod:
    """What the invoice bills, at the price it names and with the tax of then."""
    version_id = await plan_prices.version_of(invoice.price) if invoice.price else None
    version = await PlanVersion.objects().get(PlanVersion.id == (version_id or kept.plan_version))
    assert version is not None
    paid_at = invoice.paid_at or invoice.created_at
    taxes = await _taxes_in_force(kept, invoice, version.id)
    starts_at, ends_at = late_first_payments.service_period(kept, invoice)
    fee = await fee_discounts.lasting_fee(invoice.coupon, Money(version.price, version.currency))
    return PaidPeriod(
        id=ids.new(),
        subscription=kept.id,
        invoice=invoice.stripe_id,
        starts_at=starts_at,
        ends_at=ends_at,
        amount=amount,
        currency=invoice.currency,
        paid_at=paid_at,
        plan_version=version.id,
        net_price=taxes.net(fee.amount),
        **taxes.columns(amount),
    )


async def taxes_of(kept: Subscription, invoice: MirroredInvoice, *, version_id: UUID) -> FeeTaxes:
    """Those that were kept with its period; else those that were in force."""
    known = kept_taxes.kept(await of_invoice(invoice.stripe_id))
    return known or await _taxes_in_force(kept, invoice, version_id)


async def _taxes_in_force(kept: Subscription, invoice: MirroredInvoice, version_id: UUID) -> FeeTaxes:
    """Of where the payer lives; of a first fee, where the order goes that it was paid with."""
    paid_at = invoice.paid_at or invoice.created_at
    if invoice.reason == "subscription_create":
        return await kept_taxes.of_first(kept, version_id=version_id, at=paid_at)
    return await kept_taxes.in_force(kept.payer, version_id=version_id, at=paid_at)


def _is_free(invoice: MirroredInvoice, goods: int) -> bool:
    """As a trial is. One that a discount has brought to nothing is a period all the same."""
    return bool(invoice.total == goods and not invoice.discount)


async def _keep_apart(period: PaidPeriod, *, is_latest: bool) -> None:
    """Two charges within one second are two periods all the same: that of the earlier one lasts a second."""
    begins_then = (PaidPeriod.subscription == period.subscription) & (PaidPeriod.starts_at == period.starts_at)
    is_known = await PaidPeriod.exists().where(PaidPeriod.invoice == period.invoice)
    if is_known or not await PaidPeriod.exists().where(begins_then):
        return
    if is_latest:
        period.starts_at += SECOND
    else:
        period.starts_at, period.ends_at = period.starts_at - SECOND, period.starts_at


async def _for_goods(invoice: MirroredInvoice) -> int:
    """The part of a first invoice that was for the order the person joined with."""
    if invoice.reason != "subscription_create" or invoice.local_id is None:
        return 0
    page = await pages.for_reference("joining", invoice.local_id)
    return page.along_amount if page is not None else 0


async def is_period(invoice: MirroredInvoice) -> bool:
    """Whether a paid period is to be recorded for it."""
    has_period = invoice.period_start is not None and invoice.period_end is not None
    is_billing = invoice.status == "paid" and invoice.reason in _BILLING
    return is_billing and has_period and not _is_free(invoice, await _for_goods(invoice))


async def fee_of(invoice: MirroredInvoice) -> int:
    """What was paid for the membership on it, in minor units."""
    return int(invoice.amount_paid) - await _for_goods(invoice)


async def _cut_short(subscription_id: UUID, new: PaidPeriod) -> bool:
    """The period under way ends where the new one starts; one that was to end with it has the new one as its rest.
    Whether there was one."""
    runs = (PaidPeriod.starts_at < new.starts_at) & (PaidPeriod.ends_at > new.starts_at)
    is_its = (PaidPeriod.subscription == subscription_id) & (PaidPeriod.invoice != new.invoice)
    new.is_partial = await PaidPeriod.exists().where(is_its & runs & (PaidPeriod.ends_at == new.ends_at))
    cut = PaidPeriod.update({PaidPeriod.ends_at: new.starts_at}).where(is_its & runs)
    return bool(await cut.returning(PaidPeriod.id))


# A period reported late ends where the one after it started.
_END_WHERE_THE_NEXT_BEGINS = """
UPDATE paid_period p SET ends_at = later.starts_at FROM (SELECT min(o.starts_at) AS starts_at
  FROM paid_period o JOIN paid_period new ON new.subscription = o.subscription AND o.starts_at > new.starts_at
  WHERE new.id = $1) later
WHERE p.id = $1 AND later.starts_at < p.ends_at
"""


async def of_invoice(invoice_id: str) -> PaidPeriod | None:
    """The period that an invoice of Stripe has paid for, once it is recorded."""
    return await PaidPeriod.objects().where(PaidPeriod.invoice == invoice_id).first()


async def of_subscription(subscription_id: UUID) -> Sequence[PaidPeriod]:
    """Newest first."""
    is_its = PaidPeriod.subscription == subscription_id
    return await PaidPeriod.objects().where(is_its).order_by(PaidPeriod.starts_at, ascending=False)
