"""Taking a benefit back says first whom it hits, and is done then: at once, or on a day that can still be undone."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components.foundation import clock, ids
from components.memberships.editing import plan_benefits
from components.memberships.entitlements import entitlements
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from tests.support import make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop

DAY = timedelta(days=1)


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await make_plans.club()
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def test_the_page_says_whom_it_hits_and_changes_nothing(iris: Browser, at: datetime) -> None:
    maya = await member(at)
    page = await iris.get(removal())
    assert "1 member has it" in page.words and "Existing orders don’t change" in page.words
    assert "Remove…" in (await iris.get("/staff/plans/annual")).words
    assert await holds(maya)


async def test_somebody_who_has_it_from_another_plan_too_is_counted_as_keeping_it(iris: Browser, at: datetime) -> None:
    other = await make_plans.free_tier()
    await plan_benefits.attach(other.id, price(), by=None)
    other, maya = plan_catalogue.by_slug(other.slug), await member(at)
    await complimentary.grant(maya, other, until=at + 9 * DAY, by=maya)
    assert "1 of them keeps it from another plan" in (await iris.get(removal())).words


async def test_at_once_it_is_gone_for_members_too(iris: Browser, at: datetime) -> None:
    maya, action = await member(at), removal()
    clock.set_everywhere(at + DAY)
    done = await iris.submit(await iris.get(action), action, at="")
    assert "is removed from" in done.alerts() and not await holds(maya)
    assert (await iris.get(action)).status == 404


async def test_on_a_date_it_holds_until_then_and_can_be_kept_after_all(iris: Browser, at: datetime) -> None:
    maya, action = await member(at), removal()
    then = at + 10 * DAY
    done = await iris.submit(await iris.get(action), action, at=then.strftime("%Y-%m-%dT%H:%M"))
    assert "is removed from" in done.alerts()
    assert await holds(maya, at + 9 * DAY) and not await holds(maya, at + 10 * DAY)
    assert "includes it until" in (await iris.get(action)).words
    again = await iris.post(action, {"at": ""})
    assert again.status == 422 and "Cancel it first" in again.words
    kept = await iris.post(f"{action}/undoing", {})
    assert "still includes" in kept.alerts() and await holds(maya, at + 11 * DAY)


async def test_a_day_gone_by_is_refused_at_its_field(iris: Browser, at: datetime) -> None:
    await member(at)
    page = await iris.post(removal(), {"at": "1999-01-01T10:00"})
    assert page.status == 422 and "Choose a time in the future." in page.words and "at-error" in page.text


async def test_only_staff_with_plans_take_back(shop: Shop, iris: Browser, at: datetime) -> None:
    maya = await member(at)
    await people.staff("sam@kiln.test", ["members"])
    sam = await shop.signed_in("sam@kiln.test")
    assert (await sam.get(removal())).status == 403 and (await sam.post(removal(), {"at": ""})).status == 403
    assert await holds(maya)
    assert (await iris.get(f"/staff/plans/annual/benefits/{ids.new()}/removal")).status == 404


def price() -> UUID:
    return next(one.id for one in plan_catalogue.by_slug("annual").benefits if one.kind == "member_price")


def removal() -> str:
    return f"/staff/plans/annual/benefits/{price()}/removal"


async def member(at: datetime) -> UUID:
    person = await people.customer("maya@kiln.test")
    await complimentary.grant(person.id, plan_catalogue.by_slug("annual"), until=at + 50 * DAY, by=person.id)
    return person.id


async def holds(person_id: UUID, at: datetime | None = None) -> bool:
    found = await entitlements.for_person(person_id, at or clock.now())
    return any(one.kind == "member_price" for one in found.entitlements)
