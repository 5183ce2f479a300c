"""E-mails about a membership: welcome, cancellation and its withdrawal, upcoming renewal."""

from datetime import datetime, timedelta
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from components.foundation import clock, formatting
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.memberships.billing import renewals, subscriptions
from components.memberships.billing.states import current_states
from components.memberships.billing.states.membership_states import MembershipState
from components.memberships.entitlements import entitlements, membership_history, savings
from components.memberships.facts import CancellationScheduled, CancellationWithdrawn, MembershipStarted
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription
from components.messaging import email_outbox
from components.messaging.emails import member_recipients
from components.messaging.emails.charge_text import card_text, tax_text
from components.messaging.tables import Email
from components.payments import cards

TOO_LATE = timedelta(days=7)
NOTICE = timedelta(days=21)


async def welcome(fact: MembershipStarted) -> None:
    """To new members of a plan that is paid for, complimentary or a gift; the free tier needs no welcome.

    Nor does the return from a pause, or another plan: the membership from that source began before.
    """
    standing = await entitlements.for_person(fact.person_id)
    plan = next((one for one in standing.plans if one.membership_id == fact.membership_id), None)
    if plan is None or plan.is_free or plan.from_at < clock.now() - TOO_LATE:
        return
    if await membership_history.member_since(fact.membership_id) != plan.from_at:
        return
    promised = plan_catalogue.by_slug(plan.plan_slug)
    await member_recipients.send(
        fact.person_id,
        key=f"membership-started:{fact.membership_id}",
        template="membership_started",
        subject=f"Welcome to {shop_settings.current().club_name}",
        plan_name=plan.plan_name,
        price_words="" if plan.subscription_id is None else promised.price_words,
        benefits=tuple(benefit.name for benefit in promised.benefits),
        renews_at=plan.period_end,
        is_trial=await _is_on_trial(plan.subscription_id),
        until=plan.until_at if plan.subscription_id is None else None,
    )


async def _is_on_trial(subscription_id: UUID | None) -> bool:
    if subscription_id is None:
        return False
    return (await current_states.of_subscription(subscription_id)).state is MembershipState.TRIAL


async def cancellation_receipt(fact: CancellationScheduled) -> None:
    """A confirmation with the time of cancelling and the end date. None when it has been withdrawn meanwhile."""
    found = await subscriptions.by_id(fact.subscription_id)
    if fact.until <= clock.now() or found.cancel_at is None:
        return
    turn = await _written("cancellation-withdrawn", found.id)
    await member_recipients.send(
        found.payer,
        key=f"cancellation:{found.id}:{turn}",
        template="cancellation_receipt",
        subject="Your membership is cancelled",
        plan_name=_plan_name(found),
        until=fact.until,
        off_until=await _off_until(found),
        received_at=clock.now(),
    )


async def cancellation_withdrawn(fact: CancellationWithdrawn) -> None:
    found = await subscriptions.by_id(fact.subscription_id)
    turn = await _written("cancellation", found.id)
    if not turn or found.ended_at or found.cancel_at:
        return
    await member_recipients.send(
        found.payer,
        key=f"cancellation-withdrawn:{found.id}:{turn}",
        template="cancellation_withdrawn",
        subject="Your membership continues",
        plan_name=_plan_name(found),
        renews_at=found.current_period_end,
        off_until=await _off_until(found),
    )


async def _off_until(found: Subscription) -> datetime | None:
    """The end of the pause that keeps the benefits off now."""
    current = await current_states.of_subscription(found.id)
    return current.pause.until_at if current.is_paused and current.pause else None


async def send_renewal_notices() -> None:
    """Scheduled: three weeks before a yearly renewal, with amount, tax, card, date and what it has saved."""
    now = clock.now()
    for coming in await renewals.yearly(from_at=now, until_at=now + NOTICE):
        key = f"renewal-notice:{coming.subscription_id}:{coming.renews_at.date()}"
        if await email_outbox.was_sent(key):
            continue
        saved = await savings.total(coming.payer, since=coming.since)
        await member_recipients.send(
            coming.payer,
            key=key,
            template="renewal_notice",
            subject=f"Your membership renews on {formatting.day(coming.renews_at)}",
            plan_name=coming.plan_name,
            length_words=coming.length_words,
            price=coming.price,
            tax=tax_text(coming.price),
            card=card_text(await cards.of_subscription(coming.subscription_id)),
            renews_at=coming.renews_at,
            saved=Money(max(0, saved), coming.price.currency),
        )


async def _written(kind: str, subscription_id: UUID) -> int:
    """How many e-mails of this kind there are about the subscription: each change of mind gets its own e-mail."""
    return int(await Email.count().where(WhereRaw("starts_with(key, {})", f"{kind}:{subscription_id}:")))


def _plan_name(subscription: Subscription) -> str:
    return plan_catalogue.by_version(subscription.plan_version).name
