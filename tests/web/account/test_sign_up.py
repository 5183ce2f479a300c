"""Creating an account: it opens with the e-mail, and until then there is none."""

import re
from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.people import customer_accounts
from tests.support import people
from tests.support.shops import Shop

LINK = re.compile(r"/sign-in/email/[\w-]+")
ASKED = {"email": "Maya@Kiln.test ", "name": "Maya", "password": "clay-and-ash"}


async def test_an_account_is_opened_with_an_e_mail_alone(shop: Shop) -> None:
    browser = shop.browser()
    asked = await browser.post("/sign-up", {"email": "maya@kiln.test", "name": "Maya", "password": ""})
    assert asked.heading == "Check your e-mail" and await customer_accounts.by_email("maya@kiln.test") is None
    page = await people.enters_code(shop, browser, asked)
    assert page.heading == "Hello, Maya" and "maya@kiln.test is confirmed" in page.alerts()
    assert await customer_accounts.confirmed_email((await customer_accounts.by_email("maya@kiln.test")).id)  # type: ignore[union-attr]


async def test_the_password_typed_is_kept_as_a_digest_and_for_the_browser_that_typed_it(shop: Shop) -> None:
    browser = shop.browser()
    asked = await browser.post("/sign-up", ASKED)
    assert "clay-and-ash" not in repr(await database.fetch("SELECT * FROM sign_in_link"))
    await people.enters_code(shop, browser, asked)
    await shop.signed_in("maya@kiln.test", "clay-and-ash")


@pytest.mark.parametrize("by", ["code", "link"])
async def test_somebody_elses_password_and_name_open_nothing(shop: Shop, by: str) -> None:
    """A stranger types Maya's e-mail with a password of their own; she uses the e-mail in her own browser."""
    stranger, maya = shop.browser(), shop.browser()
    await stranger.post("/sign-up", ASKED)
    await shop.catch_up()
    text = await people.letter("account_wanted")
    assert "Maya" not in text, "words of a stranger in an e-mail of ours"
    if by == "code":
        (code,) = set(re.findall(r"\b\d{6}\b", text))
        await maya.post("/sign-in/code", {"email": "maya@kiln.test", "code": code})
    else:
        (path,) = set(LINK.findall(text))
        await maya.submit(await maya.get(path), path)
    person = await customer_accounts.by_email("maya@kiln.test")
    assert person and person.email_confirmed_at and person.password_hash is None and person.name == ""
    assert (await stranger.get("/account")).path.startswith("/sign-in")
    assert (await shop.browser().post("/sign-in", {**ASKED, "email": "maya@kiln.test"})).status == 422


async def test_an_e_mail_has_one_account_and_its_password_stays(shop: Shop) -> None:
    noor = await people.customer()
    browser = shop.browser()
    asked = await browser.post("/sign-up", {"email": "NOOR@kiln.test", "password": "another-one"})
    page = await people.enters_code(shop, browser, asked)
    assert page.heading == "Hello, Noor"
    kept = await customer_accounts.by_email("noor@kiln.test")
    assert kept and kept.password_hash == noor.password_hash
    assert await database.fetch_value("SELECT count(*) FROM person") == 1


async def test_two_e_mails_asked_for_before_there_was_an_account_open_one(shop: Shop) -> None:
    one, other = shop.browser(), shop.browser()
    for browser in (one, other):
        clock.set_everywhere(clock.now() + timedelta(minutes=1))
        await browser.post("/sign-up", ASKED)
        await shop.catch_up()
    links = await database.fetch("SELECT text FROM email WHERE template = 'account_wanted'")
    assert len(links) == 2
    asked = await other.get("/sign-in/code")
    await people.enters_code(shop, other, asked)
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    asked = await one.post("/sign-up", ASKED)
    assert (await people.enters_code(shop, one, asked)).path == "/account"
    assert await database.fetch_value("SELECT count(*) FROM person") == 1


async def test_what_was_asked_for_goes_with_the_account(shop: Shop) -> None:
    from components.people.privacy import erasure

    for _ in range(2):
        clock.set_everywhere(clock.now() + timedelta(minutes=1))
        browser = shop.browser()
        asked = await browser.post("/sign-up", ASKED)
        await shop.catch_up()
    await people.enters_code(shop, browser, asked)
    person = await customer_accounts.by_email("maya@kiln.test")
    assert person
    await erasure.erase(person.id)
    assert "maya" not in repr(await database.fetch("SELECT * FROM sign_in_link")).lower()
