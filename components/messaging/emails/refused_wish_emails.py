"""The e-mail to a member whose wish was refused after they were told to wait for the answer."""

from datetime import datetime

from components.memberships.billing import subscriptions
from components.memberships.billing.states import pause_periods
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription
from components.messaging.emails import member_recipients
from components.payments.billing_requests import billing_requests, refused_wishes
from components.payments.facts import BillingRequestSettled

OF_ITS_OWN = frozenset({"cancel", "resume_unbilled"})
"""`cancellation_refused` tells of these."""


async def wish_refused(fact: BillingRequestSettled) -> None:
    """Not where it has ended since. Ending at once has `cancellation_refused`, too, unless it was cancelled before."""
    asked = await billing_requests.by_id(fact.request_id)
    if asked is None or not refused_wishes.is_to_be_told(asked) or fact.kind in OF_ITS_OWN:
        return
    found = await subscriptions.by_id(fact.subject)
    if found.ended_at or (fact.kind == "end_now" and not found.cancel_at):
        return
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"wish-refused:{fact.request_id}",
            template="wish_refused",
            subject="What you asked for didn’t go through",
            plan_name=plan_catalogue.by_version(found.plan_version).name,
            words=refused_wishes.words(asked),
            renews_at=await _renews_at(found),
        )


async def _renews_at(found: Subscription) -> datetime | None:
    """Where it goes on as usual, so that the day is the end of the period."""
    pause = await pause_periods.current(found.id)
    is_moved = pause is not None and pause_periods.is_arranged(pause)
    is_usual = found.status in ("active", "trialing") and not found.cancel_at and not is_moved
    return found.current_period_end if is_usual else None
