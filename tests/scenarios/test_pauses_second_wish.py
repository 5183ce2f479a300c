"""Scenario 43: a second wish for a pause while the first has no answer is refused, and the first still comes true."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components.foundation import clock
from components.memberships.billing import cancellations, pauses, subscriptions
from components.memberships.billing.states import pause_periods, pause_schedule
from components.payments.payment_refusals import OutcomeUnknown, StillAsking
from components.payments.timeouts import request_time
from tests.scenarios.test_pauses import DAY, HOUR, charged, is_member, joined, monthly, sound
from tests.scenarios.test_pauses_unanswered import answered, paused, silent
from tests.support import join_members
from tests.support.shops import Shop
from tests.support.slow_bank import loses_answers


@pytest.fixture(autouse=True)
def impatient() -> Iterator[None]:
    yield
    request_time.use_patience(request_time.Patience())


async def planned(shop: Shop) -> UUID:
    """A pause of a month, from ten days on."""
    await join_members.joins(shop, await monthly())
    clock.set_everywhere(clock.now() + HOUR)
    await pauses.start(await joined(), until=clock.now() + 40 * DAY, from_at=clock.now() + 10 * DAY)
    return await joined()


async def is_active_until(subscription_id: UUID, ends: datetime) -> bool:
    row = await subscriptions.by_id(subscription_id)
    assert await pause_periods.current(subscription_id) is None and await sound() == []
    return (row.status, row.current_period_end) == ("active", ends) and await is_member()


async def test_43_a_return_comes_true_although_cancelling_is_refused_meanwhile(shop: Shop, at: datetime) -> None:
    subscription_id = await paused(shop)
    clock.set_everywhere(at + 5 * DAY)
    silent(shop)
    with pytest.raises(OutcomeUnknown):
        await pauses.end(subscription_id)
    with pytest.raises(StillAsking):
        await cancellations.schedule(subscription_id)
    await answered(shop)
    assert await is_active_until(subscription_id, at + 36 * DAY - HOUR)
    assert (await subscriptions.by_id(subscription_id)).cancel_reason is None and await charged() == [450]


async def test_43_a_dropped_pause_stays_away_although_cancelling_is_refused_meanwhile(shop: Shop, at: datetime) -> None:
    subscription_id = await planned(shop)
    silent(shop)
    with pytest.raises(OutcomeUnknown):
        await pauses.end(subscription_id)
    with pytest.raises(StillAsking):
        await cancellations.schedule(subscription_id)
    await answered(shop)
    assert await is_active_until(subscription_id, at + 31 * DAY)
    clock.set_everywhere(at + 15 * DAY)
    await pause_schedule.end_due()
    await shop.catch_up()
    assert await is_active_until(subscription_id, at + 31 * DAY)


async def test_43_a_cancellation_drops_the_pause_although_dropping_it_is_refused_meanwhile(
    shop: Shop, at: datetime
) -> None:
    subscription_id = await planned(shop)
    with loses_answers(shop, "/v1/subscriptions", arrives=False):
        with pytest.raises(OutcomeUnknown):
            await cancellations.schedule(subscription_id)
        with pytest.raises(StillAsking):
            await pauses.end(subscription_id)
    await answered(shop)
    assert await is_active_until(subscription_id, at + 31 * DAY)
    assert (await subscriptions.by_id(subscription_id)).cancel_at == at + 31 * DAY
    clock.set_everywhere(at + 15 * DAY)
    await pause_schedule.end_due()
    assert await is_active_until(subscription_id, at + 31 * DAY)


async def test_43_who_is_refused_first_counts_from_when_they_come_back(shop: Shop, at: datetime) -> None:
    """Asking in vain while something else is under way says nothing about the day of a later return."""
    subscription_id = await planned(shop)
    clock.set_everywhere(at + 12 * DAY)
    await pause_schedule.end_due()
    silent(shop)
    with pytest.raises(OutcomeUnknown):
        await cancellations.schedule(subscription_id)
    with pytest.raises(StillAsking):
        await pauses.end(subscription_id)
    await answered(shop)
    assert (await subscriptions.by_id(subscription_id)).status == "paused"
    clock.set_everywhere(at + 20 * DAY)
    await cancellations.withdraw(subscription_id)
    await pauses.end(subscription_id)
    assert await is_active_until(subscription_id, at + 20 * DAY + 21 * DAY - HOUR)


async def test_a_note_of_a_return_is_one_whoever_writes_it(shop: Shop, at: datetime) -> None:
    """Two tabs press at almost the same time: what Stripe is told is what is written down."""
    subscription_id = await paused(shop)
    one, other = await pause_periods.current(subscription_id), await pause_periods.current(subscription_id)
    assert one is not None and other is not None
    clock.set_everywhere(at + 5 * DAY)
    first = await pauses.note_return(one)
    clock.set_everywhere(clock.now() + timedelta(seconds=2))
    assert await pauses.note_return(other) == first and other.returning_at == one.returning_at
    kept = await pause_periods.current(subscription_id)
    assert kept is not None and kept.returning_at == at + 5 * DAY


async def test_a_note_that_was_only_just_made_is_not_forgotten_by_the_timetable(shop: Shop, at: datetime) -> None:
    """It is written before Stripe is asked: between the two nothing is under way yet."""
    subscription_id = await paused(shop)
    kept = await pause_periods.current(subscription_id)
    assert kept is not None
    clock.set_everywhere(at + 5 * DAY)
    await pauses.note_return(kept)
    await pause_schedule.end_due()
    kept = await pause_periods.current(subscription_id)
    assert kept is not None and kept.returning_at
    clock.set_everywhere(clock.now() + timedelta(minutes=6))
    await pause_schedule.end_due()
    kept = await pause_periods.current(subscription_id)
    assert kept is not None and not kept.returning_at, "nothing came of it"
