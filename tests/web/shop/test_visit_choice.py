"""Visits are kept of whoever said yes, from then on, and of nobody else."""

import io
import json
import zipfile
from uuid import uuid4

import pytest

from components.foundation import database
from components.people.privacy import erasure
from tests.support import make_products, people, visits
from tests.support.pages import Browser
from tests.support.shops import Shop

CHOICE = "/what-we-count"
QUESTION = "May we keep which of our pages"


@pytest.fixture
async def browser(shop: Shop) -> Browser:
    await make_products.product()
    return visits.firefox(shop)


async def consents() -> int:
    return int(await database.fetch_value("SELECT count(*) FROM visit_consent"))


async def test_nothing_is_stored_before_a_yes(browser: Browser) -> None:
    with visits.counting("visits"):
        page = await browser.get("/products/moon-mug")
        assert QUESTION in page.words and "set-cookie" not in page.headers and not browser.client.cookies
        assert await visits.kept() == [] and await consents() == 0
        assert await visits.counted() == {("product", "moon-mug"): 1}


async def test_both_answers_are_the_same_button(browser: Browser) -> None:
    with visits.counting("visits"):
        page = await browser.get("/")
        buttons = [e for e in page.tree.iter("button") if e.get("name") == "choice"]
        assert [(e.get("class"), e.get("value")) for e in buttons] == [
            ("button button--quiet visit-question__answer", "no"),
            ("button button--quiet visit-question__answer", "yes"),
        ]


async def test_after_a_yes_visits_are_kept_and_nobody_is_asked_again(browser: Browser) -> None:
    with visits.counting("visits"):
        page = await browser.get("/products/moon-mug")
        after = await browser.submit(page, CHOICE, choice="yes")
        assert after.path == "/products/moon-mug" and QUESTION not in after.words
        await browser.get("/basket")
        assert await visits.kept() == [("basket", ""), ("product", "moon-mug")]
        assert "The visits of this browser are kept." in (await browser.get(CHOICE)).words


async def test_after_a_no_nothing_is_kept_and_nobody_is_asked_again(browser: Browser) -> None:
    with visits.counting("visits"):
        after = await browser.submit(await browser.get("/"), CHOICE, choice="no")
        assert QUESTION not in after.words
        await browser.get("/products/moon-mug")
        assert browser.client.cookies["visits"] == "no"
        assert await visits.kept() == [] and await consents() == 0


async def test_a_change_of_mind_deletes_what_was_kept(browser: Browser) -> None:
    with visits.counting("visits"):
        await browser.post(CHOICE, {"choice": "yes"})
        await browser.get("/products/moon-mug")
        assert await visits.kept() == [("product", "moon-mug")]
        await browser.get("/products/moon-mug")  # still waits when the no is said
        await browser.post(CHOICE, {"choice": "no"})
        assert await visits.kept() == [] and await consents() == 0
        assert await visits.counted() == {("product", "moon-mug"): 2}


@pytest.mark.parametrize("header", ["sec-gpc", "dnt"])
async def test_a_browser_that_says_no_is_not_asked_and_followed(browser: Browser, header: str) -> None:
    with visits.counting("visits"):
        await browser.post(CHOICE, {"choice": "yes"})
        browser.client.headers[header] = "1"
        await browser.get("/products/moon-mug")
        assert await visits.kept() == []
        browser.client.cookies.clear()
        page = await browser.get("/")
        assert QUESTION not in page.words and "Sec-GPC" in page.headers["vary"]
        after = await browser.post(CHOICE, {"choice": "yes"})
        assert "Your browser tells every shop" in after.words and not browser.client.cookies.get("visits")


async def test_a_cookie_alone_is_no_consent(browser: Browser) -> None:
    with visits.counting("visits"):
        for invented in (uuid4().hex, "yes", "x" * 2000, "no"):
            browser.client.cookies.set("visits", invented)
            await browser.get("/products/moon-mug")
        assert await visits.kept() == []
        assert (await visits.counted())[("product", "moon-mug")] == 4


async def test_staff_are_not_asked(shop: Shop) -> None:
    await people.owner()
    with visits.counting("visits"):
        iris = await shop.signed_in("iris@kiln.test")
        assert QUESTION not in (await iris.get("/")).words


async def test_a_bad_answer_is_told_so(browser: Browser) -> None:
    with visits.counting("visits"):
        for given in ({}, {"choice": "perhaps"}, {"choice": "yes", "back": "x" * 3000}):
            assert (await browser.post(CHOICE, given)).status == 422
        away = await browser.post(CHOICE, {"choice": "no", "back": "https://elsewhere.test/"})
        assert away.path == CHOICE


async def test_where_the_law_asks_for_no_question_visits_begin_with_the_second_page(browser: Browser) -> None:
    with visits.counting("visits", country="US"):
        browser.client.headers["sec-fetch-site"] = "none"
        page = await browser.get("/products/moon-mug")
        assert QUESTION not in page.words and not browser.client.cookies
        browser.client.headers["sec-fetch-site"] = "same-origin"
        page = await browser.get("/basket")
        assert page.headers["cache-control"] == "private, no-store"
        await browser.get("/products/moon-mug")
        assert await visits.kept() == [("basket", ""), ("product", "moon-mug")]
        assert await database.fetch_value("SELECT asked FROM visit_consent") == "told"
        await browser.post(CHOICE, {"choice": "no"})
        await browser.get("/products/moon-mug")
        assert await visits.kept() == []
    with visits.counting("visits", country="US", behaviour_asking="always"):
        browser.client.cookies.clear()
        assert QUESTION in (await browser.get("/")).words


@pytest.mark.parametrize("country", ["GB", "DE", "FR", "BR"])
async def test_where_the_law_asks_or_is_not_known_there_is_a_question(browser: Browser, country: str) -> None:
    with visits.counting("visits", country=country):
        assert QUESTION in (await browser.get("/")).words


async def test_a_person_has_their_visits_in_their_copy_and_takes_them_along(browser: Browser, shop: Shop) -> None:
    noor = await people.customer()
    with visits.counting("visits"):
        await browser.post(CHOICE, {"choice": "yes"})
        await browser.get("/products/moon-mug")
        await visits.kept()
        await browser.post("/sign-in", {"email": noor.email, "password": people.PASSWORD})
        await browser.get("/basket")
        await visits.kept()
        told = await browser.get("/account/privacy/data.zip")
        with zipfile.ZipFile(io.BytesIO(told.response.content)) as packed:
            names = packed.namelist()
            everything = json.loads(packed.read("my-data.json"))["everything"]
        assert any("page_view" in name for name in names)
        assert {row["kind"] for row in everything["What you looked at"]} == {"product", "basket"}
        assert len(everything["That your visits may be kept"]) == 1
        await browser.get("/products/moon-mug")  # waits in the buffer while the account is deleted
        await erasure.erase(noor.id)
        await shop.catch_up()
        assert await visits.kept() == [] and await consents() == 0


async def test_a_no_of_somebody_signed_in_is_one_for_all_their_devices(browser: Browser, shop: Shop) -> None:
    noor, other = await people.customer(), visits.firefox(shop)
    with visits.counting("visits"):
        for one in (browser, other):
            await one.post("/sign-in", {"email": noor.email, "password": people.PASSWORD})
            await one.post(CHOICE, {"choice": "yes"})
            await one.get("/products/moon-mug")
        assert len(await visits.kept()) == 2
        await browser.post(CHOICE, {"choice": "no"})
        await other.get("/products/moon-mug")
        assert await visits.kept() == [] and await consents() == 0


async def test_without_a_yes_signing_in_joins_nothing(browser: Browser) -> None:
    noor = await people.customer()
    with visits.counting("visits"):
        await browser.get("/products/moon-mug")
        await browser.post("/sign-in", {"email": noor.email, "password": people.PASSWORD})
        await browser.get("/products/moon-mug")
        assert await visits.kept() == []
