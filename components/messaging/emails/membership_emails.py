"""E-mails about a membership: welcome, cancellation, its withdrawal."""

from datetime import UTC, datetime
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from components.foundation import clock, formatting
from components.foundation.money import Money
from components.invoices import fee_invoices
from components.invoices.tables import IssuedInvoice
from components.memberships.billing import subscriptions
from components.memberships.billing.states import current_states
from components.memberships.billing.states.membership_states import MembershipState
from components.memberships.entitlements import entitlements, membership_history
from components.memberships.entitlements.customer_entitlements import HeldPlan
from components.memberships.facts import (
    CancellationRefused,
    CancellationScheduled,
    CancellationWithdrawn,
    MembershipStarted,
)
from components.memberships.grants import seats
from components.memberships.plans import plan_cache, plan_catalogue
from components.memberships.tables import Subscription
from components.messaging import invoice_in_email
from components.messaging.emails import member_recipients
from components.messaging.tables import Email
from components.payments.checkout_sessions import pages

FIRST = datetime(2000, 1, 1, tzinfo=UTC)


async def welcome(fact: MembershipStarted) -> None:
    """To new members of a plan that is paid for, complimentary or a gift; the free tier needs no welcome.

    Nor does the return from a pause, or another plan: the membership from that source began before.
    """
    standing = await entitlements.for_person(fact.person_id)
    plan = next((one for one in standing.plans if one.membership_id == fact.membership_id), None)
    if plan is None or plan.is_free:
        return
    if await membership_history.member_since(fact.membership_id) != plan.from_at:
        return
    promised = plan_catalogue.with_variant(plan_catalogue.by_slug(plan.plan_slug), plan.variant)
    async with member_recipients.to(fact.person_id) as send:
        await send(
            key=f"membership-started:{fact.membership_id}",
            template="membership_started",
            subject=f"Welcome to {formatting.club_name()}",
            plan_name=plan.plan_name,
            price_words=await _agreed_price(plan.subscription_id),
            paid=await _paid_on_joining(plan),
            benefits=tuple(benefit.name for benefit in promised.benefits),
            promised=_promised(plan),
            renews_at=plan.period_end,
            is_trial=await _is_on_trial(plan.subscription_id),
            until=plan.until_at if plan.subscription_id is None else None,
            is_for_life=plan.source == "term" and plan.until_at is None,
            is_complimentary=plan.source == "comp",
            giver=await _giver(plan),
            invoice=invoice_in_email.of(await _joining_invoice(plan)),
        )


def _promised(plan: HeldPlan) -> str:
    """What an experiment promised whoever joined in it."""
    known = plan_cache.current().variants
    is_theirs = plan.source == "subscription" and plan.variant is not None and plan.variant in known
    return plan_catalogue.of_variant(known[plan.variant]).words if is_theirs and plan.variant else ""


async def _agreed_price(subscription_id: UUID | None) -> str:
    """Of the version that was agreed to: not what everybody is offered, which may be with tax or another sum."""
    if subscription_id is None:
        return ""
    return plan_catalogue.by_version((await subscriptions.by_id(subscription_id)).plan_version).price_words


async def _paid_on_joining(plan: HeldPlan) -> Money | None:
    """The fee that was paid on the page, without the goods that were paid with it; None where nothing was."""
    purpose = {"subscription": "joining", "term": "term"}.get(plan.source)
    source_id = await membership_history.source_id(plan.membership_id)
    page = await pages.for_reference(purpose, source_id) if purpose and source_id else None
    fee = pages.fee_of(page) if page is not None and page.is_paid else 0
    return Money(fee, page.currency) if page is not None and fee else None


async def _joining_invoice(plan: HeldPlan) -> IssuedInvoice | None:
    source_id = await membership_history.source_id(plan.membership_id)
    if source_id is None:
        return None
    if plan.source == "term":
        return await fee_invoices.ensure_once(source_id)
    return await fee_invoices.ensure_latest(source_id) if plan.source == "subscription" else None


async def _giver(plan: HeldPlan) -> str:
    """Who shares it; empty where it is their own."""
    source_id = await membership_history.source_id(plan.membership_id) if plan.source == "seat" else None
    seat = await seats.by_id(source_id) if source_id else None
    return await seats.payer_of(seat) if seat else ""


async def _is_on_trial(subscription_id: UUID | None) -> bool:
    if subscription_id is None:
        return False
    return (await current_states.of_subscription(subscription_id)).state is MembershipState.TRIAL


async def cancellation_receipt(fact: CancellationScheduled) -> None:
    """A confirmation with the time of cancelling and the end date. None when it has been withdrawn meanwhile.

    Whoever changes their mind again gets another: each cancellation is told once, however quickly they follow.
    """
    found = await subscriptions.by_id(fact.subscription_id)
    is_over = fact.until <= clock.now() or found.cancel_at is None
    if is_over or await _was_written("cancellation", found.id, since=fact.at):
        return
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"cancellation:{found.id}:{fact.turn or 0}",
            template="cancellation_receipt",
            subject="Your membership is cancelled",
            plan_name=_plan_name(found),
            until=fact.until,
            off_until=await _off_until(found),
            received_at=fact.at or clock.now(),
        )


async def cancellation_refused(fact: CancellationRefused) -> None:
    """To whoever was told that the answer is awaited. None where it has ended or been cancelled since."""
    found = await subscriptions.by_id(fact.subscription_id)
    if found.ended_at or found.cancel_at:
        return
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"cancellation-refused:{fact.request_id}",
            template="cancellation_refused",
            subject="Your membership is not cancelled",
            plan_name=_plan_name(found),
            renews_at=found.current_period_end,
        )


async def cancellation_withdrawn(fact: CancellationWithdrawn) -> None:
    found = await subscriptions.by_id(fact.subscription_id)
    if found.ended_at or found.cancel_at or not await _was_written("cancellation", found.id):
        return
    if fact.at and await _was_written("cancellation-withdrawn", found.id, since=fact.at):
        return
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"cancellation-withdrawn:{found.id}:{fact.turn or 1}",
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


async def _was_written(kind: str, subscription_id: UUID, *, since: datetime | None = FIRST) -> bool:
    """Whether there is an e-mail of this kind that says what is so: one written after `since` knew of what happened
    then. False where it is not known when that was."""
    if since is None:
        return False
    about = WhereRaw("starts_with(key, {})", f"{kind}:{subscription_id}:")
    return bool(await Email.exists().where(about & (Email.created_at > since)))


def _plan_name(subscription: Subscription) -> str:
    return plan_catalogue.by_version(subscription.plan_version).name
