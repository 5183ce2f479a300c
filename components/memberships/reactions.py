"""What memberships does when payments announces facts. Each may run twice, and in any order."""

from components.memberships.billing import paid_periods, subscription_start, subscriptions, trials
from components.memberships.billing.states import unpaid_joinings
from components.memberships.entitlements import membership_periods
from components.memberships.facts import MembershipEnded
from components.memberships.grants import fixed_term, gift_memberships, seat_sync
from components.payments.facts import (
    CheckoutSessionExpired,
    CheckoutSessionPaid,
    CheckoutSessionPaymentFailed,
    InvoiceFailed,
    InvoicePaid,
    SubscriptionMirrored,
)


async def apply_subscription(fact: SubscriptionMirrored) -> None:
    await trials.admit(fact.local_id)
    await subscriptions.apply(fact.local_id)


async def complete_signup(fact: CheckoutSessionPaid) -> None:
    if fact.purpose == "joining":
        await trials.admit(fact.reference_id)
        await subscriptions.apply(fact.reference_id)
    elif fact.purpose == "term":
        await fixed_term.apply(fact.reference_id)
    elif fact.purpose == "gift":
        await gift_memberships.apply(fact.reference_id)


async def expire_signup(fact: CheckoutSessionExpired) -> None:
    if fact.purpose == "joining":
        await unpaid_joinings.expire(fact.reference_id)
    elif fact.purpose == "term":
        await fixed_term.expire(fact.reference_id)
    elif fact.purpose == "gift":
        await gift_memberships.expire(fact.reference_id)


async def fail_signup(fact: CheckoutSessionPaymentFailed) -> None:
    """A bank debit for the first period, a term or a gift was refused, days after the page."""
    if fact.purpose == "joining":
        await subscription_start.fail(fact.reference_id)
    elif fact.purpose == "term":
        await fixed_term.expire(fact.reference_id)
    elif fact.purpose == "gift":
        await gift_memberships.expire(fact.reference_id)


async def start_pending(fact: MembershipEnded) -> None:
    await gift_memberships.begin_waiting(fact.person_id)


async def close_seats(fact: MembershipEnded) -> None:
    await seat_sync.close_prepaid(fact.membership_id)


async def record_period(fact: InvoicePaid) -> None:
    await paid_periods.record(fact.local_id, fact.invoice_id)
    await subscriptions.apply(fact.local_id)  # the first payment may be what it waited for


async def apply_failed_renewal(fact: InvoiceFailed) -> None:
    await subscriptions.apply(fact.local_id)


async def announce_ended() -> None:
    """Scheduled: memberships end by the clock, and the fact is announced here."""
    while await membership_periods.announce_ended():
        pass
