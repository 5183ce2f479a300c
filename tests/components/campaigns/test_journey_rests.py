"""Who rests, or owes, is neither told that their membership is over nor welcomed when it goes on."""

from datetime import timedelta

import pytest

from components.foundation import clock
from components.memberships.tables import Subscription
from tests.components.campaigns import walked
from tests.components.campaigns.test_journey_entries import entered

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize("status", ["paused", "trialing", "past_due", "unpaid"])
async def test_a_membership_that_rests_or_is_owed_has_not_ended_also_in_the_household(status: str) -> None:
    now = clock.now()
    await walked.running("lapsed", days=7)
    payer, sharer = await walked.reader("payer"), await walked.reader("sharer")
    paid = await walked.subscribes(payer, renews=now + timedelta(days=90), status=status, past_due=now)
    seat = await walked.shares(payer, sharer, paid)
    over = {"since": now - timedelta(days=90), "until": now + timedelta(hours=1)}
    await walked.belongs(payer, source="subscription", source_id=paid, **over)
    await walked.belongs(sharer, source="seat", source_id=seat, **over)
    await walked.member("gone", **over)
    await walked.later(days=7, hours=2)
    assert await entered() == ["gone"]
    over_at = {Subscription.status: "cancelled", Subscription.ended_at: clock.now() + timedelta(hours=1)}
    await Subscription.update(over_at).where(Subscription.id == paid)
    await walked.later(days=6)
    assert await entered() == ["gone"], "seven days after it was over"
    await walked.later(days=1, hours=2)
    await walked.later(hours=2)
    assert await entered() == ["gone", "payer", "sharer"]


async def test_who_begins_to_pay_again_before_the_e_mail_does_not_get_it() -> None:
    now = clock.now()
    await walked.running("lapsed", walked.wait(days=2), walked.EMAIL, days=1)
    person = await walked.member("back", since=now - timedelta(days=90), until=now + timedelta(hours=1))
    await walked.later(days=1, hours=2)
    assert await entered() == ["back"]
    await walked.subscribes(person, renews=now + timedelta(days=90), status="paused", past_due=now)
    await walked.later(days=2, hours=1)
    assert await walked.written() == [] and await walked.outcomes() == {"unfit": 1}


async def test_who_comes_back_from_a_pause_is_not_new_also_in_the_household() -> None:
    now = clock.now()
    await walked.running("welcome")
    payer, sharer = await walked.reader("payer"), await walked.reader("sharer")
    paid = await walked.subscribes(payer, renews=now + timedelta(days=90))
    seat = await walked.shares(payer, sharer, paid)
    for person, source, source_id in ((payer, "subscription", paid), (sharer, "seat", seat)):
        before = {"since": now - timedelta(days=90), "until": now - timedelta(days=30)}
        await walked.belongs(person, source=source, source_id=source_id, **before)
        again = now + timedelta(minutes=5)
        await walked.belongs(person, since=again, source=source, source_id=source_id)
    await walked.member("new", since=now + timedelta(minutes=5))
    await walked.later(minutes=10)
    assert await entered() == ["new"]
