"""Memberships in the past: ended ones are imported; active ones were paid through the practice bank each period."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components import insights, payments
from components.demo.counter import Counter
from components.demo.story import ANNUAL, Stay
from components.foundation import clock, settings
from components.memberships import cancellations, elsewhere, joining, offers, periods, subscriptions
from components.payments import Payer

BILLED_AFTER = timedelta(hours=2)
"""A renewal's invoice is charged about an hour after the period began."""

FAILING_CARD = "4000000000000341"
AT_COUNTER = asyncio.Lock()
"""One after the other: each of them moves the practice bank's clock, which triggers everything that falls due."""

SESSION = re.compile(r"cs_[A-Za-z0-9_]+")


@contextmanager
def back_then(counter: Counter, at: datetime) -> Iterator[None]:
    """Set the time here and in the practice bank, without sending notifications."""
    with clock.held(at), counter.quietly(), counter.at(at):
        yield


async def told(payer: Payer, stay: Stay, *, today: datetime, counter: Counter | None) -> UUID | None:
    """The subscription's id."""
    assert payer.person_id is not None
    began = beginning(stay, today)
    plan = offers.by_slug(stay.plan, began)
    if stay.leaves is not None:
        return await _over(payer, stay, began)
    if counter is None:
        return None
    async with AT_COUNTER:
        subscription_id = await _joined(payer, plan, counter, began)
        await _renewed(subscription_id, counter, today, spoils=_spoiling(stay, payer, today))
    await insights.movements.note(payer.person_id, at=began + timedelta(minutes=1))
    return subscription_id


def beginning(stay: Stay, today: datetime) -> datetime:
    return today - timedelta(days=stay.joins, hours=stay.joins % 7, minutes=stay.joins * 7 % 60)


def periods_of(stay: Stay, today: datetime) -> list[tuple[datetime, datetime]]:
    """The periods of an active membership, the current one ending today."""
    return elsewhere.periods(
        beginning(stay, today), today, interval="year" if stay.plan == ANNUAL else "month", count=1
    )


@dataclass(frozen=True)
class Spoiling:
    """From that instant on, the payer's card is one that is accepted and then declines."""

    payer: Payer
    since: datetime


def _spoiling(stay: Stay, payer: Payer, today: datetime) -> Spoiling | None:
    if stay.because != "failing":
        return None
    return Spoiling(payer, periods_of(stay, today)[-1][0])


async def _over(payer: Payer, stay: Stay, began: datetime) -> UUID:
    """It ended with its last paid period, or two weeks into the one that could not be collected."""
    assert payer.person_id is not None and stay.leaves is not None
    plan = offers.by_slug(stay.plan, began)
    months = 12 if plan.interval == "year" else 1
    length = max(1, round((stay.joins - stay.leaves) / (30.44 * months)))
    ended = elsewhere.months_later(began, months * length)
    reason = {"cancelled": "use", "failed": ""}[stay.because]
    with clock.held(began):
        made = await elsewhere.bring_in(payer.person_id, plan, started_at=began, ended_at=ended, reason=reason)
    await insights.movements.note(payer.person_id, at=began + timedelta(minutes=1))
    await insights.movements.note(payer.person_id, at=ended + timedelta(minutes=1))
    return made.id


async def _joined(payer: Payer, plan: offers.PlanView, counter: Counter, began: datetime) -> UUID:
    with back_then(counter, began):
        url = await joining.start(payer, plan, success_path="/account/membership", cancel_path="/join")
        session_id = SESSION.findall(url)[0]
        page = await payments.pages.by_session(session_id)
        assert page is not None
        await counter.pay(session_id, email=payer.email, name=payer.name)
        await joining.settle(page.reference_id)
        first = (await payments.invoices.of(page.reference_id))[0]
        await periods.record(page.reference_id, first.stripe_id)
        found: UUID = page.reference_id
    return found


async def _renewed(subscription_id: UUID, counter: Counter, today: datetime, *, spoils: Spoiling | None) -> None:
    """Every renewal until today, one after the other; the last one fails if the card declines."""
    while (until := await _paid_until(subscription_id)) + BILLED_AFTER < today:
        if spoils is not None and until >= spoils.since:
            await _spoil(spoils.payer, counter, until - timedelta(days=2))
        with back_then(counter, until + BILLED_AFTER):
            running = await payments.subscriptions.sync(subscription_id)
            await payments.invoices.sync(running.latest_invoice)
            await periods.record(subscription_id, running.latest_invoice)
            await subscriptions.follow(subscription_id)
        if await _paid_until(subscription_id) == until:
            return


async def _spoil(payer: Payer, counter: Counter, at: datetime) -> None:
    """The member has a new card, which will decline."""
    assert payer.person_id is not None
    with back_then(counter, at):
        page = await payments.pages.open(
            "card", payer.person_id, payer=payer, currency=settings.current().currency,
            success_path="/account/membership", cancel_path="/account/membership",
        )  # fmt: skip
        assert page.stripe_session_id is not None
        await counter.pay(page.stripe_session_id, FAILING_CARD, email=payer.email, name=payer.name)
        kept = await payments.pages.sync(page)
        await payments.cards.adopt(payments.CardKept(kept.id, payer.person_id, kept.payment_method or ""))


async def _paid_until(subscription_id: UUID) -> datetime:
    until: datetime = (await periods.of(subscription_id))[0].ends_at
    return until


async def cancel(subscription_id: UUID, counter: Counter, *, at: datetime, reason: str) -> None:
    """The member has cancelled at the end of the paid period."""
    async with AT_COUNTER:
        with back_then(counter, at):
            await cancellations.schedule(subscription_id, reason=reason)
