"""E-mails about the cost of a membership: trial, discount, plan change, what was charged too much."""

from typing import Any
from uuid import UUID

from components.foundation import formatting
from components.memberships.billing import coming_price, subscriptions
from components.memberships.discounts import fee_discounts
from components.memberships.facts import (
    FeeDiscountBegan,
    FeeDiscountEnded,
    PlanChanged,
    RenewalRefunded,
    TrialRefused,
    TrialStarted,
)
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription
from components.messaging.emails import member_recipients
from components.orders import queries


async def trial_started(fact: TrialStarted) -> None:
    found = await subscriptions.by_id(fact.subscription_id)
    plan = plan_catalogue.by_version(found.plan_version)
    discount = await fee_discounts.open_discount(found.id)
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"trial-started:{found.id}",
            template="trial_started",
            subject=f"Your trial of {formatting.club_name()} has started",
            plan_name=plan.name,
            price_words=f"{plan.price_words} ({discount.words})" if discount else plan.price_words,
            until=fact.until,
            asks_card=plan.trial_ends == "card" or await queries.joined_with(found.id) is not None,
        )


async def trial_refused(fact: TrialRefused) -> None:
    found, order = await subscriptions.by_id(fact.subscription_id), await queries.joined_with(fact.subscription_id)
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"trial-refused:{found.id}",
            template="trial_refused",
            subject="Your trial was not started",
            plan_name=plan_catalogue.by_version(found.plan_version).name,
            order_number=order.number if order else "",
        )


async def discount_began(fact: FeeDiscountBegan) -> None:
    """Not of one that was typed when joining, which the page before the payment has said."""
    found = await fee_discounts.by_id(fact.discount_id)
    if found.source != "code" and found.is_on:
        await _send_discount(fact.discount_id, has_ended=False)


async def discount_ended(fact: FeeDiscountEnded) -> None:
    """Of one that applied and was used up or taken off, while the membership goes on: what the next payment is. Not of
    a code for the first payment alone: that was said where it was paid."""
    found = await fee_discounts.by_id(fact.discount_id)
    was_for_joining = fact.why == "used" and found.row.source == "code" and found.row.payments == 1
    if fact.why in ("used", "taken off") and found.row.begun_at is not None and not was_for_joining:
        await _send_discount(fact.discount_id, has_ended=True)


async def _send_discount(discount_id: UUID, *, has_ended: bool) -> None:
    discount = await fee_discounts.by_id(discount_id)
    kept = await subscriptions.running_by_id(discount.subscription_id)
    if kept is None or kept.cancel_at or kept.current_period_end is None:
        return
    coming = await coming_price.of_renewal(kept)
    async with member_recipients.to(kept.payer) as send:
        await send(
            key=f"fee-discount:{discount_id}:{'ended' if has_ended else 'began'}",
            template="fee_discount",
            subject="Your discount has ended" if has_ended else "A discount on your membership",
            plan_name=coming.name,
            discount=discount.terms.off_words if has_ended else discount.words,
            has_ended=has_ended,
            amount=await fee_discounts.next_fee(kept.id, coming.price),
            renews_at=kept.current_period_end,
        )


async def renewal_refunded(fact: RenewalRefunded) -> None:
    """A change was made late: what was charged too much, and its refund."""
    found = await subscriptions.by_id(fact.subscription_id)
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"renewal-given-back:{fact.change_id}:{fact.invoice_id}",
            template="renewal_given_back",
            subject="A refund for your delayed plan change",
            plan_name=plan_catalogue.by_version(found.plan_version).name,
            amount=fact.amount,
            due_at=fact.due_at,
        )


async def plan_changed(fact: PlanChanged) -> None:
    """The new plan, what it costs, and when it renews. A new price of the same plan was announced long before."""
    found = await subscriptions.by_id(fact.subscription_id)
    if not fact.is_other_plan or found.ended_at or not found.current_period_start:
        return
    plan = plan_catalogue.by_version(found.plan_version)
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"plan-changed:{found.id}:{(fact.at or found.current_period_start).isoformat()}",
            template="plan_changed",
            subject=f"Your plan is now {plan.name}",
            plan_name=plan.name,
            price_words=plan.price_words,
            benefits=tuple(benefit.name for benefit in plan.benefits),
            renews_at=_renews_at(found),
        )


def _renews_at(found: Subscription) -> Any:
    return None if found.cancel_at else found.current_period_end
