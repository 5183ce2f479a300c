"""Where plans have other prices, a member's price is named with the plan that has it, wherever it stands."""

import re

import pytest

from components.foundation import clock, database
from components.memberships.editing import plan_benefits, plans
from components.memberships.plans import plan_catalogue
from tests.support import buy_products, make_plans, make_products, people
from tests.support.make_plans import TENTH_OFF
from tests.support.shops import Shop
from tests.web.shop.test_experiment_benefits import begun, put_in


async def two_plans(*, first: str) -> None:
    """10% off for £25 a month, 20% off for £39 a year."""
    await make_plans.club(price=2500, interval="month", slug="monthly")
    annual = await make_plans.club(price=3900, slug="annual")
    fifth = await make_plans.benefit("member_price", "20% off", **{**TENTH_OFF, "percent": 2000})
    tenth = next(one.id for one in annual.benefits if one.kind == "member_price")
    await plan_benefits.detach(annual.id, tenth, by=None)
    await plan_benefits.attach(annual.id, fifth, by=None)
    for slug in ("monthly", "annual"):
        one = plan_catalogue.by_slug(slug)
        await plans.set_words(one.id, name=slug.title(), summary="", position=int(slug != first), by=None)


@pytest.mark.parametrize("first", ["monthly", "annual"])
async def test_the_basket_names_the_plan_whose_prices_it_has(shop: Shop, first: str) -> None:
    mug = await make_products.product("Moon mug", price=5000)
    await two_plans(first=first)
    browser = shop.browser()
    page = await browser.get(f"/products/{mug.slug}")
    assert ("£45.00 with Monthly" if first == "monthly" else "£40.00 with Annual") in page.words
    page = await buy_products.put_in(browser)
    other = {"£45.00 with Monthly": "Annual", "£40.00 with Annual": "Monthly"}
    [said] = [words for words in other if words in page.words]
    assert f"with {other[said]}" not in page.words and f"{said[12:]} costs" in page.words
    [line] = set(re.findall(r"/basket/lines/[0-9a-f-]+/why", page.text))
    why = await browser.get(line)
    assert f"With {said[12:]}: {said[:6]}" in why.words and other[said] not in why.words


async def test_who_is_on_hold_reads_no_other_plan_than_theirs(shop: Shop) -> None:
    mug = await make_products.product("Moon mug", price=5000)
    await two_plans(first="monthly")
    maya = await people.customer("maya@kiln.test", name="Maya")
    browser = await shop.signed_in(maya.email)
    await shop.pay(await browser.submit(await browser.get("/join/annual"), "/join/annual"))
    await shop.catch_up()
    await database.execute("UPDATE membership SET ends_at = $1", clock.now())
    await database.execute("UPDATE entitlement SET until_at = $1", clock.now())
    await database.execute("UPDATE subscription SET status = 'paused', past_due_since = $1", clock.now())
    await shop.refresh()
    for path in (f"/products/{mug.slug}", f"/products/{mug.slug}/why", "/products", "/basket"):
        page = await browser.get(path) if path != "/basket" else await buy_products.put_in(browser)
        assert page.status == 200 and "Monthly" not in page.words, path


async def test_the_feed_of_products_is_the_same_to_whoever_is_in_an_arm(shop: Shop) -> None:
    await make_products.product("Mug", price=1000)
    await make_plans.club(price=500, interval="month", slug="monthly")
    annual, experiment = await begun()
    await plans.set_words(annual.id, name="Annual", summary="", position=5, by=None)
    browser, _ = await put_in(shop, experiment, 1)
    await browser.get("/join")
    mine = await browser.get("/products/feed.xml")
    theirs = await shop.browser().get("/products/feed.xml")
    assert (mine.text, mine.headers["etag"]) == (theirs.text, theirs.headers["etag"])
