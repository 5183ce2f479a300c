"""A cancellation that has no answer for long: it comes true whatever day it is by then, or the member is told."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from components.foundation import clock, database
from components.memberships.billing import cancellations, pauses, request_results, subscriptions
from components.memberships.billing.states import cancel_attempts, current_states, pause_schedule
from components.memberships.tables import Subscription
from components.payments import reconcile
from components.payments.billing_requests import request_completion
from components.payments.facts import BillingRequestSettled
from components.payments.payment_refusals import OutcomeUnknown, PaymentRefused, StillAsking
from components.payments.tables import BillingRequest
from components.payments.timeouts import request_time
from tests.scenarios.test_pauses import DAY, HOUR, charged, is_member, joined, monthly, sound, until
from tests.scenarios.test_pauses_unanswered import answered, silent
from tests.support import join_members, people
from tests.support.shops import Shop
from tests.support.slow_bank import loses_answers, refuses

MINUTE = timedelta(minutes=1)


async def planned(shop: Shop, *, before_the_end: timedelta) -> tuple[UUID, datetime]:
    """A pause of a month that begins shortly before, or with, the end of what is paid for."""
    await join_members.joins(shop, await monthly())
    clock.set_everywhere(clock.now() + HOUR)
    subscription_id = await joined()
    end = (await subscriptions.by_id(subscription_id)).current_period_end
    begins = end - before_the_end
    await pauses.start(subscription_id, until=begins + 30 * DAY, from_at=begins)
    await shop.catch_up()
    return subscription_id, end


async def unheard(shop: Shop, subscription_id: UUID, **how: Any) -> None:
    """Cancelled while nothing reaches Stripe."""
    with loses_answers(shop, "/v1/subscriptions", arrives=False), pytest.raises(OutcomeUnknown):
        await cancellations.schedule(subscription_id, **how)
    request_time.use_patience(request_time.Patience())


async def heard(shop: Shop, at: datetime) -> None:
    clock.set_everywhere(at)
    await request_completion.settle_due()
    await pause_schedule.end_due()
    await shop.catch_up()


async def test_what_was_cancelled_before_its_pause_is_over_once_all_paid_time_is(shop: Shop) -> None:
    subscription_id, end = await planned(shop, before_the_end=timedelta(0))
    clock.set_everywhere(end - 20 * MINUTE)
    await unheard(shop, subscription_id, reason="price")
    await heard(shop, end + 20 * MINUTE)
    row = await subscriptions.by_id(subscription_id)
    assert (row.status, row.cancel_reason) == ("cancelled", "price") and not await is_member()
    assert await database.fetch_values("SELECT outcome FROM billing_request WHERE kind = 'cancel'") == ["done"]
    await later(shop, end + 70 * DAY)


async def test_paid_time_that_is_left_is_had_after_the_pause(shop: Shop) -> None:
    """It began before the cancellation was heard, and the day that was paid for has passed: it is not lost."""
    subscription_id, end = await planned(shop, before_the_end=timedelta(days=1))
    clock.set_everywhere(end - DAY - 20 * MINUTE)
    await unheard(shop, subscription_id)
    await heard(shop, end + 20 * MINUTE)
    row = await subscriptions.by_id(subscription_id)
    assert (row.status, row.cancel_at) == ("paused", end + 30 * DAY) and await sound() == []
    await until(shop, end + 29 * DAY + HOUR)
    assert await is_member()
    await later(shop, end + 70 * DAY)


async def refused_late(shop: Shop, subscription_id: UUID, **how: Any) -> str:
    """Cancelled, unheard, and refused once it is. Returns the request."""
    await unheard(shop, subscription_id, **how)
    with refuses(shop, "/v1/subscriptions"):
        await heard(shop, clock.now() + 6 * MINUTE)
    found = "SELECT id::text FROM billing_request WHERE kind = 'cancel' AND outcome = 'refused'"
    return str(await database.fetch_value(found))


async def kept() -> list[str]:
    return [one["reason"] for one in await database.fetch("SELECT reason FROM cancel_attempt ORDER BY at")]


async def told() -> list[str]:
    rows = await database.fetch("SELECT text FROM email WHERE template = 'cancellation_refused'")
    return [" ".join(row["text"].split()) for row in rows]


async def test_who_is_refused_late_is_told_that_nothing_is_cancelled(shop: Shop, at: datetime) -> None:
    await join_members.joins(shop, await monthly())
    subscription_id = await joined()
    request = await refused_late(shop, subscription_id, reason="price", words="Too dear")
    row = await subscriptions.by_id(subscription_id)
    assert (row.status, row.cancel_at, row.cancel_reason) == ("active", None, None) and await kept() == []
    [email] = await told()
    assert email.startswith(
        "You asked us to cancel Monthly. Our payment provider has now refused that, so your membership goes on as it "
        "was. We're sorry. Your next charge comes on 1 April 2027. Please cancel it again on your membership page."
    )
    maya = await shop.signed_in(join_members.MAYA)
    words = (await maya.get(f"/account/waiting/{request}")).words
    assert "your membership is not cancelled. Please cancel it again." in words and "charged" not in words, words
    await cancellations.schedule(subscription_id, reason="use")
    await shop.catch_up()
    assert (await subscriptions.by_id(subscription_id)).cancel_reason == "use" and await kept() == ["use"]
    assert len(await told()) == 1


async def test_an_earlier_cancellation_stays_when_a_later_one_is_refused(shop: Shop) -> None:
    await join_members.joins(shop, await monthly())
    subscription_id = await joined()
    await cancellations.schedule(subscription_id, reason="choice")
    await cancellations.withdraw(subscription_id)
    await refused_late(shop, subscription_id, reason="price")
    assert await kept() == ["choice"]


async def test_what_staff_cancel_and_is_refused_late_is_no_news_to_the_member(shop: Shop) -> None:
    await join_members.joins(shop, await monthly())
    owner = await people.owner()
    await refused_late(shop, await joined(), by=owner.id)
    assert await kept() == [] and await told() == []


async def test_what_is_refused_at_once_is_told_on_the_page_only(shop: Shop) -> None:
    await join_members.joins(shop, await monthly())
    with refuses(shop, "/v1/subscriptions"), pytest.raises(PaymentRefused):
        await cancellations.schedule(await joined(), reason="price")
    await shop.catch_up()
    assert await kept() == [] and await told() == []


async def test_a_return_that_is_refused_late_counts_from_when_it_is_asked_for_again(shop: Shop, at: datetime) -> None:
    await join_members.joins(shop, await monthly())
    clock.set_everywhere(at + HOUR)
    subscription_id = await joined()
    await pauses.start(subscription_id, until=clock.now() + 30 * DAY)
    clock.set_everywhere(at + 5 * DAY)
    with loses_answers(shop, "/v1/subscriptions", arrives=False), pytest.raises(OutcomeUnknown):
        await pauses.end(subscription_id)
    clock.set_everywhere(at + 6 * DAY)
    with refuses(shop, "/v1/subscriptions"):
        await request_completion.settle_due()
        await shop.catch_up()
    await pauses.end(subscription_id)
    row = await subscriptions.by_id(subscription_id)
    assert (row.status, row.current_period_end) == ("active", at + 37 * DAY - HOUR) and await sound() == []


async def test_a_second_cancellation_that_is_refused_leaves_the_reason_of_the_first(shop: Shop) -> None:
    await join_members.joins(shop, await monthly())
    subscription_id, owner = await joined(), await people.owner()
    silent(shop)
    with pytest.raises(OutcomeUnknown):
        await cancellations.end_at_once(subscription_id, by=owner.id)
    with pytest.raises(StillAsking):
        await cancellations.schedule(subscription_id, reason="price")
    await answered(shop)
    row = await subscriptions.by_id(subscription_id)
    assert (row.status, row.cancel_reason) == ("cancelled", ""), "staff have ended it: no renewal had failed"


async def test_who_cancels_again_before_the_withdrawal_is_followed_keeps_their_reason(shop: Shop, at: datetime) -> None:
    """What came of the withdrawal is noticed between the new cancellation's beginning and its request to Stripe."""
    await join_members.joins(shop, await monthly())
    subscription_id = await joined()
    await cancellations.schedule(subscription_id, reason="price")
    clock.set_everywhere(at + HOUR)
    await cancellations.withdraw(subscription_id)
    asked = await BillingRequest.objects().where(BillingRequest.kind == "keep").first()
    assert asked is not None
    clock.set_everywhere(at + HOUR + timedelta(seconds=1))
    found = await current_states.of_subscription(subscription_id)
    async with cancel_attempts.kept(found, reason="use"):
        await Subscription.update({Subscription.cancel_reason: "use"}).where(Subscription.id == subscription_id)
        await request_results.follow(BillingRequestSettled(asked.id, "keep", subscription_id, asked.key, "done"))
    assert (await subscriptions.by_id(subscription_id)).cancel_reason == "use"


async def later(shop: Shop, at: datetime) -> None:
    await until(shop, at)
    await reconcile.lightly()
    await shop.catch_up()
    assert await charged() == [450] and not await is_member() and await sound() == []
