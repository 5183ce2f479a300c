"""What memberships does when payments announces facts. Each may run twice, and in any order."""

from components.memberships import gifts, holdings, joining, once, periods, subscriptions, trials
from components.memberships.facts import MembershipEnded
from components.payments import InvoiceFailed, InvoicePaid, PageExpired, PagePaid, SubscriptionMirrored


async def follow_subscription(fact: SubscriptionMirrored) -> None:
    await trials.admit(fact.local_id)
    await subscriptions.follow(fact.local_id)


async def join(fact: PagePaid) -> None:
    if fact.purpose == "joining":
        await trials.admit(fact.reference_id)
        await subscriptions.follow(fact.reference_id)
    elif fact.purpose == "term":
        await once.follow(fact.reference_id)
    elif fact.purpose == "gift":
        await gifts.follow(fact.reference_id)


async def give_up_joining(fact: PageExpired) -> None:
    if fact.purpose == "joining":
        await joining.lapse(fact.reference_id)
    elif fact.purpose == "term":
        await once.lapse(fact.reference_id)
    elif fact.purpose == "gift":
        await gifts.lapse(fact.reference_id)


async def begin_what_waited(fact: MembershipEnded) -> None:
    await gifts.begin_waiting(fact.person_id)


async def record_period(fact: InvoicePaid) -> None:
    await periods.record(fact.local_id, fact.invoice_id)


async def follow_failed_renewal(fact: InvoiceFailed) -> None:
    await subscriptions.follow(fact.local_id)


async def announce_ends() -> None:
    """Scheduled: memberships end by the clock, and the fact is announced here."""
    while await holdings.announce_ends():
        pass
