"""A plan whose places are all taken is offered nowhere; the checkout says so and leads to its waiting list."""

import pytest

from components.memberships.billing import plan_changes, subscriptions
from components.memberships.editing import plans
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from tests.support import buy_products, join_members, make_plans, make_products, people
from tests.support.shops import Shop

TAKEN = "All places on Few are taken. Go to its waiting list"


@pytest.fixture
async def full(goods: Shop) -> Shop:
    """One plan for everybody, and one of a single place that somebody has."""
    await make_products.product(on_hand=20)
    await make_plans.club()
    plan_id = await plans.create(slug="few", name="Few", summary="", price=400, interval="month", by=None)
    await plans.set_terms(plan_id, plans.PlanTerms(places=1, is_giftable=True), by=None)
    await goods.refresh()
    return goods


async def is_taken(shop: Shop) -> None:
    member = await people.customer("first@kiln.test")
    await complimentary.grant(member.id, plan_catalogue.by_slug("few"), until=None, by=member.id)
    await shop.refresh()


async def test_the_checkout_shows_a_full_plan_as_taken_from_the_start(full: Shop) -> None:
    guest = full.browser()
    await buy_products.put_in(guest)
    page = await guest.get("/checkout?join=few")
    assert "Few, £4.00 a month" in page.words and TAKEN not in page.words
    await is_taken(full)
    late = await guest.submit(page, "/checkout", **{**buy_products.TYPED, "email": "maya@example.org"})
    assert late.status == 422 and TAKEN in late.words, "filled while they looked at it"
    page = await guest.get("/checkout?join=few")
    assert TAKEN in page.words and 'href="/join/few"' in page.text
    assert 'value="few"' not in page.text and 'value="annual"' in page.text
    assert "Few, £4.00 a month" not in page.words and "Few" not in (await guest.get("/basket")).words


async def test_whoever_has_the_place_is_offered_it(full: Shop) -> None:
    """Their payment page was open, or one is held for them from the list."""
    await people.customer(join_members.MAYA, name="Maya")
    maya = await full.signed_in(join_members.MAYA)
    await maya.submit(await maya.get("/join/few"), "/join/few")
    await buy_products.put_in(maya)
    assert TAKEN not in (await maya.get("/checkout")).words
    other = full.browser()
    await buy_products.put_in(other)
    assert TAKEN in (await other.get("/checkout")).words


async def test_gifts_changes_of_plan_and_the_api_leave_it_out(full: Shop) -> None:
    member = await join_members.joins(full, plan_catalogue.by_slug("annual"))
    running = await subscriptions.running(await join_members.person())
    assert running is not None
    assert [one.slug for one in await plan_changes.choices(running)] == ["few"]
    assert "Few" in (await member.get("/gifts")).words
    assert '"is_full":true' not in (await full.browser().get("/api/v1/plans")).text.replace(" ", "")
    await is_taken(full)
    assert await plan_changes.choices(running) == ()
    assert "Few" not in (await member.get("/gifts")).words
    assert '"is_full":true' in (await full.browser().get("/api/v1/plans")).text.replace(" ", "")
