"""Was she entitled then, and why? The answer agrees with her standing at every instant, and shows its rows."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components.foundation import clock, ids
from components.memberships import PlanView, comps, entitlements, plans, promises
from components.memberships.as_of import Answer, answers
from tests.components.memberships import cast

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
ZERO = timedelta(0)
pytestmark = pytest.mark.usefixtures("db")


def price_of(plan: PlanView) -> UUID:
    return next(one.id for one in plan.benefits if one.kind == "member_price")


async def about(person: UUID, benefit: UUID, at: datetime) -> Answer:
    return next(one for one in await answers(person, at) if one.benefit_id == benefit)


async def test_it_agrees_with_the_standing_at_every_boundary(at: datetime) -> None:
    maya, plan = ids.new(), await cast.club()
    price = price_of(plan)
    edges = [at]
    with clock.held(at + 2 * DAY):
        await comps.give(maya, plan, until=at + 20 * DAY, by=ids.new(), note="For the firing")
    with clock.held(at + 4 * DAY):
        await promises.redefine(price, name="15% off", answers={**cast.TENTH_OFF, "percent": 1500}, by=None)
    with clock.held(at + 8 * DAY):
        await promises.take_back(plan.id, price, by=None)
    with clock.held(at + 12 * DAY):
        await promises.give(plan.id, price, by=None)
    with clock.held(at + 30 * DAY):
        await comps.give(maya, plan, until=None, by=ids.new())
    edges += [at + n * DAY for n in (2, 4, 8, 12, 20, 30, 60)]
    for edge in edges:
        for instant in (edge - SECOND, edge, edge + SECOND):
            standing = await entitlements.standing(maya, instant)
            told = await answers(maya, instant)
            held = {one.benefit_id for one in told if one.is_held}
            assert held == {one.benefit_id for one in standing.entitlements}, instant
            assert all(one.why and one.rows for one in told if one.is_held)
    assert {one.benefit_id for one in await answers(maya, at)} == {one.id for one in plan.benefits}


async def test_a_yes_names_membership_plan_benefit_and_entitlement(at: datetime) -> None:
    maya, plan = ids.new(), await cast.club()
    await comps.give(maya, plan, until=at + 20 * DAY, by=ids.new(), note="For the firing")
    with clock.held(at + 4 * DAY):
        await promises.redefine(price_of(plan), name="15% off", answers={**cast.TENTH_OFF, "percent": 1500}, by=None)
    told = await about(maya, price_of(plan), at + 3 * DAY)
    assert told.is_held
    assert told.why == ("Since 1 March 2027 at 12:00, until 21 March 2027 at 12:00, through Annual, complimentary.")
    rows = dict(told.rows)
    assert rows["Membership"].startswith("Annual, complimentary, from 1 March 2027 at 12:00 until 21 March")
    assert "“For the firing”" in rows["Membership"]
    assert rows["Plan"] == "Annual at £39.00 a year, a price since 1 March 2027 at 12:00"
    assert rows["Benefit"] == "“10% off everything”, from 1 March 2027 at 12:00 until 5 March 2027 at 12:00"
    assert "complimentary" in rows["Entitlement"]
    later = dict((await about(maya, price_of(plan), at + 4 * DAY)).rows)
    assert later["Benefit"] == "“15% off everything”, from 5 March 2027 at 12:00, no end date"


async def test_a_no_says_why_not(at: datetime) -> None:
    maya, plan = ids.new(), await cast.club()
    price = price_of(plan)
    assert (await about(maya, price, at)).why == "Never been a member."
    assert (await about(maya, price, at - SECOND)).why == "The benefit was only created on 1 March 2027 at 12:00."
    with clock.held(at + 2 * DAY):
        await comps.give(maya, plan, until=at + 6 * DAY, by=ids.new())
    assert (await about(maya, price, at + DAY)).why == (
        "No membership yet: Annual, complimentary, starts on 3 March 2027 at 12:00."
    )
    ended = await about(maya, price, at + 6 * DAY)
    assert ended.why == "No membership on that date: Annual, complimentary, ended on 7 March 2027 at 12:00."
    assert [what for what, _ in ended.rows] == ["Membership", "Plan", "Benefit", "Entitlement"]


async def test_a_plan_that_does_not_promise_it_is_named(at: datetime) -> None:
    maya, plan = ids.new(), await cast.club()
    other = await cast.benefit("perk", "Repairs", promise="Repairs at cost")
    await comps.give(maya, plan, until=None, by=ids.new())
    assert (await about(maya, other, at)).why == "The plan was Annual, but it did not include it."
    with clock.held(at + 5 * DAY):
        await promises.give(plan.id, other, by=None)
    assert (
        await about(maya, other, at)
    ).why == "The plan was Annual, but it only includes it from 6 March 2027 at 12:00."
    with clock.held(at + 7 * DAY):
        await promises.take_back(plan.id, other, by=None)
    gone = await about(maya, other, at + 7 * DAY)
    assert gone.why == "The plan was Annual, but it only included it until 8 March 2027 at 12:00."
    assert not gone.is_held and (await about(maya, other, at + 6 * DAY)).is_held


async def test_two_plans_are_both_answered_for(at: datetime) -> None:
    maya, plan = ids.new(), await cast.club()
    await plans.create(slug="pots", name="Pots", summary="", price=400, interval="month", by=None)
    from components.memberships import offers

    await comps.give(maya, offers.by_slug("pots"), until=None, by=ids.new())
    told = await about(maya, price_of(plan), at)
    assert told.why == "The plan was Pots, but it did not include it."
