"""A membership's end may move; what is held until then is what its plan promises by then, and the past stays."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.memberships.editing import plan_benefits, scheduled_changes
from components.memberships.editing.plan_revisions import Pair, Revision
from components.memberships.entitlements import entitlements, membership_periods
from components.memberships.grants import complimentary
from components.memberships.invariants import invariants
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Membership
from tests.support import make_plans

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
BY = UUID(int=7)
pytestmark = pytest.mark.usefixtures("db")


async def names(person: UUID, at: datetime) -> set[str]:
    return {one.name for one in (await entitlements.for_person(person, at)).entitlements}


async def member(until: datetime | None = None) -> tuple[UUID, PlanView, Membership]:
    maya, plan = ids.new(), await make_plans.club()
    return maya, plan, await complimentary.grant(maya, plan, until=until, by=BY)


async def test_an_end_that_is_taken_away_leaves_everything_held(at: datetime) -> None:
    maya, plan, held = await member(until=at + 30 * DAY)
    await membership_periods.move_end(held, None)
    assert await names(maya, at + 400 * DAY) == {one.name for one in plan.benefits}
    assert await invariants() == []


async def test_what_was_published_for_a_day_after_the_old_end_is_held_once_she_stays(at: datetime) -> None:
    maya, plan, held = await member(until=at + 30 * DAY)
    extra = await make_plans.benefit("perk", "Repairs at cost", promise="Repairs at cost")
    price = next(one.id for one in plan.benefits if one.kind == "member_price")
    draft = Revision({}, promised=(Pair(plan.id, extra),), taken_back=(Pair(plan.id, price),))
    day = at + 40 * DAY
    await scheduled_changes.publish(draft, from_at=day, name="Repairs", by=BY)
    await membership_periods.move_end(held, at + 60 * DAY)
    assert "10% off" in await names(maya, day - SECOND) and "Repairs at cost" not in await names(maya, day - SECOND)
    assert "10% off" not in await names(maya, day) and "Repairs at cost" in await names(maya, day)
    assert await names(maya, at + 60 * DAY) == set()
    assert await invariants() == []
    await membership_periods.move_end(held, at + 20 * DAY)
    assert await invariants() == []
    await membership_periods.move_end(held, None)
    assert "Repairs at cost" in await names(maya, day) and "10% off" in await names(maya, day - SECOND)
    await scheduled_changes.withdraw(draft, from_at=day, name="Repairs", by=BY)
    assert "Repairs at cost" not in await names(maya, day) and "10% off" in await names(maya, day)
    assert await invariants() == []


async def test_what_ended_before_for_its_own_reason_stays_ended(at: datetime) -> None:
    maya, plan, held = await member(until=at + 30 * DAY)
    price = next(one.id for one in plan.benefits if one.kind == "member_price")
    with clock.frozen(at + 5 * DAY):
        await plan_benefits.detach(plan.id, price, by=BY)
    with clock.frozen(at + 6 * DAY):
        await membership_periods.move_end(held, None)
        assert await invariants() == []
    assert "10% off" in await names(maya, at + 5 * DAY - SECOND)
    assert "10% off" not in await names(maya, at + 5 * DAY)
    assert "10% off" not in await names(maya, at + 31 * DAY)


async def test_a_plan_withdrawn_and_promised_again_leaves_its_gap(at: datetime) -> None:
    maya, plan, held = await member()
    price = next(one.id for one in plan.benefits if one.kind == "member_price")
    clock.set_everywhere(at + 5 * DAY)
    await plan_benefits.detach(plan.id, price, by=BY)
    clock.set_everywhere(at + 9 * DAY)
    await plan_benefits.attach(plan.id, price, by=BY)
    await membership_periods.move_end(held, at + 50 * DAY)
    days = [day for day in range(60) if "10% off" in await names(maya, at + day * DAY)]
    assert days == [*range(5), *range(9, 50)]
    assert await invariants() == []


async def test_a_membership_that_lost_what_it_is_promised_is_seen(at: datetime) -> None:
    _, _, held = await member()
    await database.execute("UPDATE entitlement SET until_at = from_at WHERE membership = $1", held.id)
    assert await invariants() == [
        f"Membership {held.id}: from now on its entitlements differ from what its plan includes."
    ]
