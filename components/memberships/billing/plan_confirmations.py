"""Plan changes that have been asked of Stripe and are not decided: the bank asks the member to confirm the payment, or
nobody knows yet what became of it.

What is decided is read from the mirror and from `BillingRequestSettled`, never from an answer that did not come. Until
then the plan is the old one and nothing is owed: whoever gives up, or lets the time pass, stays as they were.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database, outbox
from components.foundation.languages.words import N_
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.billing import subscriptions
from components.memberships.facts import PlanChangeDropped
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import PlanChange
from components.payments import plan_prices, running_subscriptions
from components.payments.facts import BillingRequestSettled, SubscriptionMirrored
from components.payments.invoicing import open_invoices
from components.payments.payment_refusals import OutcomeUnknown

KEY = "change:"
KEPT = "change-withdrawn:"
"""Key of the request that takes back what Stripe was told of a planned change."""


class NothingToConfirm(Refusal):
    message = N_("There’s no change of plan to confirm.")
    status = 409


class ChangeAwaited(Refusal):
    message = N_(
        "Your bank is waiting for you to confirm a change of plan. Confirm it, or keep your current plan; "
        "then you can pause."
    )
    status = 409


class DropUnanswered(Refusal):
    """Whether the change that waits is off is not known yet. Nothing else was begun."""

    message = N_(
        "We don’t know yet whether your earlier change of plan is off, so we haven’t done anything else. "
        "Please try again in a minute."
    )
    status = 409


class DropRefused(Refusal):
    """Stripe does not let go of the change that waits. Nothing else was begun."""

    message = N_(
        "Your earlier change of plan couldn’t be taken back just now, so we haven’t done anything else. Please try "
        "again in a minute. Unless you confirm it with your bank, you stay on your current plan."
    )
    status = 409


NOT_DROPPED = (DropUnanswered, DropRefused)


@dataclass(frozen=True, kw_only=True)
class AwaitedChange:
    """Charged when the member has confirmed it with their bank; dropped at `until`, with nothing charged."""

    plan: PlanView
    amount: Money
    until: datetime


def key_of(change: PlanChange) -> str:
    return f"{KEY}{change.id}"


async def awaited(subscription_id: UUID) -> AwaitedChange | None:
    """The change that waits for the member's bank, as last mirrored."""
    change = await _undecided(subscription_id)
    if change is None or not change.confirm_until:
        return None
    plan = plan_catalogue.by_version(change.to_version)
    return AwaitedChange(plan=plan, amount=Money(change.amount, change.currency), until=change.confirm_until)


async def refuse_awaited(subscription_id: UUID) -> None:
    """Raises `ChangeAwaited`."""
    if await awaited(subscription_id) is not None:
        raise ChangeAwaited


async def page_of(subscription_id: UUID) -> str:
    """Where it is confirmed and paid. Raises `NothingToConfirm`, `StripeUnavailable`."""
    invoice = await open_invoices.latest(subscription_id) if await awaited(subscription_id) else None
    address = await open_invoices.page_of(invoice) if invoice else None
    if address is None:
        await check(subscription_id)
        raise NothingToConfirm
    return address


async def check(subscription_id: UUID) -> None:
    """Ask Stripe what has become of it. Raises `StripeUnavailable`."""
    await open_invoices.sync(subscription_id)
    await subscriptions.apply(subscription_id)
    await settle(subscription_id)


async def give_up(subscription_id: UUID) -> None:
    """Keep the old plan: the invoice of the change is void. One that has been paid meanwhile has changed the plan.

    Raises `DropUnanswered`, `DropRefused`, `StripeUnavailable`.
    """
    if await awaited(subscription_id) is None:
        return
    try:
        await open_invoices.void_all(subscription_id)
    except OutcomeUnknown:
        raise DropUnanswered from None
    await check(subscription_id)
    if await awaited(subscription_id) is not None:
        raise DropRefused


async def settle(subscription_id: UUID) -> None:
    """Decide by the mirror. What has only just been asked of Stripe stays undecided."""
    change = await _undecided(subscription_id)
    known = await running_subscriptions.mirrored(subscription_id)
    if change is None or known is None:
        return
    if await plan_prices.version_of(known.price) == change.to_version:
        await _set(change, {PlanChange.applied_at: clock.now()})
    elif change.confirm_until and not known.pending_until:
        await close(change, "not confirmed with the bank")
    elif known.pending_until and await _needs_bank(subscription_id):
        await _set(change, {PlanChange.confirm_until: known.pending_until})


async def _needs_bank(subscription_id: UUID) -> bool:
    """Stripe keeps a declined change, too, until its invoice is void: that one is not to be confirmed."""
    invoice = await open_invoices.latest(subscription_id)
    return invoice is not None and invoice.needs_bank


async def settle_mirrored(fact: SubscriptionMirrored) -> None:
    await settle(fact.local_id)


async def settle_request(fact: BillingRequestSettled) -> None:
    """The answer that nobody had when the member asked: done, waiting for the bank, or refused."""
    if not fact.key.startswith(KEY):
        return
    await settle(fact.subject)
    change = await _undecided(fact.subject)
    if change is not None and key_of(change) == fact.key and fact.outcome == "refused" and not change.confirm_until:
        await close(change, "refused")


async def take_back(change_id: UUID) -> None:
    """Stripe bills the current plan again: the planned change is not made."""
    withdrawn = PlanChange.update({PlanChange.dropped_at: clock.now(), PlanChange.why_dropped: "withdrawn"})
    its = withdrawn.where((PlanChange.id == change_id) & PlanChange.dropped_at.is_null())
    async with database.transaction():
        for row in await its.returning(PlanChange.subscription):
            await outbox.announce(PlanChangeDropped(change_id, row["subscription"]))


async def close(change: PlanChange, why: str) -> None:
    await _set(change, {PlanChange.dropped_at: clock.now(), PlanChange.why_dropped: why})


async def _undecided(subscription_id: UUID) -> PlanChange | None:
    is_open = PlanChange.applied_at.is_null() & PlanChange.dropped_at.is_null()
    at_once = is_open & (PlanChange.is_now == True)  # noqa: E712
    return await PlanChange.objects().where(at_once & (PlanChange.subscription == subscription_id)).first()


async def _set(change: PlanChange, values: dict[object, object]) -> None:
    """Once: what is decided stays decided."""
    is_open = PlanChange.applied_at.is_null() & PlanChange.dropped_at.is_null()
    await PlanChange.update(values).where((PlanChange.id == change.id) & is_open)  # type: ignore[arg-type]
