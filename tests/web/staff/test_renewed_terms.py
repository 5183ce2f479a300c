"""Where the law lets members leave each month after a renewal (§ 309 Nr. 9 BGB), a yearly plan is nothing staff slip
into: they choose, it is marked, and whoever leaves early comes to staff with the day and what to refund."""

from datetime import date, timedelta

import pytest

from components.foundation import clock
from components.foundation.shop_settings import setting_rows
from components.memberships.plans import plan_catalogue, renewed_terms
from components.messaging import cancellation_notices
from tests.support import fill_basket, join_members, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop

NEW = "/staff/plans/new"
YEARLY = {"name": "Year", "slug": "year", "price": "49.00", "count": "1", "interval": "year"}
WARNED = "members may leave at any time with a month’s notice"


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await fill_basket.ways()
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def test_only_where_the_law_says_so_and_only_for_longer_than_a_month(shop: Shop) -> None:
    cells = {("week", 4): False, ("week", 8): True, ("month", 1): False, ("month", 3): True, ("year", 1): True}
    for country, is_asked in (("GB", False), ("AT", False), ("DE", True)):
        await setting_rows.change({"country": country}, by=None)
        assert {one: renewed_terms.is_too_long(*one) for one in cells} == {k: is_asked and v for k, v in cells.items()}
        assert not renewed_terms.is_too_long("life", 1)


async def test_staff_choose_before_such_a_plan_is_created_and_it_is_marked(shop: Shop, iris: Browser) -> None:
    await setting_rows.change({"country": "DE"}, by=None)
    page = await iris.get(NEW)
    assert WARNED in page.words and "§ 309 Nr. 9 BGB" in page.words
    refused = await iris.submit(page, "/staff/plans", **YEARLY)
    assert refused.status == 422 and "Bill it every month, make it a one-off payment" in refused.words
    assert plan_catalogue.all_plans() == ()
    cells = {
        "monthly": {"interval": "month"},
        "once": {"is_once": "on"},
        "free": {"price": "0.00", "interval": "life"},
        "year": {"gives_months_back": "on"},
    }
    for slug, typed in cells.items():
        made = await iris.submit(page, "/staff/plans", **{**YEARLY, "slug": slug, **typed})
        assert made.path == f"/staff/plans/{slug}", made.alerts()
        assert ("It renews for longer than a month" in made.words) is (slug == "year"), slug
    listed = await iris.get("/staff/plans")
    assert listed.text.count('badge--sale">Refund unused months') == 1 and "§ 309 Nr. 9 BGB" in listed.words
    await setting_rows.change({"country": "GB"}, by=None)
    assert "Refund unused months" not in (await iris.get("/staff/plans")).words
    assert WARNED not in (await iris.get(NEW)).words


async def _year(shop: Shop, *, renews: bool) -> None:
    await join_members.joins(shop, await make_plans.club())
    (plan,) = plan_catalogue.all_plans()
    assert plan.interval == "year", plan.interval
    if renews:
        await join_members.until(shop, clock.now() + timedelta(days=370))


@pytest.mark.parametrize(
    ("country", "renews", "wanted", "waits"),
    [
        ("DE", True, None, True),
        ("DE", True, 60, True),
        ("DE", True, 400, True),
        ("DE", False, None, False),
        ("GB", True, None, False),
        ("GB", True, 60, False),
    ],
)
async def test_whoever_may_leave_early_waits_for_staff_with_the_day(
    shop: Shop, country: str, renews: bool, wanted: int | None, waits: bool
) -> None:
    await setting_rows.change({"country": country}, by=None)
    await people.owner()
    await _year(shop, renews=renews)
    maya = await join_members.person()
    day: date | None = (clock.now() + timedelta(days=wanted)).date() if wanted else None
    draft = cancellation_notices.NoticeDraft(name="Maya", email=join_members.MAYA, plan="Annual", wanted_on=day)
    made = await cancellation_notices.declare(draft, connection="x", signed_in=maya)
    assert (made.settled_at is None) is waits
    desk = await shop.signed_in("iris@kiln.test")
    page = await desk.get("/staff/cancellations")
    early = "Their plan has renewed, and with a month’s notice they may leave from"
    assert (early in page.words) is waits
