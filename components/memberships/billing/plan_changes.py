"""From one plan to another: what changes in benefits and money, and the change itself.

A plan whose single payment is larger starts at once: the unused part of the old one is deducted, and the amount shown
is the amount charged, or nothing changes. A bank that asks the member to confirm it is waited for, and so is an answer
that has not come (`plan_confirmations`). One whose payment is smaller starts with the next period; until then
everything stays as paid, and nothing is refunded. So does any change while a pause or a late first payment has moved
the renewal, or Stripe is still to be told so: it would deduct nothing for that time, or too little. So does one
while the fee that is held has tax in it and the coming one has not, or the reverse: one payment has one tax.
Within a free trial every change waits for its end: the trial goes on as it began, and the first fee is the new plan's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from piccolo.columns import Column

from components.foundation import clock, database, ids, outbox
from components.foundation.languages.words import N_, _
from components.foundation.money import Money
from components.foundation.operations import one_by_one
from components.foundation.refusals import NotFound, Refusal
from components.memberships.billing import change_corrections, coming_price, plan_confirmations, subscriptions
from components.memberships.billing.states import late_first_payments, pause_periods
from components.memberships.entitlements import membership_periods
from components.memberships.facts import PlanChangeDropped, PlanChangePlanned
from components.memberships.plans import plan_catalogue, reverse_charges
from components.memberships.plans.plan_catalogue import BenefitView, PlanView
from components.memberships.promises import open_plans, plan_places
from components.memberships.tables import PlanChange, Subscription
from components.payments import subscription_changes
from components.payments.billing_requests import billing_requests
from components.payments.invoicing import invoices
from components.payments.payment_refusals import CardDeclined, NeedsConfirmation, OutcomeUnknown, StillAsking

log = structlog.get_logger()
SHOWN_FOR = timedelta(minutes=30)
"""How long a sum that was shown can be agreed to."""
AHEAD = timedelta(hours=24)
"""Within the last day of a period the price of the next one is set; when its length changes, in the last hour, unless
it is a trial, for which Stripe bills nothing."""
AHEAD_OF_ANOTHER_LENGTH = timedelta(hours=1)
IN_A_TRIAL = "trialing"


class CannotChange(Refusal):
    message = N_("You can change plan in a trial, or while your membership is active and paid up.")
    status = 409


WHY_NOT = {
    "paused": N_("Your membership is paused. Resume it first, then change plan."),
    "past_due": N_("Your last payment hasn’t gone through. Pay what’s due first, then change plan."),
    "unpaid": N_("Your last payment hasn’t gone through. Pay what’s due first, then change plan."),
}
CANCELLED = N_("Your membership is cancelled. Keep it first, then change plan.")


class AlreadyArranged(CannotChange):
    message = N_("You’re about to move to another plan. Choose “Keep my current plan” first, then change plan.")


class NothingLeft(CannotChange):
    message = N_("Your discount would leave nothing to pay for this plan, so you can’t change to it while you have it.")


class TooLateToKeep(Refusal):
    message = N_("It’s too late to keep your current plan: the change has been made and begins within the hour.")
    status = 409


class SamePlan(Refusal):
    message = N_("You’re already on this plan.")


class PreviewOutdated(Refusal):
    message = N_("The amount has changed since this page was loaded. Please check it again.")
    status = 409


class Declined(Refusal):
    message = N_("Your card was declined. You’re still on your current plan. You can use a different card below.")


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    words: str
    amount: Money


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Everything that would change. `due` is charged now; `at` is the instant it was calculated for. It `waits_for_tax`
    where the fee loses its tax, or gets it back, with the renewal: until then nothing changes. `is_trial`: nothing has
    been paid yet, and it begins when the free trial ends."""

    before: PlanView
    after: PlanView
    is_now: bool
    is_trial: bool
    waits_for_tax: bool
    keeps_length: bool
    at: datetime
    begins_at: datetime
    due: Money
    lines: tuple[ChangeLine, ...]
    renews_at: datetime | None
    gained: tuple[BenefitView, ...]
    kept: tuple[BenefitView, ...]
    lost: tuple[BenefitView, ...]

    @property
    def credit(self) -> Money:
        """The credit for the unused part of the old plan."""
        return sum((-line.amount for line in self.lines if line.amount.amount < 0), Money.zero(self.due.currency))


async def choices(subscription: Subscription) -> tuple[PlanView, ...]:
    """The plans that are offered, renew and have a place for them, other than the current one, at what they pay."""
    held = plan_catalogue.by_version(subscription.plan_version)
    found = [plan for plan in plan_catalogue.active_plans() if plan.renews and plan.id != held.id]
    business = await reverse_charges.of_payer(subscription.payer)
    return tuple(
        [await reverse_charges.price_for(plan, business) for plan in await open_plans.of(found, subscription.payer)]
    )


async def difference(subscription_id: UUID, plan: PlanView, *, at: datetime | None = None) -> Difference:
    """What changing to `plan` means, asked of Stripe for one instant. Raises `CannotChange`, `SamePlan`."""
    kept = await subscriptions.by_id(subscription_id)
    plan = await reverse_charges.plan_for(plan, kept.payer)
    before = await membership_periods.plan_held(kept.id, kept.plan_version)
    _check(kept, before, plan)
    if await coming_price.arranged_version(kept) is not None:
        raise AlreadyArranged
    if not await coming_price.leaves_something(kept, plan):
        raise NothingLeft
    assert kept.current_period_end is not None
    at = (at or clock.now()).replace(microsecond=0)
    is_moved = late_first_payments.is_unmoved(kept) or await pause_periods.is_renewal_moved(kept.id)
    is_trial = kept.status == IN_A_TRIAL
    waits_for_tax = plan.is_net != before.is_net and not is_trial
    is_now = plan.price > before.price and not (is_trial or is_moved or waits_for_tax)
    lines, due = await _priced(kept.id, plan, at) if is_now else ((), Money.zero(plan.price.currency))
    keeps_length = (plan.interval, plan.interval_count) == (before.interval, before.interval_count)
    current_ids, new_ids = {one.id for one in before.benefits}, {one.id for one in plan.benefits}
    return Difference(
        before=before,
        after=plan,
        is_now=is_now,
        is_trial=is_trial,
        waits_for_tax=waits_for_tax,
        keeps_length=keeps_length,
        at=at,
        begins_at=at if is_now else kept.current_period_end,
        due=due,
        lines=lines,
        renews_at=kept.current_period_end if keeps_length and is_now else None,
        gained=tuple(one for one in plan.benefits if one.id not in current_ids),
        kept=tuple(one for one in plan.benefits if one.id in current_ids),
        lost=tuple(one for one in before.benefits if one.id not in new_ids),
    )


async def apply(subscription_id: UUID, plan: PlanView, *, at: datetime, agreed: Money) -> PlanChange:
    """Change as it was shown for the instant `at`; `agreed` is the amount that was shown as due now.

    Raises `PreviewOutdated`, `Declined` (the old plan stays), `CannotChange`, `SamePlan`, `StillAsking`,
    `OutcomeUnknown`. A change with `confirm_until` waits for the member's bank.
    """
    if not clock.now() - SHOWN_FOR <= at <= clock.now():
        raise PreviewOutdated
    found = await difference(subscription_id, plan, at=at)
    if found.due != agreed:
        raise PreviewOutdated
    if (asking := await billing_requests.unsettled(subscription_id)) is not None:
        raise StillAsking(asking.id)
    await plan_confirmations.give_up(subscription_id)
    change = await _noted(subscription_id, found)
    if found.is_now:
        await _make_now(change, found.after)
    return await PlanChange.objects().where(PlanChange.id == change.id).first() or change


async def planned(subscription_id: UUID) -> tuple[PlanChange, PlanView] | None:
    """The change that waits for the next period, and the plan it leads to, at what its payer will pay."""
    found = await coming_price.planned_change(subscription_id)
    if found is None:
        return None
    payer = (await subscriptions.by_id(subscription_id)).payer
    return found, await reverse_charges.plan_for(plan_catalogue.by_version(found.to_version), payer)


async def cancel(subscription_id: UUID) -> None:
    """Keep the current plan: nothing planned, and nothing left to confirm. Idempotent.

    Stripe is told again when it knew of the change already. Raises `TooLateToKeep`, `StillAsking`, `OutcomeUnknown`,
    and what `plan_confirmations.give_up` raises.
    """
    await plan_confirmations.give_up(subscription_id)
    change = await coming_price.planned_change(subscription_id)
    if change is not None and await coming_price.is_arranged(change):
        await _take_back(change)
    async with database.transaction():
        for change_id in await _drop_waiting(subscription_id, "withdrawn"):
            await outbox.announce(PlanChangeDropped(change_id, subscription_id))


async def _take_back(change: PlanChange) -> None:
    kept = await subscriptions.by_id(change.subscription)
    if not change.keeps_length and kept.status != IN_A_TRIAL:
        raise TooLateToKeep
    price = await subscriptions.price_of(plan_catalogue.by_version(kept.plan_version))
    key = await billing_requests.anew(f"{plan_confirmations.KEPT}{change.id}")
    await subscription_changes.take_price_from_renewal(kept.id, price, key=key)
    await plan_confirmations.take_back(change.id)


async def apply_due() -> None:
    """Scheduled: a change for the next period is made shortly before it starts.

    Or afterwards, if that failed: what was billed at the old price in the meantime is refunded.
    """
    await one_by_one.steps(_make_due, _follow_begun, change_corrections.correct, what="part of the planned changes")


async def _make_due() -> None:
    await one_by_one.each(await database.fetch_values(_DUE, clock.now() + AHEAD), _tried, what="planned change")


async def _follow_begun() -> None:
    now = clock.now()
    begun = await database.fetch_values(_BEGUN, now, now - timedelta(days=2))
    await one_by_one.each(begun, subscriptions.apply, what="changed subscription")


_DUE = """
SELECT c.id FROM plan_change c JOIN subscription s ON s.id = c.subscription
WHERE c.applied_at IS NULL AND c.dropped_at IS NULL AND NOT c.is_now AND LEAST(s.current_period_end, c.due_at) <= $1
ORDER BY c.due_at
"""

# Stripe has billed them already, for a period of another length: they are made at the date that was named.
_BEGUN = """
SELECT s.id FROM plan_change c JOIN subscription s ON s.id = c.subscription
WHERE c.applied_at IS NOT NULL AND c.dropped_at IS NULL AND NOT c.is_now AND NOT c.keeps_length
  AND c.due_at <= $1 AND c.due_at > $2 AND s.plan_version <> c.to_version
"""


async def _tried(change_id: UUID) -> None:
    try:
        await _apply(change_id)
    except Refusal as refusal:
        log.warning("a planned change is tried again", change=str(change_id), words=str(refusal))


async def _apply(change_id: UUID) -> None:
    change = await PlanChange.objects().where(PlanChange.id == change_id).first()
    if change is None or change.applied_at or change.dropped_at:
        return
    kept = await subscriptions.by_id(change.subscription)
    after = await coming_price.payable(kept, plan_catalogue.by_version(change.to_version))
    if kept.status not in (IN_A_TRIAL, "active", "past_due", "paused") or kept.cancel_at:
        await plan_confirmations.close(change, "the membership ended")
        return
    if not _is_due(change, kept):
        return
    price = await subscriptions.price_of(after)
    await subscription_changes.take_price_from_renewal(kept.id, price, key=plan_confirmations.key_of(change))
    told: dict[Column | str, Any] = {PlanChange.applied_at: clock.now(), PlanChange.due_at: _begins_at(change, kept)}
    await PlanChange.update({**told, PlanChange.to_version: after.version_id}).where(PlanChange.id == change.id)
    await subscriptions.apply(kept.id)


def _begins_at(change: PlanChange, kept: Subscription) -> datetime:
    """With the renewal, wherever that has moved to; one that is late should have begun at its date."""
    assert kept.current_period_end is not None
    is_late = clock.now() >= kept.current_period_end or _is_late(change, kept)
    return change.due_at if is_late else kept.current_period_end


def _is_late(change: PlanChange, kept: Subscription) -> bool:
    return kept.current_period_start is not None and kept.current_period_start >= change.due_at


def _is_due(change: PlanChange, kept: Subscription) -> bool:
    """Shortly before the period ends, or once the next one has begun. After a pause the periods differ."""
    if not (kept.current_period_start and kept.current_period_end):
        return False
    ahead = AHEAD if change.keeps_length or kept.status == IN_A_TRIAL else AHEAD_OF_ANOTHER_LENGTH
    return kept.current_period_start >= change.due_at or kept.current_period_end - ahead <= clock.now()


async def _make_now(change: PlanChange, plan: PlanView) -> None:
    assert change.proration_at is not None
    price = await subscriptions.price_of(plan)
    try:
        await subscription_changes.take_price_now(
            change.subscription, price, at=change.proration_at, key=plan_confirmations.key_of(change)
        )
    except CardDeclined:
        await plan_confirmations.close(change, "the card was declined")
        raise Declined from None
    except NeedsConfirmation:
        await plan_confirmations.settle(change.subscription)
        return
    except OutcomeUnknown:
        raise
    except Refusal as refusal:
        await plan_confirmations.close(change, str(refusal)[:200])
        raise
    await PlanChange.update({PlanChange.applied_at: clock.now()}).where(PlanChange.id == change.id)
    await subscriptions.apply(change.subscription)


async def _noted(subscription_id: UUID, found: Difference) -> PlanChange:
    """One change at a time: it replaces any that was waiting."""
    change = PlanChange(
        id=ids.new(),
        subscription=subscription_id,
        to_version=found.after.version_id,
        is_now=found.is_now,
        keeps_length=found.keeps_length,
        proration_at=found.at,
        amount=found.due.amount,
        currency=found.due.currency,
        asked_at=clock.now(),
        due_at=found.begins_at,
    )
    async with database.transaction():
        kept = await database.locked(Subscription, Subscription.id == subscription_id)
        if kept is None or kept.plan_version == found.after.version_id:
            raise SamePlan
        await plan_places.take(found.after.id, kept.payer, is_joining=False)
        await _drop_waiting(subscription_id, "another plan was chosen")
        await PlanChange.insert(change)
        if not found.is_now:
            await outbox.announce(PlanChangePlanned(change.id, subscription_id))
    return change


async def _drop_waiting(subscription_id: UUID, why: str) -> list[UUID]:
    """Those that were planned for the next period."""
    waits = PlanChange.applied_at.is_null() & PlanChange.dropped_at.is_null()
    dropped = PlanChange.update({PlanChange.dropped_at: clock.now(), PlanChange.why_dropped: why})
    theirs = dropped.where((PlanChange.subscription == subscription_id) & waits)
    rows = await theirs.returning(PlanChange.id, PlanChange.is_now)
    return [row["id"] for row in rows if not row["is_now"]]


async def _priced(subscription_id: UUID, plan: PlanView, at: datetime) -> tuple[tuple[ChangeLine, ...], Money]:
    preview = await invoices.preview_of_change(subscription_id, await subscriptions.price_of(plan), at=at)
    lines = (ChangeLine(words=line.words, amount=Money(line.amount, preview.currency)) for line in preview.lines)
    return tuple(lines), Money(preview.amount_due, preview.currency)


def require_changeable(kept: Subscription) -> None:
    """Raises `CannotChange`, with the reason."""
    if kept.status not in ("active", IN_A_TRIAL) or kept.cancel_at or not kept.current_period_end:
        raise CannotChange(_(WHY_NOT.get(kept.status) or (CANCELLED if kept.cancel_at else "")) or None)


def _check(kept: Subscription, before: PlanView, plan: PlanView) -> None:
    require_changeable(kept)
    if before.id == plan.id:
        raise SamePlan
    if not plan.renews or not plan.is_offered:
        raise NotFound(_("We couldn’t find this plan."))
