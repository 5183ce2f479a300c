"""A membership whose renewal is not paid owes money, whatever became of its benefits: one state, with ways out of it.

What is owed is the latest invoice. Paying it brings the membership back at once; what was still open from before is
then void, so nobody pays for periods that lie behind them. Until it is paid or void nobody is told to start again.
"""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import audit, clock
from components.foundation.languages.words import N_
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.billing import subscriptions
from components.memberships.billing.subscription_state import grace_until
from components.memberships.facts import RenewalRecovered, SubscriptionEnded
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription
from components.payments.invoicing import open_invoices
from components.payments.invoicing.open_invoices import OpenInvoice
from components.payments.payment_refusals import CardDeclined, StripeUnavailable

OWING = ("past_due", "unpaid")


class NothingDue(Refusal):
    message = N_("There’s nothing to pay for this membership.")
    status = 409


class NeedsTheMember(Refusal):
    message = (
        "The bank wants the member to confirm this payment, so trying the card again can’t help. "
        "They can confirm it from their membership page, and have been e-mailed the link."
    )
    status = 409


class RetryDeclined(Refusal):
    """`reason` is the bank's, in words for the person who pays."""

    def __init__(self, reason: str) -> None:
        told = reason.replace("Your card", "The card")
        more = "" if told == "The card was declined." else f" {told}"
        super().__init__(f"The card was declined again.{more} Nothing was charged.")


@dataclass(frozen=True, kw_only=True)
class PaymentDue:
    """`grace_until` is None when the benefits do not depend on it. `next_try_at` is None when nobody tries by itself.

    `invoice` is None for a moment, until the invoice has been mirrored; the amount is then the plan's price.
    """

    subscription_id: UUID
    plan_name: str
    amount: Money
    invoice: OpenInvoice | None
    next_try_at: datetime | None
    needs_bank: bool
    grace_until: datetime | None
    has_benefits: bool


async def of_person(person_id: UUID) -> PaymentDue | None:
    running = await subscriptions.running(person_id)
    return await of_subscription(running) if running is not None else None


async def of_subscription(kept: Subscription) -> PaymentDue | None:
    """As last mirrored. A subscription whose return from a pause was left unpaid owes that payment, too."""
    is_owing = kept.status in OWING
    if not is_owing and kept.status != "paused":
        return None
    invoice = await open_invoices.latest(kept.id, drafts=kept.status == "unpaid")
    if invoice is None and not is_owing:
        return None
    plan = plan_catalogue.by_version(kept.plan_version)
    until = grace_until(kept.past_due_since) if is_owing and kept.past_due_since else None
    return PaymentDue(
        subscription_id=kept.id,
        plan_name=plan.name,
        amount=invoice.amount if invoice else plan.price,
        invoice=invoice,
        next_try_at=invoice.next_attempt_at if invoice else None,
        needs_bank=invoice is not None and invoice.needs_bank,
        grace_until=until,
        has_benefits=until is not None and clock.now() < until,
    )


async def check(subscription_id: UUID) -> Subscription:
    """Ask Stripe whether it has been paid. Raises `StripeUnavailable`."""
    await open_invoices.sync(subscription_id)
    await subscriptions.apply(subscription_id)
    return await subscriptions.by_id(subscription_id)


async def page_of(subscription_id: UUID) -> str:
    """Where it is paid, with any card and with the bank's challenge. Raises `NothingDue`, `StripeUnavailable`."""
    due = await of_subscription(await subscriptions.by_id(subscription_id))
    address = await open_invoices.page_of(due.invoice) if due and due.invoice else None
    if address is None:
        await check(subscription_id)
        raise NothingDue
    return address


async def retry(subscription_id: UUID, *, by: UUID) -> PaymentDue:
    """Staff try the card on file again; returns what has been paid.

    Raises `NothingDue`, `NeedsTheMember`, `RetryDeclined`, and what payments raise when nobody knows.
    """
    due = await of_subscription(await check(subscription_id))
    if due is None or due.invoice is None:
        raise NothingDue
    if due.needs_bank:
        raise NeedsTheMember
    tried = {"invoice": due.invoice.id, "amount": due.amount.amount}
    await audit.record(by, "payment tried again", "subscription", subscription_id, after=tried)
    try:
        await open_invoices.pay(due.invoice)
    except CardDeclined as declined:
        raise RetryDeclined(str(declined)) from declined
    with contextlib.suppress(StripeUnavailable):  # it is paid, whoever reads that first
        await check(subscription_id)
    return due


async def close_ended(fact: SubscriptionEnded) -> None:
    """Nothing is owed for a subscription that has ended, so nobody can pay for nothing by an old link."""
    await open_invoices.void_all(fact.subscription_id)


async def close_older(fact: RenewalRecovered) -> None:
    """The latest invoice is paid: what was open from before is void, so that it is never charged later."""
    await open_invoices.void_older(fact.subscription_id)
