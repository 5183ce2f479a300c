"""A subscription that ran elsewhere becomes a subscription here, as it is: its state, its dates and its first day.

Nobody has joined and nothing was paid, so neither is announced: no welcome, no gift for joining, no receipt, no money
in. What was paid elsewhere for the period under way is its opening period, from which the MRR counts it as "adopted".
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database, ids, outbox
from components.foundation.consistency import named_rows
from components.foundation.database.advisory_locks import take_turns
from components.foundation.refusals import Refusal
from components.memberships.billing import subscriptions, trials
from components.memberships.billing.subscription_state import OVER, Reported, term
from components.memberships.billing.tables import CancelAttempt
from components.memberships.entitlements import membership_periods
from components.memberships.facts import AdoptionUndone, SubscriptionAdopted
from components.memberships.plans import member_taxes
from components.memberships.tables import Entitlement, Membership, PaidPeriod, Plan, PlanVersion, Subscription, Trial
from components.payments.tables import MirroredSubscription
from components.pricing import fee_tax

STATES = ("trialing", "active", "past_due", "unpaid")


class AlreadyBilled(Refusal):
    message = "They already have a membership here that renews. Nobody is billed twice, so this one is left alone."
    status = 409


class HadTrial(Refusal):
    message = "They have had a free trial here. Adopt this subscription once its own trial is over."
    status = 409


@dataclass(frozen=True)
class OpeningPeriod:
    """What was paid elsewhere for the period under way: of which invoice, from when until when."""

    invoice: str
    starts_at: datetime
    ends_at: datetime


async def adopt(
    local_id: UUID, person_id: UUID, seen: MirroredSubscription, *, version_id: UUID, started_at: datetime,
    opening: OpeningPeriod | None, email: str,
) -> None:  # fmt: skip
    """Within a transaction, in which it has been mirrored. Raises `AlreadyBilled`, `HadTrial`."""
    await take_turns(f"membership:{person_id}")
    status = "active" if seen.status == "trialing" and opening is not None else seen.status
    made = Subscription(
        id=local_id, payer=person_id, plan_version=version_id, status=status, created_at=clock.now(),
        started_at=started_at, current_period_start=seen.current_period_start,
        current_period_end=seen.current_period_end, cancel_at=seen.cancel_at,
        past_due_since=seen.current_period_start if status in ("past_due", "unpaid") else None,
    )  # fmt: skip
    await _insert(made)
    if status == "trialing" and not await trials.admit_adopted(local_id, person_id, email=email, at=started_at):
        raise HadTrial
    version = await PlanVersion.objects().get(PlanVersion.id == version_id)
    assert version is not None
    if opening is not None:
        await PaidPeriod.insert(await _opening(made, version, opening))
    wanted = term(Reported(status, started_at, made.past_due_since, made.cancel_at, None))
    if wanted is not None and (wanted.ends_at is None or wanted.ends_at > wanted.starts_at):
        await membership_periods.begin(
            person_id, plan_id=version.plan, source="subscription", source_id=local_id,
            starts_at=wanted.starts_at, ends_at=wanted.ends_at,
        )  # fmt: skip
    await outbox.announce(SubscriptionAdopted(local_id))


async def _insert(made: Subscription) -> None:
    """The partial unique index admits one that is billed for each person."""
    is_theirs = (Subscription.payer == made.payer) & Subscription.status.not_in(list(OVER))
    if await Subscription.exists().where(is_theirs):
        raise AlreadyBilled
    added = await Subscription.insert(made).on_conflict(action="DO NOTHING").returning(Subscription.id)
    if not added:
        raise AlreadyBilled


async def _opening(made: Subscription, version: PlanVersion, opening: OpeningPeriod) -> PaidPeriod:
    category = await Plan.select(Plan.tax_category).where(Plan.id == version.plan).first()
    taxes = await member_taxes.of_member(made.payer)
    tax = taxes.terms(category["tax_category"] if category else "standard")
    return PaidPeriod(
        id=ids.new(), subscription=made.id, invoice=opening.invoice, starts_at=opening.starts_at,
        ends_at=max(opening.ends_at, opening.starts_at), amount=0, currency=version.currency, paid_at=made.created_at,
        plan_version=version.id, net_amount=0, net_price=fee_tax.net(version.price, tax), is_opening=True,
    )  # fmt: skip


async def running_of(person_id: UUID) -> bool:
    """Whether they are billed here already, or have a payment page for a membership open."""
    is_theirs = (Subscription.payer == person_id) & Subscription.status.not_in(list(OVER))
    return bool(await Subscription.exists().where(is_theirs))


async def was_used(local_id: UUID) -> bool:
    """Whether anything was done with it since: paid, paused, changed, shared, or a benefit of it used."""
    if await PaidPeriod.exists().where((PaidPeriod.subscription == local_id) & (PaidPeriod.is_opening.eq(False))):
        return True
    if await named_rows.named("subscription", [local_id], but=("paid_period", "trial")):
        return True
    held = await Membership.select(Membership.id).where(Membership.source_id == local_id).output(as_list=True)
    return bool(await named_rows.named("membership", held, but=("entitlement",))) or bool(
        await database.fetch_value(_HAS_CHANGED, local_id, clock.now())
    )


_HAS_CHANGED = """
SELECT EXISTS (SELECT FROM subscription WHERE id = $1
               AND (status IN ('cancelled', 'lapsed') OR cancel_reason IS NOT NULL))
  OR EXISTS (SELECT FROM seat WHERE source_id = $1)
  OR EXISTS (SELECT FROM benefit_use u JOIN subscription s ON s.payer = u.person
             WHERE s.id = $1 AND u.at >= s.created_at)
  OR EXISTS (SELECT FROM membership m JOIN subscription s ON s.id = m.source_id
             WHERE s.id = $1 AND m.ends_at > s.created_at AND m.ends_at <= $2)
  OR (SELECT count(*) FROM membership WHERE source_id = $1) > 1
"""


async def forget(local_id: UUID) -> None:
    """All rows of it, within a transaction. Nothing is announced but that, for the figures."""
    kept = await subscriptions.by_id(local_id)
    held = await Membership.select(Membership.id).where(Membership.source_id == local_id).output(as_list=True)
    if held:
        await Entitlement.delete().where(Entitlement.membership.is_in(held))
        await Membership.delete().where(Membership.id.is_in(held))
    await PaidPeriod.delete().where(PaidPeriod.subscription == local_id)
    await Trial.delete().where(Trial.subscription == local_id)
    await CancelAttempt.delete().where(CancelAttempt.subscription == local_id)
    await Subscription.delete().where(Subscription.id == local_id)
    await outbox.announce(AdoptionUndone(kept.payer, kept.created_at))
