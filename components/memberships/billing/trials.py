"""Trials: one per person, recognised by their mailbox, however it is spelt, and by the card they gave.

The mailbox is checked before the payment page is opened. The card is known only afterwards: a trial gives no access
until it has been admitted, and one that is not is ended at Stripe before anything is charged.
"""

import contextlib
import hashlib
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database, ids, outbox
from components.foundation.text import mailbox
from components.memberships.billing.states import pause_periods
from components.memberships.facts import TrialRefused, TrialStarted
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import RefusedTrial, Subscription, Trial
from components.payments import cards, running_subscriptions
from components.payments.payment_refusals import NoSubscription, UnknownAtStripe
from components.people import customer_accounts


async def days_for(person_id: UUID | None, plan: PlanView) -> int:
    """How many trial days the person gets; none after an earlier trial or paid membership.

    Whether an e-mail has had one is told only to whoever confirmed it: for others a trial is assumed, and one that is
    not admitted afterwards ends before anything is charged.
    """
    if not plan.trial_days or person_id is None:
        return plan.trial_days or 0
    email = await customer_accounts.confirmed_email(person_id)
    if email and await _mailbox_had_one(email):
        return 0
    return 0 if await _was_member(person_id) else plan.trial_days


async def is_admitted(subscription_id: UUID) -> bool:
    return await Trial.exists().where(Trial.subscription == subscription_id)


async def was_refused(subscription_id: UUID) -> bool:
    return await RefusedTrial.exists().where(RefusedTrial.subscription == subscription_id)


async def admit(subscription_id: UUID) -> None:
    """Check the card of a trial that has started. May run repeatedly and concurrently; not in a transaction."""
    seen = await running_subscriptions.mirrored(subscription_id)
    if seen is None or seen.status != "trialing" or await is_admitted(subscription_id):
        return
    if await pause_periods.is_paid_time(subscription_id):
        return
    card = await cards.of_subscription(subscription_id)
    if await _enter(subscription_id, card.fingerprint if card else ""):
        return
    with contextlib.suppress(NoSubscription, UnknownAtStripe):  # another process may have ended it already
        await running_subscriptions.end_now(subscription_id)
    await running_subscriptions.sync(subscription_id)


async def _enter(subscription_id: UUID, card: str) -> bool:
    """Whether it is this person's first. Two at once with one mailbox or one card: the unique keys admit one."""
    now = clock.now()
    async with database.transaction():
        kept = await database.locked(Subscription, Subscription.id == subscription_id)
        person = await customer_accounts.by_id(kept.payer) if kept else None
        if kept is None or person is None:
            return True
        key = _key(person.email)
        trial = Trial(id=ids.new(), person=kept.payer, subscription=kept.id, email_key=key, card=card or None, at=now)
        if await Trial.insert(trial).on_conflict(action="DO NOTHING").returning(Trial.id):
            seen = await running_subscriptions.mirrored(kept.id)
            if seen is not None and seen.trial_end is not None:
                await outbox.announce(TrialStarted(kept.id, seen.trial_end))
            return True
        if await is_admitted(kept.id):
            return True
        await _refuse(kept.id)
    return False


async def had_one(person_id: UUID | None, email: str) -> bool:
    """Whether this person, or this mailbox however it is spelt, has had a trial here."""
    is_theirs = Trial.email_key == _key(email)
    return bool(await Trial.exists().where(is_theirs if person_id is None else is_theirs | (Trial.person == person_id)))


async def admit_adopted(subscription_id: UUID, person_id: UUID, *, email: str, at: datetime) -> bool:
    """A trial that began in another system goes on; nobody is told. False when they have had one here."""
    trial = Trial(id=ids.new(), person=person_id, subscription=subscription_id, email_key=_key(email), card=None, at=at)
    return bool(await Trial.insert(trial).on_conflict(action="DO NOTHING").returning(Trial.id))


async def _refuse(subscription_id: UUID) -> None:
    refused = RefusedTrial(subscription=subscription_id, why="second", at=clock.now())
    if await RefusedTrial.insert(refused).on_conflict(action="DO NOTHING").returning(RefusedTrial.subscription):
        await outbox.announce(TrialRefused(subscription_id))


def _key(email: str) -> str:
    return hashlib.sha256(mailbox(email).encode()).hexdigest()


async def _mailbox_had_one(email: str) -> bool:
    return await Trial.exists().where(Trial.email_key == _key(email))


async def _was_member(person_id: UUID) -> bool:
    return bool(await database.fetch_value(_WAS_MEMBER, person_id))


_WAS_MEMBER = """
SELECT EXISTS (SELECT FROM trial WHERE person = $1)
  OR EXISTS (SELECT FROM refused_trial r JOIN subscription s ON s.id = r.subscription WHERE s.payer = $1)
  OR EXISTS (SELECT FROM membership WHERE holder = $1 AND source IN ('subscription', 'term'))
"""
