"""An answer about visits holds: whoever said no is kept nowhere, and nobody's visits become somebody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from components.behaviour import view_retention
from components.foundation import clock, database
from components.foundation.shop_settings import shop_settings
from tests.support import make_products, people, visits
from tests.support.pages import Browser
from tests.support.shops import Shop

CHOICE, QUESTION, MUG = "/what-we-count", "May we keep which of our pages", "/products/moon-mug"
NOT_KEPT = "The visits of this browser are not kept."


@pytest.fixture
async def browser(shop: Shop) -> Browser:
    await make_products.product()
    return visits.firefox(shop, sec_fetch_site="same-origin")


def later() -> None:
    clock.set_everywhere(clock.now() + timedelta(seconds=1))


async def consents() -> int:
    return int(await database.fetch_value("SELECT count(*) FROM visit_consent"))


async def signed_in(shop: Shop, email: str) -> Browser:
    one = visits.firefox(shop, sec_fetch_site="same-origin")
    await one.post("/sign-in", {"email": email, "password": people.PASSWORD})
    return one


async def whose() -> list[tuple[str, object]]:
    await visits.kept()
    return await database.fetch_rows("SELECT kind, person FROM page_view ORDER BY at, id")


@pytest.mark.parametrize("header", ["sec-gpc", "dnt"])
async def test_a_no_deletes_also_what_the_browser_itself_refuses_by_now(browser: Browser, header: str) -> None:
    with visits.counting("visits"):
        await browser.post(CHOICE, {"choice": "yes"})
        await browser.get(MUG)
        await visits.kept()
        browser.client.headers[header] = "1"
        page = await browser.get(CHOICE)
        assert NOT_KEPT in page.words and "Some of before are still there" in page.words
        after = await browser.post(CHOICE, {"choice": "no"})
        assert "still there" not in after.words and "Your visits are not kept." in after.words
        assert await visits.kept() == [] and await consents() == 0


async def test_once_the_shop_asks_those_who_were_only_told_are_asked_and_not_kept(browser: Browser) -> None:
    with visits.counting("visits", country="US"):
        await browser.get(MUG)
        assert await visits.kept() == [("product", "moon-mug")]
        shop_settings.use(replace(shop_settings.current(), behaviour_asking="always"))
        page = await browser.get("/basket")
        assert QUESTION in page.words and NOT_KEPT in (await browser.get(CHOICE)).words
        assert await visits.kept() == [("product", "moon-mug")], "nothing new"
        later()
        await view_retention.delete_old()
        assert await visits.kept() == [] and await consents() == 0
        after = await browser.submit(page, CHOICE, choice="yes")
        assert QUESTION not in after.words and after.path == "/basket"
        assert await visits.kept() == [("basket", "")]
        await view_retention.delete_old()
        assert await visits.kept() == [("basket", "")]


async def test_where_the_shop_moves_what_still_waits_of_the_told_is_not_written(browser: Browser) -> None:
    with visits.counting("visits", country="US"):
        await browser.get(MUG)
        shop_settings.use(replace(shop_settings.current(), country="GB"))
        assert await visits.kept() == [] and await consents() == 0


async def test_a_yes_of_whoever_was_told_begins_anew_and_strands_nothing(browser: Browser) -> None:
    with visits.counting("visits", country="US"):
        await browser.get(MUG)
        await visits.kept()
        await browser.get(MUG)  # waits
        await browser.post(CHOICE, {"choice": "yes"})
        assert await visits.kept() == [] and await consents() == 1
        await browser.get("/basket")
        assert await visits.kept() == [("basket", "")]
        await browser.post(CHOICE, {"choice": "no"})
        assert await visits.kept() == [] and await consents() == 0


@pytest.mark.parametrize(
    ("country", "words"), [("US", "Unless you say no, we also keep"), ("GB", "If you say yes, we")]
)
async def test_the_page_says_which_comes_first(browser: Browser, country: str, words: str) -> None:
    with visits.counting("visits", country=country):
        told = (await browser.get(CHOICE)).words
        assert [one in told for one in ("Unless you say no", "If you say yes")] == [country == "US", country == "GB"]
        assert words in told


async def test_a_no_is_not_undone_by_what_still_waits(browser: Browser) -> None:
    with visits.counting("visits", country="US"):
        await browser.get(MUG)
        await browser.post(CHOICE, {"choice": "no"})
        assert await visits.kept() == [] and await consents() == 0
        assert (await visits.counted())[("product", "moon-mug")] == 1


@pytest.mark.parametrize("country", ["US", "GB"])
async def test_a_no_is_the_customers_wherever_they_sign_in(browser: Browser, shop: Shop, country: str) -> None:
    theo = await people.customer("theo@kiln.test")
    with visits.counting("visits", country=country):
        await (await signed_in(shop, theo.email)).post(CHOICE, {"choice": "no"})
        if country == "GB":
            await browser.post(CHOICE, {"choice": "yes"})
        await browser.get("/join")
        await browser.post("/sign-in", {"email": theo.email, "password": people.PASSWORD})
        await browser.get(MUG)
        assert await whose() == [("join", None)]
        assert NOT_KEPT in (await browser.get(CHOICE)).words
        await browser.post(CHOICE, {"choice": "yes"})
        await browser.get(MUG)
        assert ("product", theo.id) in await whose()


async def test_nobody_is_kept_under_somebody_elses_yes(browser: Browser, shop: Shop) -> None:
    noor, theo = await people.customer("noor@kiln.test"), await people.customer("theo@kiln.test")
    with visits.counting("visits"):
        hers = await signed_in(shop, noor.email)
        await hers.post(CHOICE, {"choice": "yes"})
        await hers.get(MUG)
        his = await signed_in(shop, theo.email)
        his.client.cookies.set("visits", hers.client.cookies["visits"], domain="shop.test")
        assert NOT_KEPT in (await his.get(CHOICE)).words
        await his.get("/basket")
        assert await whose() == [("product", noor.id)]
        later()
        await his.post(CHOICE, {"choice": "yes"})
        await his.get("/basket")
        assert await whose() == [("product", noor.id), ("basket", theo.id)]
        assert his.client.cookies["visits"] != hers.client.cookies["visits"]


async def test_what_others_see_in_a_browser_later_is_not_put_into_the_account(browser: Browser, shop: Shop) -> None:
    noor = await people.customer("noor@kiln.test")
    with visits.counting("visits"):
        await browser.post(CHOICE, {"choice": "yes"})
        await browser.get(MUG)
        hers = await signed_in(shop, noor.email)
        hers.client.cookies.set("visits", browser.client.cookies["visits"])
        await hers.get("/basket")
        later()
        await browser.get("/join")  # the same browser, signed out: in one lot with hers
        assert set(await whose()) == {("product", noor.id), ("basket", noor.id), ("join", None)}
        await hers.get("/basket")
        assert ("join", None) in await whose()


@pytest.mark.parametrize("way", ["missing", "ahead"])
async def test_a_page_that_is_not_shown_begins_no_visit(browser: Browser, way: str) -> None:
    path = {"missing": "/products/gone", "ahead": MUG}[way]
    with visits.counting("visits", country="US"):
        await browser.client.get(path, headers={"sec-purpose": "prefetch"} if way == "ahead" else {})
        assert not browser.client.cookies.get("visits")
        await browser.get("/basket")
        assert await visits.kept() == [("basket", "")]


async def test_visits_begin_anew_where_the_shop_kept_none_meanwhile(browser: Browser) -> None:
    with visits.counting("visits", country="US"):
        await browser.get(MUG)
        await visits.kept()
        later()
        shop_settings.use(replace(shop_settings.current(), behaviour="counts"))
        await view_retention.delete_old()
        await browser.get(MUG)
        assert await visits.kept() == []
        shop_settings.use(replace(shop_settings.current(), behaviour="visits"))
        await browser.get("/basket")
        assert await visits.kept() == [("basket", "")]


async def test_the_answer_leads_back_to_the_page_with_what_was_asked_of_it(browser: Browser) -> None:
    with visits.counting("visits"):
        page = await browser.get("/search?q=moon+mug&page=1")
        after = await browser.submit(page, CHOICE, choice="no")
        assert after.path == "/search?q=moon+mug&page=1"
        browser.client.cookies.clear()
        long = await browser.get("/search?q=" + "x" * 2500)
        assert (await browser.submit(long, CHOICE, choice="no")).path == "/search"


async def test_a_refused_form_does_not_ask(browser: Browser) -> None:
    with visits.counting("visits"):
        refused = await browser.post("/basket/coupon", {"coupon": "nope"})
        assert refused.status == 422 and QUESTION not in refused.words
        assert QUESTION in (await browser.get("/basket")).words
