"""E-mails about the end of a membership: one that was paid for by subscription, and one that nobody is billed for.

Each is written once for its fact; seats have `seat_emails`.
"""

from datetime import timedelta

from components.foundation import audit, clock, settings
from components.foundation.languages.words import _
from components.memberships.billing import fee_disputes, payments_due, subscriptions, trials
from components.memberships.entitlements import membership_history, membership_periods
from components.memberships.entitlements.membership_history import EndedMembership
from components.memberships.facts import MembershipEnded, SubscriptionEnded
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription
from components.messaging.emails import member_recipients

OVER_AFTER = timedelta(days=30)
"""What the clock has ended is announced when a worker next looks; after so long it is no news."""


async def subscription_ended(fact: SubscriptionEnded) -> None:
    """The end, and why. What was still open is void before anybody reads that nothing is owed."""
    found = await subscriptions.by_id(fact.subscription_id)
    if found.ended_at is None or await trials.was_refused(found.id):
        return
    has_begun = await membership_periods.latest_from(found.id) is not None
    if not has_begun or await subscriptions.running(found.payer) is not None:
        return
    await payments_due.close_ended(fact)
    plan = plan_catalogue.by_version(found.plan_version)
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"subscription-ended:{found.id}",
            template="subscription_ended",
            subject=f"Your {plan.name} membership has ended",
            plan_name=plan.name,
            ended_at=found.ended_at,
            why=await _why(found, owed=fact.owed),
            rejoin_link=f"{settings.current().base_url}/join/{plan.slug if plan.is_offered else ''}".rstrip("/"),
        )


async def _why(found: Subscription, *, owed: bool) -> str:
    """Nothing where staff had a hand in it, but for a lost dispute: then it is neither the member's wish nor the
    payment's fault."""
    if await fee_disputes.has_ended(found.id):
        return "disputed"
    was_wanted = bool(found.cancel_at or found.cancel_reason is not None)
    if owed and not was_wanted:
        return "unpaid"
    if await audit.has_entry("subscription", found.id, "subscription cancelled", "subscription ended"):
        return ""
    return "cancelled" if found.cancel_at or found.cancel_reason else ""


async def membership_ended(fact: MembershipEnded) -> None:
    """A gift, a term or anything else that nobody is billed for."""
    found = await membership_history.ended(fact.membership_id)
    if found is None or not found.why or found.goes_on or found.ended_at < clock.now() - OVER_AFTER:
        return
    async with member_recipients.to(fact.person_id) as send:
        await send(
            key=f"membership-ended:{fact.membership_id}",
            template="membership_ended",
            subject="Your membership has ended",
            plan_name=found.plan_name,
            ended_at=found.ended_at,
            why=_(await _why_over(found)),
        )


async def _why_over(found: EndedMembership) -> str:
    is_by_bank = found.source in fee_disputes.WHY_ENDED and await fee_disputes.has_ended(found.source_id)
    return fee_disputes.WHY_ENDED[found.source] if is_by_bank else found.why
