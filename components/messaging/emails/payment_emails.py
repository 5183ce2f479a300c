"""E-mails about the payments of a membership: one that failed, a receipt, a card's end.

Each is written once for its fact, however late, and only while it is still true: what has been overtaken is silent.
"""

from datetime import timedelta
from typing import Any

from piccolo.columns.combination import WhereRaw

from components.foundation import clock, formatting, settings
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.foundation.operations import one_by_one
from components.invoices import fee_invoices
from components.invoices.fee_invoices import UNUSED
from components.memberships.billing import paid_periods, payments_due, renewals, subscriptions
from components.memberships.billing.payments_due import PaymentDue
from components.memberships.discounts import fee_discounts
from components.memberships.plans import plan_catalogue
from components.memberships.renewal_credits import missed_credits
from components.memberships.tables import Subscription
from components.messaging import email_outbox, invoice_in_email
from components.messaging.emails import member_recipients
from components.messaging.emails.charge_text import card_text, card_used, is_expired_by, tax_text
from components.messaging.tables import Email
from components.payments import cards
from components.payments.facts import InvoiceFailed, InvoicePaid
from components.payments.invoicing import invoices
from components.payments.stripe_calls.payment_intents import CardDetails
from components.payments.tables import MirroredInvoice

RECEIPTED = ("subscription_cycle", "subscription_update")
BEFORE_RENEWAL = (timedelta(days=13), timedelta(days=15))
"""When a card that will have expired by the renewal is mentioned; two days wide, so that a day may be missed."""


async def payment_failed(fact: InvoiceFailed) -> None:
    """Each failed try of a renewal: the amount, the card, the next try, and the way to pay. Asks Stripe first."""
    if await subscriptions.running_by_id(fact.local_id) is None:
        return
    found = await payments_due.check(fact.local_id)
    due = await payments_due.of_subscription(found)
    if due is None or due.invoice is None or (due.invoice.id, due.invoice.attempts) != (fact.invoice_id, fact.attempt):
        return
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"payment-failed:{fact.invoice_id}:{fact.attempt}",
            template="payment_failed",
            subject=_subject(due, fact.attempt),
            plan_name=due.plan_name,
            amount=due.amount,
            card=card_text(await cards.of_subscription(found.id)),
            attempt=fact.attempt,
            next_try_at=due.next_try_at,
            needs_bank=due.needs_bank,
            grace_until=due.grace_until if due.has_benefits else None,
            has_benefits=due.has_benefits,
            pay_link=f"{settings.current().base_url}/account/membership/payment",
        )


def _subject(due: PaymentDue, attempt: int) -> str:
    amount = formatting.money(due.amount)
    if due.needs_bank:
        return f"Please confirm your membership payment of {amount}"
    if due.next_try_at is None:
        return f"Last reminder: your membership payment of {amount}"
    again = " again" if attempt > 1 else ""
    return f"Your membership payment of {amount} did not go through{again}"


async def receipt(fact: InvoicePaid) -> None:
    """For each renewal, the first charge after a trial, and each charge for a change; "recovered" after a failure."""
    invoice = await invoices.by_id(fact.invoice_id)
    if invoice is None or invoice.status != "paid" or invoice.reason not in RECEIPTED:
        return
    if not invoice.amount_paid and not invoice.store_credit:
        return
    paid_at = invoice.paid_at or invoice.created_at
    found = await subscriptions.running_by_id(fact.local_id)
    if found is None:
        return
    amount = Money(invoice.amount_paid, invoice.currency)
    credit = Money(max(0, invoice.total - invoice.amount_paid), invoice.currency)
    had_failed, used = await _had_failed(invoice), await card_used(invoice)
    ours = invoice_in_email.of(await fee_invoices.ensure_fee(invoice.stripe_id))
    taxes = await paid_periods.taxes_of(found, invoice, version_id=found.plan_version)
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"payment-receipt:{invoice.stripe_id}",
            template="payment_receipt",
            subject=_receipt_subject(amount, had_failed=had_failed),
            amount=amount,
            **await _discount(invoice, amount + credit),
            had_failed=had_failed,
            paid_at=paid_at,
            number=ours.number or invoice.number or "",
            card=card_text(used),
            next_card=await _next_card(found, used),
            tax=tax_text(amount + credit, taxes.category, taxes.there, invoice.tax),
            credit=credit,
            billed=amount + credit,
            missed=await missed_credits.of(invoice, found.payer),
            invoice=ours,
            **_period(found, invoice),
        )


async def _discount(invoice: MirroredInvoice, billed: Money) -> dict[str, Any]:
    """What was taken off the fee: of the charge for a change of plan, the unused time of the plan before, while a
    discount is in the fee already."""
    if invoice.reason == "subscription_update":
        off, words = Money(invoice.unused, invoice.currency), _(UNUSED) if invoice.unused else ""
    else:
        off = Money(invoice.discount, invoice.currency)
        words = (await fee_discounts.words_of(invoice.coupon) or _("Discount")) if off else ""
    return {"discount": words, "off": off, "fee": billed + off}


async def _next_card(found: Subscription, used: CardDetails | None) -> str:
    """The card on file, where another one has paid this time."""
    on_file = await cards.of_subscription(found.id)
    return card_text(on_file) if used and on_file and used.fingerprint != on_file.fingerprint else ""


def _receipt_subject(amount: Money, *, had_failed: bool) -> str:
    words = formatting.money(amount)
    return f"Your payment of {words} went through" if had_failed else f"Receipt for your membership: {words}"


def _period(found: Subscription, invoice: MirroredInvoice) -> dict[str, Any]:
    """A charge for a change within a period has no period of its own, and may be for a plan not mirrored yet."""
    from_at, until = invoice.period_start, invoice.period_end
    plan = plan_catalogue.by_version(found.plan_version)
    return {
        "plan_name": plan.name if from_at else "",
        "from_at": from_at,
        "until": until,
        "next_at": until if found.status == "active" and not found.cancel_at else None,
    }


async def _had_failed(invoice: MirroredInvoice) -> bool:
    """Whether the member was told that it had not gone through."""
    return bool(await Email.exists().where(WhereRaw("starts_with(key, {})", f"payment-failed:{invoice.stripe_id}:")))


async def send_card_notices() -> None:
    """Scheduled: two weeks before a renewal that the card on file will not live to see."""
    now, (from_in, until_in) = clock.now(), BEFORE_RENEWAL
    found = await renewals.renewing(from_at=now + from_in, until_at=now + until_in)
    await one_by_one.each(found, _card_expiring, what="notice of a card")


async def _card_expiring(kept: Subscription) -> None:
    coming, card = await renewals.coming(kept), await cards.of_subscription(kept.id)
    if card is None or not coming.fee or not is_expired_by(card, coming.renews_at):
        return
    which = f"{card.last4}-{card.expires_year}-{card.expires_month}"
    key = f"card-expiring:{coming.subscription_id}:{coming.renews_at.date()}:{which}"
    if await email_outbox.was_sent(key):
        return
    async with member_recipients.to(coming.payer) as send:
        await send(
            key=key,
            template="card_expiring",
            subject="Your card expires before your membership renews",
            plan_name=coming.plan_name,
            price=coming.price,
            renews_at=coming.renews_at,
            card=card_text(card),
            has_expired=is_expired_by(card, clock.now()),
        )
