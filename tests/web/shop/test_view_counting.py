"""What is one view: a page that somebody was really shown, once, whoever answered for it."""

import pytest

from components.behaviour.page_views import WITHHELD, searched
from components.behaviour.view_buffer import BUFFER
from components.foundation import database
from tests.support import buy_products, make_products, people, visits
from tests.support.pages import Browser
from tests.support.shops import Shop
from web.edge.visits.known_robots import is_robot

MUG = ("product", "moon-mug")


@pytest.fixture
async def browser(shop: Shop) -> Browser:
    await make_products.product()
    return visits.firefox(shop)


async def test_each_page_that_is_shown_is_one_view_kept_page_or_not(browser: Browser) -> None:
    with visits.counting("counts"):
        first = await browser.get("/products/moon-mug")
        again = await browser.get("/products/moon-mug", headers={"if-none-match": first.headers["etag"]})
        assert again.status == 304
        await browser.get("/products")
        assert await visits.counted() == {MUG: 2}


async def test_pages_kept_for_everybody_are_counted_too(browser: Browser, shop: Shop) -> None:
    with visits.counting("counts"):
        for _ in range(3):
            await browser.get("/join")
        assert (await visits.counted())[("join", "unknown")] == 3


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-purpose": "prefetch"},
        {"sec-purpose": "prefetch;prerender"},
        {"sec-purpose": "prefetch;anonymous-client-ip"},
        {"purpose": "prefetch"},
        {"x-moz": "prefetch"},
        {"hx-request": "true", "hx-request-type": "partial"},
        {"user-agent": ""},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/150.0.0.0 Safari/537.36"},
        {"user-agent": "python-httpx/0.28"},
    ],
)
async def test_what_nobody_sees_is_not_counted(browser: Browser, headers: dict[str, str]) -> None:
    with visits.counting("counts"):
        assert (await browser.get("/products/moon-mug", headers=headers)).status == 200
        assert await visits.counted() == {}


async def test_head_missing_pages_staff_and_previews_are_not_counted(browser: Browser, shop: Shop) -> None:
    await people.owner()
    iris = visits.firefox(shop)
    await iris.post("/sign-in", {"email": "iris@kiln.test", "password": people.PASSWORD})
    with visits.counting("counts"):
        await browser.client.head("/products/moon-mug")
        await browser.get("/products/no-such-mug")
        await iris.get("/products/moon-mug")
        await iris.post("/staff/preview", {"who": "guest"})
        await iris.get("/products/moon-mug")
        assert await visits.counted() == {}


async def test_a_page_fetched_ahead_is_counted_once_when_it_is_shown(browser: Browser) -> None:
    with visits.counting("counts"):
        await browser.get("/products/moon-mug", headers={"sec-purpose": "prefetch;prerender"})
        answer = await browser.post("/seen", {"path": "/products/moon-mug?variant=1"})
        assert (answer.status, answer.text) == (204, "")
        assert await visits.counted() == {MUG: 1}


@pytest.mark.parametrize(
    "path", ["/products/invented", "/journal/invented", "/collections/invented", "/staff", "x", ""]
)
async def test_nobody_can_have_counted_what_is_not_there(browser: Browser, path: str) -> None:
    with visits.counting("counts"):
        assert (await browser.post("/seen", {"path": path})).status == 204
        assert await visits.counted() == {}


async def test_another_site_cannot_have_pages_counted(browser: Browser) -> None:
    with visits.counting("counts"):
        answer = await browser.post("/seen", {"path": "/basket"}, headers={"sec-fetch-site": "cross-site"})
        assert answer.status == 403 and await visits.counted() == {}


async def test_searches_are_counted_with_what_they_find(browser: Browser) -> None:
    with visits.counting("counts"):
        for words in ("Moon  MUG", "teapot", "teapot"):
            await browser.get("/search", params={"q": words})
        await browser.get("/search", params={"q": "moon mug", "stock": "on"})
        await browser.get("/search")
        await visits.counted()
        rows = await database.fetch_rows("SELECT subject, times, empty_times FROM view_count ORDER BY subject")
        assert rows == [("moon mug", 1, 0), ("teapot", 2, 2)]


@pytest.mark.parametrize("words", ["noor@kiln.test", "0113 496 0000", "order S-100 123", "4242 4242 4242 4242"])
def test_what_says_who_searched_is_not_kept(words: str) -> None:
    assert searched(words) == WITHHELD


def test_other_searches_are_kept_in_small_letters_and_bounded() -> None:
    assert searched("  Blue\tMUG 250 ml ") == "blue mug 250 ml"
    assert len(searched("ä" * 500)) == 80


async def test_steps_to_an_order_are_counted(goods: Shop) -> None:
    await make_products.product()
    browser = visits.firefox(goods)
    with visits.counting("counts"):
        await buy_products.put_in(browser)
        pay = await buy_products.check_out(browser)
        assert ("paid", "") not in await visits.counted()
        await goods.pay(pay)
        await goods.catch_up()
        await browser.get(f"/orders/{(await buy_products.the_order()).token}")
        counted = await visits.counted()
        assert counted[("added", "")] == 1 and counted[("checkout", "")] >= 1 and counted[("paid", "")] == 1


async def test_where_the_joining_page_was_opened_from(browser: Browser) -> None:
    with visits.counting("counts"):
        for came in ("http://shop.test/journal/glazes", "http://shop.test/", "https://elsewhere.test/x", "http://[bad"):
            await browser.get("/join", headers={"referer": came})
        await browser.get("/de/join", headers={"referer": "http://shop.test/products/moon-mug"})
        counted = await visits.counted()
        assert counted[("join", "article:glazes")] == 1 and counted[("join", "home")] == 1
        assert counted[("join", "elsewhere")] == 1 and counted[("join", "unknown")] == 1


async def test_turned_off_nothing_is_counted_kept_or_asked(browser: Browser) -> None:
    with visits.counting("off"):
        page = await browser.get("/products/moon-mug")
        await browser.post("/seen", {"path": "/products/moon-mug"})
        await browser.post("/what-we-count", {"choice": "yes"})
        assert await visits.counted() == {} and not BUFFER.waiting
        assert "What we count" not in page.words and "set-cookie" not in page.headers
        assert await database.fetch_value("SELECT count(*) FROM visit_consent") == 0
        assert "Nothing: this shop does not count" in (await browser.get("/what-we-count")).words


async def test_counting_sets_no_cookie_and_asks_nothing(browser: Browser) -> None:
    with visits.counting("counts"):
        page = await browser.get("/products/moon-mug")
        assert "set-cookie" not in page.headers and page.headers["cache-control"].startswith("public")
        assert "What we count" not in page.words
        assert "nothing to choose" in (await browser.get("/what-we-count")).words


@pytest.mark.parametrize(
    "agent",
    [
        visits.FIREFOX,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 "
        "Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 "
        "Safari/537.36 Edg/150.0.0.0",
        "Mozilla/5.0 (Linux; Android 16; SM-S931B) AppleWebKit/537.36 SamsungBrowser/29.0 Chrome/145.0.0.0 Mobile",
    ],
)
def test_browsers_are_no_robots(agent: str) -> None:
    assert not is_robot(agent.encode())
