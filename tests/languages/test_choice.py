"""A customer's language: by its address, by choice, kept by the browser and with the account."""

import re

import pytest

from components.foundation import clock, formatting
from components.foundation.languages import language
from components.foundation.languages.words import n_
from components.foundation.shop_settings import setting_rows
from components.people import customer_accounts
from tests.support import people
from tests.support.pages import Page
from tests.support.shops import Shop


@pytest.fixture
async def bilingual(goods: Shop) -> Shop:
    await setting_rows.change({"shop_languages": "de"}, by=None)
    return goods


def tongue(page: Page) -> str:
    return page.tree.get("lang", "")


async def test_one_language_leaves_nothing_to_choose(goods: Shop) -> None:
    guest = goods.browser()
    home = await guest.get("/")
    assert tongue(home) == "en-GB" and "/language" not in home.text and "hreflang" not in home.text
    assert (await guest.get("/de/products")).status == 404
    guest.client.cookies.set("language", "de")
    assert tongue(await guest.get("/")) == "en-GB"


async def test_an_address_in_german_is_answered_in_german_and_so_is_what_follows(bilingual: Shop) -> None:
    guest = bilingual.browser()
    english = await guest.get("/products")
    assert 'hreflang="de" href="http://shop.test/de/products"' in english.text
    german = await guest.get("/de/products")
    assert tongue(german) == "de" and "no-store" in german.headers["cache-control"]
    assert '<link rel="canonical" href="http://shop.test/de/products">' in german.text
    assert tongue(await guest.get("/basket")) == "de"
    again = await guest.get("/de/products")
    assert "set-cookie" not in again.headers, "it is kept already"
    assert tongue(await bilingual.browser().get("/products")) == "en-GB", "others are shown what they chose"
    assert "hreflang" not in (await guest.get("/basket")).text


async def test_staff_pages_and_the_api_stay_english(bilingual: Shop) -> None:
    await people.owner()
    iris = await bilingual.signed_in("iris@kiln.test")
    iris.client.cookies.set("language", "de")
    assert tongue(await iris.get("/staff")) == "en-GB" and tongue(await iris.get("/")) == "de"
    assert (await iris.get("/de/staff")).status == (await iris.get("/de//staff")).status == 404
    assert tongue(await iris.get("http://shop.test//staff")) == "en-GB", "however many strokes it begins with"


async def test_a_choice_is_kept_with_the_account_and_only_offered_ones_are_taken(bilingual: Shop) -> None:
    noor = await people.customer()
    browser = await bilingual.signed_in(noor.email)
    page = await browser.get("/products?page=1")
    chosen = await browser.submit(page, "/language", language="de")
    assert chosen.path == "/products" and tongue(chosen) == "de"
    found = await customer_accounts.by_id(noor.id)
    assert found is not None and found.language == "de"
    assert tongue(await (await bilingual.signed_in(noor.email)).get("/account")) == "de", "in another browser too"
    for sent in ({"content": b""}, {"json": {"language": "de"}}, {"data": {"back": ["/a", "/b"]}}):
        answer = await browser.client.post("/language", **sent, follow_redirects=False)  # type: ignore[arg-type]
        assert answer.status_code == 303, sent
    assert (await browser.post("/language", {})).path == "/", "a form without anything in it"
    for wrong in ("fr", "xx", "../", ""):
        answer = await browser.post("/language", {"language": wrong, "back": "https://else.test/"})
        assert answer.status == 200 and answer.path == "/" and tongue(answer) == "de", wrong


@pytest.mark.parametrize("by", ["code", "link"])
async def test_an_account_keeps_the_language_of_the_page_on_which_it_was_asked_for(bilingual: Shop, by: str) -> None:
    """Used in another browser too, as a link that is read on the phone is."""
    asking, opening = bilingual.browser(), bilingual.browser()
    await asking.get("/de/products")
    await asking.post("/sign-up", {"email": "maya@kiln.test", "name": "Maya", "password": ""})
    await bilingual.catch_up()
    words = await people.letter("account_wanted")
    if by == "code":
        (code,) = set(re.findall(r"\b\d{6}\b", words))
        await opening.post("/sign-in/code", {"email": "maya@kiln.test", "code": code})
    else:
        (path,) = set(re.findall(r"/sign-in/email/[\w-]+", words))
        await opening.submit(await opening.get(path), path)
    maya = await customer_accounts.by_email("maya@kiln.test")
    assert maya is not None and maya.language == "de"
    assert tongue(await opening.get("/account")) == "de"


async def test_amounts_dates_and_numbers_of_things_follow_the_language(db: None) -> None:
    await setting_rows.change({"shop_languages": "de"}, by=None)
    assert (formatting.money(123456), formatting.day(clock.now())) == ("£1,234.56", "1 March 2027")
    with language.speaking("de"):
        assert formatting.money(123456) == "1.234,56\N{NO-BREAK SPACE}£"
        assert formatting.day(clock.now()) == "1. März 2027"
        assert formatting.moment(clock.now()) == "Montag, 1. März 2027 um 12:00 Uhr"
        assert [formatting.interval("month", count) for count in (1, 2, 3)] == [
            "im Monat",
            "alle 2 Monate",
            "im Quartal",
        ]
    with language.speaking("xx"):
        assert n_("%(num)s item", "%(num)s items", 2) == "2 items", "a language nobody speaks is the shop's own"
