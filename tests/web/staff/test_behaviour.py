"""The staff pages about visitors: a period in the address, figures with their rows, and what each may see."""

from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.insights.behaviour_figures import engagement
from tests.conftest import NOON
from tests.support import give_benefits, make_products, people, visits
from tests.support.pages import Browser
from tests.support.shops import Shop

PAGE = "/staff/behaviour"


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await make_products.product()
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def _seen(shop: Shop) -> None:
    noor = visits.firefox(shop)
    await noor.post("/what-we-count", {"choice": "yes"})
    await noor.get("/products/moon-mug")
    for words in ("teapot", "teapot", "mug"):
        await noor.get("/search", params={"q": words})
    await noor.get("/join", headers={"referer": "http://shop.test/products/moon-mug"})
    await visits.counted()


async def test_what_was_seen_stands_on_the_page_and_behind_it_are_its_rows(iris: Browser, shop: Shop) -> None:
    with visits.counting("visits"):
        await _seen(shop)
        page = await iris.get(PAGE)
        assert "A product’s page was shown 0 — 1 100% 0 1" in page.words
        assert "3 searches , 2 of them found nothing." in page.words.replace("searches,", "searches ,")
        assert "teapot 2 2" in page.words and "The product “Moon mug” 1" in page.words
        followed = 0
        for link in page.links():
            if link.startswith(f"{PAGE}/rows/"):
                rows = await iris.get(link)
                followed += rows.status == 200
        assert followed == len([link for link in page.links() if "/rows/" in link]) >= 11
        rows = await iris.get(f"{PAGE}/rows/search")
        assert rows.heading == "Searches: 3" and "2027-03-01 teapot Others 2 2" in rows.words


async def test_what_was_paid_before_counting_began_is_no_share_of_what_was_counted(iris: Browser, shop: Shop) -> None:
    with visits.counting("counts"):
        await visits.firefox(shop).get("/products/moon-mug")
        await visits.counted()
        page = await iris.get(PAGE)
        assert "Pages are counted since 2027-03-01" in page.words and "An order was paid 0 — 0 —" in page.words
        with clock.frozen(NOON + timedelta(days=1)):
            await visits.firefox(shop).get("/products/moon-mug")
            await visits.counted()
            later = await iris.get(f"{PAGE}?from=2027-03-02&to=2027-03-02")
        assert "counted since" not in later.words and "An order was paid 0 — 0 0%" in later.words


async def test_members_who_looked_at_nothing_are_not_said_to_have_bought(iris: Browser) -> None:
    page = await iris.get(PAGE)
    assert "Members bought" not in page.words and "No product’s page was shown to a member" in page.words


async def test_the_period_is_in_the_address(iris: Browser, shop: Shop) -> None:
    with visits.counting("visits"):
        with clock.frozen(NOON - timedelta(days=40)):
            await _seen(shop)
        assert "0 searches" in (await iris.get(PAGE)).words
        assert "3 searches" in (await iris.get(f"{PAGE}?from=2027-01-20&to=2027-01-20")).words
        assert "0 searches" in (await iris.get(f"{PAGE}?from=2027-01-21&to=2027-01-22")).words


@pytest.mark.parametrize("query", ["from=x", "from=2027-03-02&to=2027-03-01", "from=0001-01-01", "to=9999-12-31"])
async def test_a_period_that_cannot_be_is_refused_in_words(iris: Browser, query: str) -> None:
    page = await iris.get(f"{PAGE}?{query}")
    assert page.status == 422 and page.alerts()
    assert (await iris.get(f"{PAGE}/rows/product?{query}")).status == 404


@pytest.mark.parametrize("rest", ["visits", "product?who=somebody", "product?page=9", "product%00"])
async def test_rows_of_nothing_are_not_there(iris: Browser, rest: str) -> None:
    assert (await iris.get(f"{PAGE}/rows/{rest}")).status in (400, 404)


async def test_the_page_says_how_the_shop_is_set(iris: Browser) -> None:
    for how, words in (("off", "counts nothing at the moment"), ("counts", "keeps no visits"), ("visits", "")):
        with visits.counting(how):
            page = (await iris.get(PAGE)).words
            assert words in page and ("Settings, Visitors" in page) == (how != "visits")


async def test_a_page_takes_few_statements(iris: Browser) -> None:
    for address in (PAGE, f"{PAGE}/rows/product", f"{PAGE}/engagement"):
        await iris.get(address)
        with database.counted() as sent:
            await iris.get(address)
        assert sent.count <= 5, address


async def test_engagement_is_listed_and_on_the_members_page(iris: Browser, shop: Shop) -> None:
    assert "No members yet" in (await iris.get(f"{PAGE}/engagement")).words
    await give_benefits.plan()
    maya, browser = await give_benefits.member(shop)
    browser.client.headers["user-agent"] = visits.FIREFOX
    with visits.counting("visits"):
        assert "The list is made each night" in (await iris.get(f"{PAGE}/engagement")).words
        await engagement.work_out()
        assert "Maya Lindqvist 0 0 0 0 Not in 90 days 0 0" in (await iris.get(f"{PAGE}/engagement")).words
        await browser.post("/what-we-count", {"choice": "yes"})
        await browser.get("/products/moon-mug")
        await visits.counted()
        assert "Maya Lindqvist 0 0 0 0" in (await iris.get(f"{PAGE}/engagement")).words, "until the next night"
        await engagement.work_out()
        page = await iris.get(f"{PAGE}/engagement")
        assert "Worked out each night, last on Monday 1 March 2027 at 12:00, for everybody" in page.words
        assert "Maya Lindqvist 43 40 3 0 1 March 2027 1 0" in page.words and "up to 40 points" in page.words
        shown = await iris.get(f"/staff/members/{maya}")
        assert "Engagement: 43 of 100" in shown.words and "up to 40 points" in shown.words


async def test_whoever_may_see_no_members_sees_no_list_of_them(shop: Shop) -> None:
    await people.staff(permissions=("metrics",))
    sam = await shop.signed_in("sam@kiln.test")
    assert f"{PAGE}/engagement" not in (await sam.get(PAGE)).links()
    assert (await sam.get(f"{PAGE}/engagement")).status == 403


async def test_what_was_typed_is_only_shown(iris: Browser, shop: Shop) -> None:
    with visits.counting("counts"):
        await visits.firefox(shop).get("/search", params={"q": "<img src=x onerror=alert(1)>"})
        await visits.counted()
        page = await iris.get(PAGE)
        assert "<img src=x" not in page.text and "<img src=x onerror=alert(1)>" in page.words
