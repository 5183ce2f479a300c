"""Kept renewals are those of the periods and pauses, whatever has happened, and however little is rolled up yet."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.insights.programme import renewal_rate
from components.insights.programme.renewal_rate import RenewalCount
from components.insights.rollups import figure_rolls, kept_comparison, kept_samples
from components.memberships.billing import pauses, plan_changes, subscriptions
from components.memberships.plans import plan_catalogue
from tests.support import join_members, make_plans
from tests.support.shops import Shop

DAY = timedelta(days=1)
MAYA, THEO = "maya@kiln.test", "theo@kiln.test"


async def counted() -> tuple[RenewalCount, ...]:
    (found,) = await database.batch(renewal_rate.query(clock.now() - 400 * DAY, clock.now() + 400 * DAY))
    return found  # type: ignore[no-any-return]


async def listed() -> list[object]:
    rows = renewal_rate.rows(clock.now() - 400 * DAY, clock.now() + 400 * DAY)
    return [one async for one in rows.every()]


async def anew() -> tuple[tuple[RenewalCount, ...], list[object]]:
    """Where nothing is kept, from the periods and pauses themselves."""
    async with database.transaction():
        await database.execute("SAVEPOINT kept")
        await database.execute("DELETE FROM figure_state")
        found = await counted(), await listed()
        await database.execute("ROLLBACK TO SAVEPOINT kept")
    return found


async def agree() -> tuple[RenewalCount, ...]:
    """With the queue, and without it."""
    for _ in range(2):
        assert (await counted(), await listed()) == await anew()
        assert await kept_comparison.compare() == []
        await figure_rolls.roll_all()
    return await counted()


@pytest.fixture
async def running(shop: Shop) -> AsyncIterator[Shop]:
    monthly = await make_plans.club(price=450, interval="month", slug="monthly")
    await make_plans.club(price=900, interval="month", slug="better")
    for email in (MAYA, THEO):
        await join_members.joins(shop, plan_catalogue.by_slug(monthly.slug), email=email)
    await join_members.until(shop, clock.now() + 40 * DAY)
    await figure_rolls.roll_all()
    yield shop


async def _of(email: str) -> subscriptions.Subscription:
    found = await subscriptions.running(await join_members.person(email))
    assert found is not None
    return found


async def test_whatever_happens_the_renewals_that_are_kept_are_those_that_were_due(running: Shop) -> None:
    assert [(one.due, one.renewed, one.waiting) for one in await agree()] == [(2, 2, 0)]
    maya, theo = await _of(MAYA), await _of(THEO)
    change = await plan_changes.difference(maya.id, plan_catalogue.by_slug("better"))
    await plan_changes.apply(maya.id, plan_catalogue.by_slug("better"), at=change.at, agreed=change.due)
    await pauses.start(theo.id, until=clock.now() + 60 * DAY)
    await running.catch_up()
    await agree()
    due = await database.fetch_values("SELECT at FROM figure_renewal WHERE subscription = $1", theo.id)
    assert len(due) == 1, "nobody knows yet when it is due"
    now = clock.now()
    await join_members.until(running, now + 59 * DAY)
    await pauses.end(theo.id)
    await agree()
    await join_members.until(running, now + 70 * DAY)
    monthly, better = sorted(await agree(), key=lambda one: one.plan != "monthly")
    assert (monthly.due + better.due, monthly.renewed + better.renewed) == (4, 4)


async def test_a_period_that_is_given_another_end_is_due_then(running: Shop) -> None:
    await agree()
    await database.execute("UPDATE paid_period SET ends_at = ends_at + interval '3 days'")
    await agree()


async def test_a_pause_that_is_given_other_dates_carries_over_as_much(running: Shop) -> None:
    theo = await _of(THEO)
    await pauses.start(theo.id, until=clock.now() + 60 * DAY)
    await running.catch_up()
    await join_members.until(running, clock.now() + 59 * DAY)
    await pauses.end(theo.id)
    await agree()
    await database.execute("UPDATE pause SET begun_at = begun_at - interval '2 days'")
    await agree()


async def test_one_that_is_late_is_waited_for_until_its_subscription_is_over(running: Shop) -> None:
    assert await agree()
    theo = await _of(THEO)
    later = clock.now() + 25 * DAY
    with clock.frozen(later):
        assert sum(one.waiting for one in await agree()) == 2
        await database.execute(
            "UPDATE subscription SET status = 'cancelled', ended_at = $2 WHERE id = $1", theo.id, later
        )
        assert [(one.due, one.renewed, one.waiting) for one in await agree()] == [(3, 2, 1)]


async def test_what_is_kept_wrong_shows_in_all_and_in_a_share_drawn_by_chance(running: Shop) -> None:
    await database.execute("UPDATE figure_renewal SET at = at + interval '1 day'")
    assert [one.name for one in await kept_comparison.compare()] == ["renewals"]
    assert [one.name for one in await kept_samples.differences()] == ["renewals"]
    assert (await counted(), await listed()) != await anew(), "it is read from what is kept"
