"""Scenario 43: a pause, a return and a cancellation that Stripe does not answer; and pauses begun before 2026-11-28."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components.foundation import clock, ids
from components.memberships.billing import cancellations, pauses, subscriptions
from components.memberships.billing.states import pause_periods, pause_schedule
from components.memberships.tables import Pause
from components.payments.billing_requests import request_completion, stripe_pauses
from components.payments.payment_refusals import OutcomeUnknown
from components.payments.timeouts import request_time
from tests.scenarios.test_pauses import DAY, HOUR, annual, charged, is_member, joined, monthly, sound, until
from tests.support import join_members
from tests.support.shops import Shop


@pytest.fixture(autouse=True)
def impatient() -> Iterator[None]:
    yield
    request_time.use_patience(request_time.Patience())


def silent(shop: Shop, times: int = 1000) -> None:
    request_time.use_patience(request_time.Patience(writes=0.1, first_pause=0.01))
    shop.stand_in.fault("unavailable", times=times)


async def answered(shop: Shop) -> None:
    """Stripe answers again, and the timetable runs."""
    shop.stand_in.fault("unavailable", times=0)
    request_time.use_patience(request_time.Patience())
    clock.set_everywhere(clock.now() + timedelta(minutes=6))
    await request_completion.settle_due()
    await pause_schedule.end_due()
    await shop.catch_up()


async def paused(shop: Shop) -> UUID:
    await join_members.joins(shop, await monthly())
    clock.set_everywhere(clock.now() + HOUR)
    await pauses.start(await joined(), until=clock.now() + 30 * DAY)
    return await joined()


async def test_43_a_pause_that_is_not_answered_stays_open_and_comes_true(shop: Shop, at: datetime) -> None:
    await join_members.joins(shop, await monthly())
    clock.set_everywhere(at + HOUR)
    silent(shop)
    with pytest.raises(OutcomeUnknown):
        await pauses.start(await joined(), until=clock.now() + 30 * DAY)
    known = await pause_periods.current(await joined())
    assert known is not None and not known.arranged_at and await is_member()
    await answered(shop)
    assert (await subscriptions.by_id(await joined())).status == "paused" and not await is_member()
    await until(shop, at + 62 * DAY)
    assert await charged() == [450, 450] and await is_member() and await sound() == []


async def test_43_a_pause_that_is_refused_later_is_gone_and_can_be_asked_for_again(shop: Shop, at: datetime) -> None:
    await join_members.joins(shop, await monthly())
    clock.set_everywhere(at + HOUR)
    silent(shop)
    with pytest.raises(OutcomeUnknown):
        await pauses.start(await joined(), until=clock.now() + 30 * DAY)
    shop.stand_in.fault("unavailable", times=0)
    shop.stand_in.fault("refused", times=1)
    request_time.use_patience(request_time.Patience())
    clock.set_everywhere(clock.now() + timedelta(minutes=6))
    await request_completion.settle_due()
    await shop.catch_up()
    assert await pause_periods.current(await joined()) is None and await is_member()
    await pauses.start(await joined(), until=clock.now() + 30 * DAY)
    await shop.catch_up()
    assert not await is_member() and await charged() == [450] and await sound() == []


async def test_43_a_return_that_is_not_answered_comes_true(shop: Shop, at: datetime) -> None:
    subscription_id = await paused(shop)
    clock.set_everywhere(at + 5 * DAY)
    silent(shop)
    with pytest.raises(OutcomeUnknown):
        await pauses.end(subscription_id)
    assert (await subscriptions.by_id(subscription_id)).status == "paused"
    await answered(shop)
    row = await subscriptions.by_id(subscription_id)
    assert (row.status, row.current_period_end) == ("active", at + 5 * DAY + 31 * DAY - HOUR)
    assert await is_member() and await charged() == [450] and await sound() == []


async def test_43_a_cancellation_that_is_not_answered_comes_true(shop: Shop, at: datetime) -> None:
    subscription_id = await paused(shop)
    silent(shop)
    with pytest.raises(OutcomeUnknown):
        await cancellations.schedule(subscription_id)
    await answered(shop)
    assert (await subscriptions.by_id(subscription_id)).cancel_at == at + 61 * DAY
    await until(shop, at + 100 * DAY)
    assert await charged() == [450] and await sound() == []


async def credited(shop: Shop) -> UUID:
    """A pause as it was begun before the renewal was moved: Stripe's own, with a credit."""
    await join_members.joins(shop, await annual())
    clock.set_everywhere(clock.now() + 100 * DAY)
    subscription_id, now = await joined(), clock.now()
    row = Pause(id=ids.new(), subscription=subscription_id, from_at=now, until_at=now + 30 * DAY, begun_at=now)
    await Pause.insert(row)
    await stripe_pauses.pause(subscription_id, key=f"pause:{row.id}")
    await subscriptions.apply(subscription_id)
    await shop.catch_up()
    return subscription_id


async def test_a_pause_of_former_days_ends_with_its_credit(shop: Shop, at: datetime) -> None:
    subscription_id = await credited(shop)
    assert (await subscriptions.by_id(subscription_id)).status == "paused" and not await is_member()
    await until(shop, at + 130 * DAY + HOUR)
    assert await is_member() and await pause_periods.current(subscription_id) is None
    first, second = await charged()
    assert first == 3900 and 1000 < second < 1100, "265 of 366 days were paid for and not used"
    assert await sound() == []


async def test_a_pause_of_former_days_is_cancelled_without_a_charge(shop: Shop, at: datetime) -> None:
    subscription_id = await credited(shop)
    ended = await cancellations.schedule(subscription_id)
    assert ended.cancel_at is not None and abs(ended.cancel_at - (at + 366 * DAY)) < 2 * DAY
    await shop.catch_up()
    assert await is_member(), "the paid time that was left is had from now on"
    await until(shop, at + 500 * DAY)
    assert await charged() == [3900] and not await is_member()
