"""Memberships in the past: ended ones are imported; active ones were paid through the practice bank each period."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.demo.added import past_endings
from components.demo.outreach import demo_save_offers
from components.demo.practice_payments import PracticePayments
from components.demo.shop_history import ANNUAL, DemoMembership
from components.foundation import clock, intervals
from components.foundation.shop_settings import shop_settings
from components.memberships.billing import cancellations, paid_periods, subscription_start, subscriptions
from components.memberships.discounts import discount_upkeep
from components.memberships.grants import imported_memberships
from components.memberships.plans import plan_catalogue
from components.payments import cards, running_subscriptions
from components.payments.checkout_sessions import pages
from components.payments.facts import CardSaved
from components.payments.invoicing import invoices
from components.payments.values import Payer

BILLED_AFTER = timedelta(hours=2)
"""A renewal's invoice is charged about an hour after the period began."""

EARLIER_IN_THE_DAY = 4
"""More hours than a renewal is `BILLED_AFTER`, and one for the clocks that are put forward."""

FAILING_CARD = "4000000000000341"
AT_COUNTER = asyncio.Lock()
"""One after the other: each of them moves the practice bank's clock, which triggers everything that falls due."""

SESSION = re.compile(r"cs_[A-Za-z0-9_]+")


@contextmanager
def back_then(counter: PracticePayments, at: datetime) -> Iterator[None]:
    """Set the time here and in the practice bank, without sending notifications."""
    with clock.frozen(at), counter.quietly(), counter.at(at):
        yield


async def told(
    payer: Payer,
    stay: DemoMembership,
    *,
    today: datetime,
    counter: PracticePayments | None,
    saved_at: datetime | None = None,
) -> UUID | None:
    """The subscription's id. `saved_at`: when they were about to cancel, and took an offer instead."""
    assert payer.person_id is not None
    began = beginning(stay, today)
    plan = plan_catalogue.by_slug(stay.plan, began)
    if stay.leaves is not None:
        return await _over(payer, stay, began, ending(stay, today))
    if counter is None:
        return None
    async with AT_COUNTER:
        subscription_id = await _joined(payer, plan, counter, began)
        await _renewed(subscription_id, counter, today, spoils=_spoiling(stay, payer, today), saved_at=saved_at)
    return subscription_id


def beginning(stay: DemoMembership, today: datetime) -> datetime:
    """Some hours earlier in the day than now: no renewal is at the bank already and not yet here."""
    hours = EARLIER_IN_THE_DAY + stay.joins % 7
    return today - timedelta(days=stay.joins, hours=hours, minutes=stay.joins * 7 % 60)


def ending(stay: DemoMembership, today: datetime) -> datetime:
    """With the last period that is over: what still runs is no membership of the past. At least a part of one."""
    assert stay.leaves is not None
    began, interval, months = beginning(stay, today), *(("year", 12) if stay.plan == ANNUAL else ("month", 1))
    length = max(1, round((stay.joins - stay.leaves) / (30.44 * months)))
    while length > 1 and began + intervals.of(interval, length) > today:
        length -= 1
    return min(began + intervals.of(interval, length), today)


def periods_of(stay: DemoMembership, today: datetime) -> list[tuple[datetime, datetime]]:
    """The periods of an active membership, the current one ending today."""
    return imported_memberships.periods_between(
        beginning(stay, today), today, interval="year" if stay.plan == ANNUAL else "month", count=1
    )


@dataclass(frozen=True)
class Spoiling:
    """From that instant on, the payer's card is one that is accepted and then declines."""

    payer: Payer
    since: datetime


def _spoiling(stay: DemoMembership, payer: Payer, today: datetime) -> Spoiling | None:
    if stay.because != "failing":
        return None
    return Spoiling(payer, periods_of(stay, today)[-1][0])


async def _over(payer: Payer, stay: DemoMembership, began: datetime, ended: datetime) -> UUID:
    """It ended with its last paid period, or two weeks into the one that could not be collected."""
    assert payer.person_id is not None
    plan = plan_catalogue.by_slug(stay.plan, began)
    reason = past_endings.reason_of(stay)
    with clock.frozen(began):
        made = await imported_memberships.import_membership(
            payer.person_id, plan, started_at=began, ended_at=ended, reason=reason
        )
    await past_endings.write_down(made.id, payer.person_id, plan, ended=ended, reason=reason)
    return made.id


async def _joined(payer: Payer, plan: plan_catalogue.PlanView, counter: PracticePayments, began: datetime) -> UUID:
    with back_then(counter, began):
        url = await subscription_start.start(payer, plan, success_path="/account/membership", cancel_path="/join")
        session_id = SESSION.findall(url)[0]
        page = await pages.by_session(session_id)
        assert page is not None
        await counter.pay(session_id, email=payer.email, name=payer.name)
        await subscription_start.complete(page.reference_id)
        first = (await invoices.of_subscription(page.reference_id))[0]
        await paid_periods.record(page.reference_id, first.stripe_id)
        found: UUID = page.reference_id
    return found


async def _renewed(
    subscription_id: UUID,
    counter: PracticePayments,
    today: datetime,
    *,
    spoils: Spoiling | None,
    saved_at: datetime | None,
) -> None:
    """Every renewal until today, one after the other; the last one fails if the card declines."""
    is_saved = False
    while (until := await _paid_until(subscription_id)) + BILLED_AFTER < today:
        if spoils is not None and until >= spoils.since:
            await _spoil(spoils.payer, counter, until - timedelta(days=2))
        if saved_at is not None and not is_saved and until > saved_at:
            with back_then(counter, saved_at):
                await demo_save_offers.take(subscription_id)
            is_saved = True
        with back_then(counter, until + BILLED_AFTER):
            running = await running_subscriptions.sync(subscription_id)
            await invoices.sync(running.latest_invoice)
            await paid_periods.record(subscription_id, running.latest_invoice)
            await subscriptions.apply(subscription_id)
            if is_saved:
                await discount_upkeep.look_at(subscription_id)
        if await _paid_until(subscription_id) == until:
            await _tried_again(subscription_id, counter, today)
            return


async def _tried_again(subscription_id: UUID, counter: PracticePayments, today: datetime) -> None:
    """What was due to be tried again by today has been: the next try that a page names is still to come."""
    while (owed := await invoices.unpaid(subscription_id)) and (at := owed.next_attempt_at) and at < today:
        with back_then(counter, at + timedelta(minutes=1)):
            await invoices.sync(owed.stripe_id)
            await subscriptions.apply(subscription_id)
        again = await invoices.unpaid(subscription_id)
        if again is not None and again.next_attempt_at == at:
            return


async def _spoil(payer: Payer, counter: PracticePayments, at: datetime) -> None:
    """The member has a new card, which will decline."""
    assert payer.person_id is not None
    with back_then(counter, at):
        page = await pages.open(
            "card", payer.person_id, payer=payer, currency=shop_settings.current().currency,
            success_path="/account/membership", cancel_path="/account/membership",
        )  # fmt: skip
        assert page.stripe_session_id is not None
        await counter.pay(page.stripe_session_id, FAILING_CARD, email=payer.email, name=payer.name)
        kept = await pages.sync(page)
        await cards.adopt(CardSaved(kept.id, payer.person_id, kept.payment_method or ""))


async def _paid_until(subscription_id: UUID) -> datetime:
    until: datetime = (await paid_periods.of_subscription(subscription_id))[0].ends_at
    return until


async def cancel(subscription_id: UUID, counter: PracticePayments, *, at: datetime, reason: str) -> None:
    """The member has cancelled at the end of the paid period."""
    async with AT_COUNTER:
        with back_then(counter, at):
            await cancellations.schedule(subscription_id, reason=reason)
