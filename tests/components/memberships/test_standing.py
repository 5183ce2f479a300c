"""What somebody holds at an instant depends on rows alone."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components.catalog.visibility import Access
from components.foundation import clock, formatting, ids
from components.memberships.benefits.effects import HeadStartEffect
from components.memberships.benefits.kinds import kind
from components.memberships.editing import plan_benefits, plans
from components.memberships.entitlements import entitlements
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.memberships.grants import complimentary
from components.memberships.grants.complimentary import AlreadyHeld, EndsTooSoon
from components.memberships.invariants import invariants
from components.memberships.plans import lead_plan, plan_catalogue
from components.pricing.price_context import PriceContext
from tests.support import make_plans

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("db")


async def test_nobody_holds_anything_without_rows() -> None:
    assert await entitlements.for_person(ids.new()) == CustomerEntitlements.NONE
    assert CustomerEntitlements.NONE.price_context is PriceContext.GUEST
    assert CustomerEntitlements.NONE.access is Access.NONE
    assert not CustomerEntitlements.NONE.is_member


async def test_a_given_membership_opens_everything_its_plan_promises(at: datetime) -> None:
    maya, plan = ids.new(), await make_plans.club()
    await complimentary.grant(maya, plan, until=None, by=ids.new())
    standing = await entitlements.for_person(maya)
    assert standing.is_member and standing.opens_content
    assert [rule.value for rule in standing.price_context.rules] == [1000]
    assert standing.free_delivery is not None and standing.free_delivery.threshold == 0
    assert standing.access.head_starts[0].lead == timedelta(hours=72)
    assert standing.access.members_only
    assert standing.price_context == lead_plan.context() and standing.access == lead_plan.access()
    assert await invariants() == []


def test_early_access_from_before_there_were_caps_has_none() -> None:
    early = kind("early_access")
    old = early.load('{"hours":72,"covered":{"kind":"everything","ids":[]}}')
    assert early.words(old) == "Shop new products 3 days early"
    (effect,) = early.effects(old, benefit_id=ids.new(), name="Early")
    assert isinstance(effect, HeadStartEffect)
    head = effect.head_start
    assert (head.lead, head.most) == (timedelta(hours=72), None)
    capped = early.read({**early.answers(old), "most": 2})
    assert early.words(capped) == "Shop new products 3 days early (up to 2 of each)"
    assert early.load(early.dump(capped)) == capped


@pytest.mark.parametrize(
    ("moment", "holds"), [(-SECOND, False), (timedelta(0), True), (10 * DAY - SECOND, True), (10 * DAY, False)]
)
async def test_instants_are_half_open(at: datetime, moment: timedelta, holds: bool) -> None:
    maya, plan = ids.new(), await make_plans.club()
    await complimentary.grant(maya, plan, until=at + 10 * DAY, by=ids.new())
    standing = await entitlements.for_person(maya, at + moment)
    assert standing.is_member is holds
    assert bool(standing.entitlements) is holds


async def test_what_she_held_on_a_past_day_is_still_known_after_the_benefit_has_changed(at: datetime) -> None:
    maya, plan = ids.new(), await make_plans.club()
    await complimentary.grant(maya, plan, until=None, by=ids.new())
    price = next(one for one in plan.benefits if one.kind == "member_price")
    with clock.frozen(at + 5 * DAY):
        await plan_benefits.change_benefit(
            price.id, name="15% off", answers={**make_plans.TENTH_OFF, "percent": 1500}, by=None
        )
    before = await entitlements.for_person(maya, at + 5 * DAY - SECOND)
    after = await entitlements.for_person(maya, at + 5 * DAY)
    assert [one.price_context.rules[0].value for one in (before, after)] == [1000, 1500]


async def test_a_benefit_given_to_the_plan_later_reaches_its_members_from_then_on(at: datetime) -> None:
    maya, plan = ids.new(), await make_plans.club()
    await complimentary.grant(maya, plan, until=at + 30 * DAY, by=ids.new())
    later = at + 3 * DAY
    with clock.frozen(later):
        extra = await make_plans.benefit("perk", "Repairs", promise="Repairs at cost")
        await plan_benefits.attach(plan.id, extra, by=None)
        await plan_benefits.attach(plan.id, extra, by=None)
    assert extra not in _held(await entitlements.for_person(maya, later - SECOND))
    assert extra in _held(await entitlements.for_person(maya, later))
    assert await invariants() == []
    with clock.frozen(later + DAY):
        await plan_benefits.detach(plan.id, extra, by=None)
    assert extra in _held(await entitlements.for_person(maya, later + DAY - SECOND))
    assert extra not in _held(await entitlements.for_person(maya, later + DAY))
    assert await invariants() == []


async def test_the_free_tier_is_no_membership_of_the_club(at: datetime) -> None:
    noor, plan = ids.new(), await make_plans.free_tier()
    await complimentary.join_free(noor, plan)
    standing = await entitlements.for_person(noor)
    assert standing.is_on_free_tier and not standing.is_member and standing.opens_content
    with pytest.raises(AlreadyHeld, match="You already have this plan"):
        await complimentary.join_free(noor, plan)


async def test_a_gift_from_the_shop_needs_an_end_to_come_and_can_be_taken_back(at: datetime) -> None:
    maya, plan, iris = ids.new(), await make_plans.club(), ids.new()
    with pytest.raises(EndsTooSoon):
        await complimentary.grant(maya, plan, until=at, by=iris)
    held = await complimentary.grant(maya, plan, until=at + DAY, by=iris)
    with clock.frozen(at + SECOND):
        await complimentary.end(held.id, by=iris)
    assert (await entitlements.for_person(maya, at)).is_member
    assert not (await entitlements.for_person(maya, at + SECOND)).is_member


async def test_a_new_price_is_a_new_version_and_the_old_one_stays(at: datetime) -> None:
    plan = await make_plans.club()
    with clock.frozen(at + DAY):
        await plans.revise(plan.id, price=4500, by=None)
        assert plan_catalogue.by_slug("annual").price.amount == 4500
        with pytest.raises(plans.SamePrice):
            await plans.revise(plan.id, price=4500, by=None)
    assert plan_catalogue.by_version(plan.version_id).price.amount == 3900
    assert plan_catalogue.by_slug("annual", at).price.amount == 3900
    assert plan_catalogue.by_slug("annual", at + DAY - SECOND).price.amount == 3900
    assert plan_catalogue.by_slug("annual", at + DAY).price.amount == 4500


async def test_retired_plans_are_not_offered_and_words_name_their_price(at: datetime) -> None:
    plan = await make_plans.club()
    assert [one.slug for one in plan_catalogue.active_plans()] == ["annual"]
    assert plan.price_words == "£39.00 a year" and formatting.interval("month", 3) == "a quarter"
    await plans.archive(plan.id, by=None)
    assert (
        plan_catalogue.active_plans() == ()
        and lead_plan.current_plan() is None
        and lead_plan.context() is PriceContext.GUEST
    )


def _held(standing: CustomerEntitlements) -> set[UUID]:
    return {one.benefit_id for one in standing.entitlements}
