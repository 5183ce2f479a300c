"""Each invariant about pauses, cancellations and refused trials, seen to fail."""

from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.memberships.billing import cancellations, pauses, subscriptions
from components.memberships.invariants import invariants
from tests.support import join_members, make_plans
from tests.support.shops import Shop

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

BROKEN = {
    "not paused": "UPDATE subscription SET status = 'active'",
    "has ended": "UPDATE subscription SET status = 'cancelled', ended_at = current_period_start",
    "charged before it is over": "UPDATE subscription SET current_period_end = current_period_end - interval '1 day'",
    "without a pause that would end": "UPDATE pause SET ended_at = from_at",
    "charged before it ends": "UPDATE subscription SET cancel_at = cancel_at + interval '1 day'",
    "refused but with a membership": "INSERT INTO refused_trial (subscription, why, at) SELECT id, 'second', created_at"
    " FROM subscription",
}


@pytest.mark.parametrize("words", list(BROKEN))
async def test_a_broken_promise_about_a_state_is_found(shop: Shop, words: str) -> None:
    await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    found = await subscriptions.running(await join_members.person())
    assert found is not None
    clock.set_everywhere(clock.now() + HOUR)
    await pauses.start(found.id, until=clock.now() + 30 * DAY)
    await cancellations.schedule(found.id)
    await shop.catch_up()
    assert await invariants() == []
    await database.execute(BROKEN[words])
    assert any(words in sentence for sentence in await invariants()), await invariants()
