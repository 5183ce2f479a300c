"""A revision published on a date holds from that instant, not a second before, and can be undone until then."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.memberships.benefits.kinds import kind
from components.memberships.editing import plan_benefits, plans, scheduled_changes
from components.memberships.editing.change_guard import Scheduled
from components.memberships.editing.plan_revisions import NewBenefit, Pair, Revision
from components.memberships.editing.scheduled_changes import (
    Contradictory,
    DateHasPassed,
    NotAsDrafted,
    NothingChanges,
    TooLate,
)
from components.memberships.entitlements import entitlements, hypothetical_member
from components.memberships.grants import complimentary
from components.memberships.invariants import invariants
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from tests.support import make_plans, make_products

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
BY = UUID(int=7)
pytestmark = pytest.mark.usefixtures("db")


def settings(kind_key: str, **answers: object) -> str:
    return kind(kind_key).dump(kind(kind_key).read(answers))


def twenty_off() -> str:
    return settings("member_price", **{**make_plans.TENTH_OFF, "percent": 2000})


def of(plan: PlanView, kind_key: str) -> UUID:
    return next(one.id for one in plan.benefits if one.kind == kind_key)


async def percents(who: UUID, at: datetime) -> list[int]:
    return sorted(rule.value for rule in (await entitlements.for_person(who, at)).price_context.rules)


async def member(plan: PlanView) -> UUID:
    maya = ids.new()
    await complimentary.grant(maya, plan, until=None, by=BY)
    return maya


async def test_new_settings_hold_from_their_instant_for_members_of_today(at: datetime) -> None:
    plan = await make_plans.club()
    maya, day = await member(plan), at + 10 * DAY
    await scheduled_changes.publish(Revision({of(plan, "member_price"): twenty_off()}), from_at=day, name="More", by=BY)
    assert [await percents(maya, day + d) for d in (-SECOND, timedelta(0), SECOND)] == [[1000], [2000], [2000]]
    assert [
        one.words for one in plan_catalogue.by_slug("annual", day - SECOND).benefits if one.kind == "member_price"
    ] == ["10% off everything"]
    assert [one.words for one in plan_catalogue.by_slug("annual", day).benefits if one.kind == "member_price"] == [
        "20% off everything"
    ]
    supposed = [await hypothetical_member.holding_plan("annual", since=at, at=day + d) for d in (-SECOND, timedelta(0))]
    assert [one.price_context.rules[0].value for one in supposed] == [1000, 2000]
    assert await invariants() == []


async def test_a_new_benefit_is_promised_from_its_instant_to_members_of_today_and_of_then(at: datetime) -> None:
    plan = await make_plans.club()
    maya, day = await member(plan), at + 10 * DAY
    new = NewBenefit(ids.new(), "free_delivery", "Free from £20", settings("free_delivery", threshold=2000))
    revision = Revision(
        defined=(new,), promised=(Pair(plan.id, new.id),), taken_back=(Pair(plan.id, of(plan, "free_delivery")),)
    )
    await scheduled_changes.publish(revision, from_at=day, name="Delivery", by=BY)
    clock.set_everywhere(at + 5 * DAY)
    theo = await member(plan)
    for who in (maya, theo):
        thresholds = [(await entitlements.for_person(who, day + d)).free_delivery for d in (-SECOND, timedelta(0))]
        assert [one and one.threshold for one in thresholds] == [0, 2000], who
    assert await invariants() == []


async def test_undone_before_its_date_it_never_was(at: datetime) -> None:
    plan = await make_plans.club()
    maya, day = await member(plan), at + 10 * DAY
    before = await entitlements.for_person(maya, day + DAY)
    new = NewBenefit(
        ids.new(), "member_price", "5% off", settings("member_price", **{**make_plans.TENTH_OFF, "percent": 500})
    )
    revision = Revision(
        {of(plan, "free_delivery"): settings("free_delivery", threshold=3000)},
        (new,),
        (Pair(plan.id, new.id),),
        (Pair(plan.id, of(plan, "member_price")),),
    )
    await scheduled_changes.publish(revision, from_at=day, name="Less", by=BY)
    assert await percents(maya, day) == [500]
    clock.set_everywhere(day - SECOND)
    await scheduled_changes.withdraw(revision, from_at=day, name="Less", by=BY)
    after = await entitlements.for_person(maya, day + DAY)
    assert after.price_context == before.price_context and after.free_delivery == before.free_delivery
    assert [await percents(maya, day + d) for d in (-SECOND, timedelta(0))] == [[1000], [1000]]
    assert {one.name for one in await plan_benefits.all_benefits()} == {one.name for one in plan.benefits}
    assert await invariants() == []
    await plan_benefits.change_benefit(of(plan, "free_delivery"), name="Free", answers={"threshold": 1000}, by=BY)
    await scheduled_changes.publish(revision, from_at=day + DAY, name="Less", by=BY)
    assert await percents(maya, day + DAY) == [500]


async def test_once_its_date_has_come_it_cannot_be_undone(at: datetime) -> None:
    plan = await make_plans.club()
    revision = Revision({of(plan, "member_price"): twenty_off()})
    await scheduled_changes.publish(revision, from_at=at + DAY, name="More", by=BY)
    clock.set_everywhere(at + DAY)
    with pytest.raises(TooLate):
        await scheduled_changes.withdraw(revision, from_at=at + DAY, name="More", by=BY)


@pytest.mark.parametrize("beside", [-DAY, timedelta(0)])
async def test_a_date_that_is_not_to_come_is_refused(at: datetime, beside: timedelta) -> None:
    plan = await make_plans.club()
    with pytest.raises(DateHasPassed):
        await scheduled_changes.publish(
            Revision({of(plan, "member_price"): twenty_off()}), from_at=at + beside, name="", by=BY
        )


async def test_a_draft_that_changes_nothing_is_refused(at: datetime) -> None:
    with pytest.raises(NothingChanges):
        await scheduled_changes.publish(Revision(), from_at=at + DAY, name="", by=BY)


async def test_contradictions_are_refused_with_words_that_name_both_rules(at: datetime) -> None:
    plan = await make_plans.club()
    mug = await make_products.product("Moon mug")
    rest = {"covers": "product", "products": [str(mug.id)]}
    new = NewBenefit(
        ids.new(), "member_price", "Autumn", settings("member_price", **{**make_plans.TENTH_OFF, "percent": 500})
    )
    with pytest.raises(Contradictory, match="“10% off” and “Autumn” discount the same products"):
        await publish_new(plan, new, at)
    one = NewBenefit(
        ids.new(), "member_price", "Ten pounds", settings("member_price", discount_type="explicit", amount=1000, **rest)
    )
    two = NewBenefit(
        ids.new(), "member_price", "Eleven", settings("member_price", discount_type="explicit", amount=1100, **rest)
    )
    pairs = (Pair(plan.id, one.id), Pair(plan.id, two.id))
    with pytest.raises(Contradictory, match="“Eleven” and “Ten pounds” set two prices for the same product"):
        await scheduled_changes.publish(Revision(defined=(one, two), promised=pairs), from_at=at + DAY, name="", by=BY)
    freeing = NewBenefit(ids.new(), "free_delivery", "Above £20", settings("free_delivery", threshold=2000))
    with pytest.raises(Contradictory, match="make the same delivery free"):
        await publish_new(plan, freeing, at)
    assert await database.fetch_value("SELECT count(*) FROM benefit_version WHERE from_at > $1", at) == 0


async def publish_new(plan: PlanView, new: NewBenefit, at: datetime) -> None:
    await scheduled_changes.publish(
        Revision(defined=(new,), promised=(Pair(plan.id, new.id),)), from_at=at + DAY, name="", by=BY
    )


async def test_a_scheduled_benefit_cannot_be_changed_past_its_schedule(at: datetime) -> None:
    plan = await make_plans.club()
    price = of(plan, "member_price")
    revision = Revision({price: twenty_off()})
    await scheduled_changes.publish(revision, from_at=at + DAY, name="More", by=BY)
    again: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: plan_benefits.change_benefit(price, name="x", answers=make_plans.TENTH_OFF, by=BY),
        lambda: plan_benefits.detach(plan.id, price, by=BY),
        lambda: scheduled_changes.publish(revision, from_at=at + 2 * DAY, name="Twice", by=BY),
    )
    for change in again:
        with pytest.raises(Scheduled, match="“10% off” is scheduled for Tuesday 2 March 2027 at 12:00"):
            await change()
    assert (await plan_benefits.by_id(price)).answers["percent"] == 1000
    clock.set_everywhere(at + DAY)
    assert (await plan_benefits.by_id(price)).answers["percent"] == 2000
    await plan_benefits.change_benefit(price, name="30% off", answers={**make_plans.TENTH_OFF, "percent": 3000}, by=BY)


async def test_a_draft_that_the_plans_have_overtaken_is_refused(at: datetime) -> None:
    plan = await make_plans.club()
    price = of(plan, "member_price")
    await plan_benefits.detach(plan.id, price, by=BY)
    with pytest.raises(NotAsDrafted):
        await scheduled_changes.publish(Revision(taken_back=(Pair(plan.id, price),)), from_at=at + DAY, name="", by=BY)
    with pytest.raises(NotAsDrafted):
        delivery = of(plan, "free_delivery")
        await scheduled_changes.publish(Revision(promised=(Pair(plan.id, delivery),)), from_at=at + DAY, name="", by=BY)


async def test_publishing_and_undoing_are_written_down(at: datetime) -> None:
    plan = await make_plans.club()
    revision = Revision({of(plan, "member_price"): twenty_off()})
    await scheduled_changes.publish(revision, from_at=at + DAY, name="More", by=BY)
    await scheduled_changes.withdraw(revision, from_at=at + DAY, name="More", by=BY)
    written = await database.fetch("SELECT what, actor FROM audit_entry WHERE subject = 'revision' ORDER BY what")
    assert [(row["what"], row["actor"]) for row in written] == [
        ("benefit changes published", BY),
        ("benefit changes unpublished", BY),
    ]


async def test_another_plan_keeps_its_own_promises(at: datetime) -> None:
    plan = await make_plans.club()
    other = await plans.create(slug="monthly", name="Monthly", summary="", price=400, interval="month", by=None)
    await plan_benefits.attach(other, of(plan, "member_price"), by=None)
    await scheduled_changes.publish(
        Revision(taken_back=(Pair(plan.id, of(plan, "member_price")),)), from_at=at + DAY, name="", by=BY
    )
    kept = [len(plan_catalogue.by_slug(slug, at + DAY).benefits) for slug in ("annual", "monthly")]
    assert kept == [len(plan.benefits) - 1, 1]
