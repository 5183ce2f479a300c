"""What forecasts know of renewals: who still runs is never counted as lost, and who left is."""

from datetime import timedelta
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.foundation.database import time_limits
from components.insights.forecasts import patient_reads, renewal_rows
from components.insights.forecasts.renewal_rows import RenewalRow
from components.memberships.billing import pauses, plan_changes, subscriptions
from components.memberships.plans import plan_catalogue
from tests.conftest import NOON
from tests.support import join_members, make_plans
from tests.support.shops import Shop

DAY = timedelta(days=1)
HALF_A_YEAR = NOON - 181 * DAY
MONTHS = (-75, -45, -15)
"""Days from now on which three monthly periods began; the last of them runs."""


@pytest.fixture
async def plans(db: None) -> None:
    with clock.frozen(NOON - 800 * DAY):
        await make_plans.club(price=450, interval="month", slug="monthly")
        await make_plans.club(price=900, interval="month", slug="better")


async def paid(
    *begun: int, plan: str = "monthly", whole: int = 450, partial: int = 0, sub: UUID | None = None, days: int = 30,
    ended: int | None = None, adopted: int | None = None,
) -> UUID:  # fmt: skip
    """A subscription with periods of so many days that began so many days from now; the last `partial` are rests.
    The first was paid elsewhere, where it was `adopted` so many days from now."""
    sub, version = sub or ids.new(), plan_catalogue.by_slug(plan).version_id
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        await database.execute(
            """INSERT INTO subscription (id, payer, plan_version, status, attempt, created_at, started_at, ended_at)
              VALUES ($1, gen_random_uuid(), $2, 'active', 1, $3, $3, $4) ON CONFLICT (id) DO NOTHING""",
            sub, version, NOON + begun[0] * DAY, None if ended is None else NOON + ended * DAY,
        )  # fmt: skip
        for place, day in enumerate(begun):
            at, is_opening = NOON + day * DAY, adopted is not None and not place
            await database.execute(
                """INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency, paid_at,
                  plan_version, net_amount, net_price, is_partial, is_opening)
                VALUES ($1::uuid, $2, 'in_' || $1::text, $3, $4, $5, 'GBP', $10, $6, $5, $7, $8, $9)""",
                ids.new(), sub, at, at + days * DAY, 0 if is_opening else whole, version,
                450 if plan == "monthly" else 900, place >= len(begun) - partial, is_opening,
                NOON + adopted * DAY if adopted is not None and is_opening else at,
            )  # fmt: skip
    return sub


async def rested(sub: UUID, begun: int, ended: int | None) -> None:
    until = NOON + (90 if ended is None else ended) * DAY
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        await database.execute(
            """INSERT INTO pause (id, subscription, from_at, until_at, begun_at, ended_at)
              VALUES ($1, $2, $3, $4, $3, $5)""",
            ids.new(), sub, NOON + begun * DAY, until, None if ended is None else until,
        )  # fmt: skip


async def seen(slug: str = "monthly") -> list[RenewalRow]:
    (rows,) = await renewal_rows.at([clock.now()])
    return [row for row in rows if row.plan == plan_catalogue.by_slug(slug).id]


async def told(slug: str = "monthly") -> list[tuple[int, bool, bool]]:
    """Renewals made, whether they left, and whether they pay."""
    return [(row.done, row.has_left, row.pays) for row in await seen(slug)]


@pytest.mark.usefixtures("plans")
class TestOfRows:
    async def test_who_paid_in_time_runs_and_who_is_late_by_more_than_thirty_days_left(self) -> None:
        await paid(*MONTHS)
        assert await told() == [(2, False, True)]
        await paid(-90, -60)
        assert sorted(await told()) == [(1, False, True), (2, False, True)], "30 days late to the day"
        await paid(-91, -61)
        assert (1, True, False) in await told()
        await paid(*MONTHS, ended=-1)
        assert (2, True, False) in await told()

    async def test_a_change_of_plan_in_mid_period_loses_nobody(self) -> None:
        sub = await paid(-150, -120, -90, days=10)
        await paid(-15, plan="better", partial=1, sub=sub)
        assert await told() == [(2, False, False)], "seen until then"
        assert await told("better") == [(0, False, True)], "and pays for the new plan from then on"
        assert [(row.net_price, row.due_in) for row in await seen("better")] == [(900, 15)]

    async def test_after_the_rest_of_a_period_the_next_one_is_the_first_renewal(self) -> None:
        sub = await paid(-150, -120)
        await paid(-75, plan="better", partial=1, sub=sub)
        await paid(-45, -15, plan="better", sub=sub)
        assert (await told(), await told("better")) == ([(1, False, False)], [(2, False, True)])

    async def test_who_left_in_the_rest_of_a_period_left_the_new_plan(self) -> None:
        sub = await paid(-150, -120, ended=-2)
        await paid(-15, plan="better", partial=1, sub=sub)
        assert (await told(), await told("better")) == ([(1, False, False)], [(0, True, False)])

    async def test_a_change_there_and_back_is_one_run(self) -> None:
        sub = await paid(-75, -45)
        await paid(-40, plan="better", partial=1, sub=sub)
        await paid(-30, partial=1, sub=sub, days=15)
        await paid(-15, sub=sub)
        assert (await told(), await told("better")) == ([(2, False, True)], [(0, False, False)])

    async def test_a_pause_carries_paid_time_over(self) -> None:
        sub = await paid(-150, -120)
        assert await told() == [(1, True, False)]
        await rested(sub, -110, -40)
        assert await told() == [(1, False, True)], "due 90 days ago and 70 carried over"
        await rested(sub, -30, -10)
        await rested(sub, -5, 0)
        assert [(row.done, row.has_left, row.due_in) for row in await seen()] == [(1, False, 5)]

    async def test_a_pause_before_the_newest_period_carries_nothing_over(self) -> None:
        sub = await paid(-300, -120)
        await rested(sub, -290, -130)
        assert await told() == [(1, True, False)]

    async def test_who_rests_now_neither_pays_nor_left(self) -> None:
        sub = await paid(-150, -120)
        await rested(sub, -110, None)
        assert await told() == [(1, False, False)]

    async def test_a_renewal_paid_with_credit_or_brought_to_nothing_is_one(self) -> None:
        sub = await paid(-135, -105)
        await paid(*MONTHS, whole=0, sub=sub)
        assert await told() == [(4, False, True)]

    async def test_renewals_count_from_the_first_period_that_cost_money(self) -> None:
        sub = await paid(-135, -105, whole=0)
        assert await told() == []
        await paid(*MONTHS, sub=sub)
        assert await told() == [(2, False, True)]

    async def test_adopted_members_are_told_apart(self) -> None:
        await paid(*MONTHS, adopted=-60)
        assert [(row.is_adopted, row.pays, row.net_price) for row in await seen()] == [(True, True, 450)]

    async def test_before_it_was_taken_over_an_adopted_subscription_was_not_there(self) -> None:
        await paid(-40, adopted=-15)
        before, now = await renewal_rows.at([NOON - 20 * DAY, NOON])
        assert not before and [(row.is_adopted, row.pays) for row in now] == [(True, True)]

    async def test_who_stayed_is_told_of_an_earlier_instant_by_the_same_rules(self) -> None:
        """Five paid then: one goes on, one with another plan, one by credit, one after a pause; one does not."""
        then = [-250, -220, -190]
        on = [await paid(*then) for _ in range(5)]
        await paid(-15, sub=on[0])
        await paid(-15, plan="better", partial=1, sub=on[1])
        await paid(-15, whole=0, sub=on[2])
        await rested(on[3], -170, -20)
        before, now = await renewal_rows.at([HALF_A_YEAR, NOON])
        assert [(row.done, row.has_left, row.pays, row.people, row.stayed) for row in before] == [
            (2, False, True, 5, 4)
        ]
        assert sum(row.people for row in now if row.has_left) == 1


async def test_a_member_who_pauses_and_one_who_changes_plan_run_on_by_the_shops_own_rows(shop: Shop) -> None:
    monthly = await make_plans.club(price=450, interval="month", slug="monthly")
    better = await make_plans.club(price=900, interval="month", slug="better")
    for email in ("maya@kiln.test", "theo@kiln.test"):
        await join_members.joins(shop, plan_catalogue.by_slug(monthly.slug), email=email)
    await join_members.until(shop, clock.now() + 40 * DAY)
    maya, theo = [
        await subscriptions.running(await join_members.person(email)) for email in ("maya@kiln.test", "theo@kiln.test")
    ]
    assert maya is not None and theo is not None
    change = await plan_changes.difference(maya.id, better)
    await plan_changes.apply(maya.id, better, at=change.at, agreed=change.due)
    await pauses.start(theo.id, until=clock.now() + 60 * DAY)
    await shop.catch_up()
    now = clock.now()
    assert [(row.done, row.has_left, row.pays, row.people) for row in await seen()] == [(1, False, False, 2)]
    (new,) = await seen("better")
    assert (new.done, new.pays, new.net_price) == (0, True, 900)
    await join_members.until(shop, now + 59 * DAY)
    await pauses.end(theo.id)
    await join_members.until(shop, now + 70 * DAY)
    gone, back = await seen()
    assert (gone.done, gone.has_left, gone.pays) == (1, False, False)
    assert (back.done, back.has_left, back.pays, back.due_in) == (1, False, True, 10), "paid until 1 May, and 59 days"
    assert await told("better") == [(2, False, True)]


async def test_reads_are_patient_and_leave_the_limits_of_others_alone(db: None) -> None:
    limit = "SELECT current_setting('statement_timeout')"
    token = time_limits._limits.set(time_limits.TimeLimits(statement=0.1))
    try:
        assert await patient_reads.fetch_value("SELECT 1 FROM pg_sleep(0.3)") == 1
        assert await patient_reads.fetch_value(limit) == "1h"
    finally:
        time_limits._limits.reset(token)
    assert await database.fetch_value(limit) == time_limits.SERVER_SETTINGS["statement_timeout"]
