"""Was she entitled then, and why? The answer agrees with her standing at every instant, and shows its rows."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components.foundation import clock, ids
from components.memberships.editing import plan_benefits, plans
from components.memberships.entitlements import entitlements
from components.memberships.entitlements.entitlement_history import EntitlementAnswer, at_instant
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from tests.support import make_plans

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
ZERO = timedelta(0)
pytestmark = pytest.mark.usefixtures("db")


def price_of(plan: PlanView) -> UUID:
    return next(one.id for one in plan.benefits if one.kind == "member_price")


async def about(person: UUID, benefit: UUID, at: datetime) -> EntitlementAnswer:
    return next(one for one in await at_instant(person, at) if one.benefit_id == benefit)


async def test_it_agrees_with_the_standing_at_every_boundary(at: datetime) -> None:
    maya, plan = ids.new(), await make_plans.club()
    price = price_of(plan)
    edges = [at]
    with clock.frozen(at + 2 * DAY):
        await complimentary.grant(maya, plan, until=at + 20 * DAY, by=ids.new(), note="For the firing")
    with clock.frozen(at + 4 * DAY):
        await plan_benefits.change_benefit(
            price, name="15% off", answers={**make_plans.TENTH_OFF, "percent": 1500}, by=None
        )
    with clock.frozen(at + 8 * DAY):
        await plan_benefits.detach(plan.id, price, by=None)
    with clock.frozen(at + 12 * DAY):
        await plan_benefits.attach(plan.id, price, by=None)
    with clock.frozen(at + 30 * DAY):
        await complimentary.grant(maya, plan, until=None, by=ids.new())
    edges += [at + n * DAY for n in (2, 4, 8, 12, 20, 30, 60)]
    for edge in edges:
        for instant in (edge - SECOND, edge, edge + SECOND):
            standing = await entitlements.for_person(maya, instant)
            told = await at_instant(maya, instant)
            held = {one.benefit_id for one in told if one.is_held}
            assert held == {one.benefit_id for one in standing.entitlements}, instant
            assert all(one.why and one.rows for one in told if one.is_held)
    assert {one.benefit_id for one in await at_instant(maya, at)} == {one.id for one in plan.benefits}


async def test_what_is_paid_once_is_not_said_to_be_paid_again(at: datetime) -> None:
    maya = ids.new()
    plan_id = await plans.create(
        slug="season", name="Season", summary="", price=2500, interval="month", interval_count=6, is_once=True, by=None
    )
    price = await make_plans.benefit("member_price", "10% off", **make_plans.TENTH_OFF)
    await plan_benefits.attach(plan_id, price, by=None, position=0)
    await complimentary.grant(maya, plan_catalogue.by_slug("season"), until=None, by=ids.new())
    rows = dict((await about(maya, price, clock.now())).rows)
    assert rows["Plan"].startswith("Season at £25.00 once, for 6 months, price since")


async def test_a_yes_names_membership_plan_benefit_and_entitlement(at: datetime) -> None:
    maya, plan = ids.new(), await make_plans.club()
    await complimentary.grant(maya, plan, until=at + 20 * DAY, by=ids.new(), note="For the firing")
    with clock.frozen(at + 4 * DAY):
        await plan_benefits.change_benefit(
            price_of(plan), name="15% off", answers={**make_plans.TENTH_OFF, "percent": 1500}, by=None
        )
    told = await about(maya, price_of(plan), at + 3 * DAY)
    assert told.is_held
    assert told.why == (
        "Since Monday 1 March 2027 at 12:00, until Sunday 21 March 2027 at 12:00, because of Annual, complimentary."
    )
    rows = dict(told.rows)
    assert rows["Membership"].startswith(
        "Annual, complimentary, from Monday 1 March 2027 at 12:00 until Sunday 21 March"
    )
    assert "“For the firing”" in rows["Membership"]
    assert rows["Plan"] == "Annual at £39.00 a year, price since Monday 1 March 2027 at 12:00"
    assert (
        rows["Benefit"] == "“10% off everything”, from Monday 1 March 2027 at 12:00 until Friday 5 March 2027 at 12:00"
    )
    assert "complimentary" in rows["Entitlement"]
    later = dict((await about(maya, price_of(plan), at + 4 * DAY)).rows)
    assert later["Benefit"] == "“15% off everything”, from Friday 5 March 2027 at 12:00, no end date"


async def test_a_no_says_why_not(at: datetime) -> None:
    maya, plan = ids.new(), await make_plans.club()
    price = price_of(plan)
    assert (await about(maya, price, at)).why == "Never a member."
    assert (
        await about(maya, price, at - SECOND)
    ).why == "This benefit was only created on Monday 1 March 2027 at 12:00."
    with clock.frozen(at + 2 * DAY):
        await complimentary.grant(maya, plan, until=at + 6 * DAY, by=ids.new())
    assert (await about(maya, price, at + DAY)).why == (
        "No membership yet: Annual, complimentary, started on Wednesday 3 March 2027 at 12:00."
    )
    ended = await about(maya, price, at + 6 * DAY)
    assert ended.why == "No membership at that time: Annual, complimentary, ended on Sunday 7 March 2027 at 12:00."
    assert [what for what, _ in ended.rows] == ["Membership", "Plan", "Benefit", "Entitlement"]


async def test_a_plan_that_does_not_promise_it_is_named(at: datetime) -> None:
    maya, plan = ids.new(), await make_plans.club()
    other = await make_plans.benefit("perk", "Repairs", promise="Repairs at cost")
    await complimentary.grant(maya, plan, until=None, by=ids.new())
    assert (await about(maya, other, at)).why == "Annual was active, but it did not include it."
    with clock.frozen(at + 5 * DAY):
        await plan_benefits.attach(plan.id, other, by=None)
    assert (
        await about(maya, other, at)
    ).why == "Annual was active, but it only includes it from Saturday 6 March 2027 at 12:00."
    with clock.frozen(at + 7 * DAY):
        await plan_benefits.detach(plan.id, other, by=None)
    gone = await about(maya, other, at + 7 * DAY)
    assert gone.why == "Annual was active, but it only included it until Monday 8 March 2027 at 12:00."
    assert not gone.is_held and (await about(maya, other, at + 6 * DAY)).is_held


async def test_two_plans_are_both_answered_for(at: datetime) -> None:
    maya, plan = ids.new(), await make_plans.club()
    await plans.create(slug="pots", name="Pots", summary="", price=400, interval="month", by=None)
    from components.memberships.plans import plan_catalogue

    await complimentary.grant(maya, plan_catalogue.by_slug("pots"), until=None, by=ids.new())
    told = await about(maya, price_of(plan), at)
    assert told.why == "Pots was active, but it did not include it."
