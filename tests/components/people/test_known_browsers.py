"""Strangers' wrong tries keep out strangers: not a browser in which the person has signed in before."""

from uuid import UUID

import pytest

from components.people import passwords, sign_in_links
from components.people.identity import known_browsers
from components.people.passwords import WrongCredentials
from components.people.rate_limits import TooManyTries
from tests.support import people
from tests.support.shops import Shop

HERE, SHARED = "192.0.2.1", "203.0.113.9"


async def outcome(email: str, password: str, address: str = HERE, browser: str = "") -> str:
    try:
        return (await passwords.check(email, password, address=address, browser=browser)).name
    except (WrongCredentials, TooManyTries) as refusal:
        return type(refusal).__name__


async def test_neither_guesses_at_the_account_nor_a_shared_address_lock_out_a_known_browser(db: None) -> None:
    noor = await people.customer()
    known = known_browsers.with_person("", noor.id)
    for n in range(105):
        await outcome(noor.email, "guess", f"198.51.100.{n}")
    for n in range(65):
        await outcome(f"person{n}@kiln.test", "guess", SHARED)
    assert await outcome(noor.email, people.PASSWORD, "192.0.2.7") == "TooManyTries"
    assert await outcome(noor.email, people.PASSWORD, SHARED, known) == "Noor"
    guesses = [await outcome(noor.email, "guess", HERE, known) for _ in range(11)]
    assert guesses == ["WrongCredentials"] * 10 + ["TooManyTries"], "a stolen cookie may guess without an end"


async def test_the_same_for_letters_and_their_codes(db: None) -> None:
    noor = await people.customer()
    known = known_browsers.with_person("", noor.id)
    for n in range(5):
        await sign_in_links.send(noor.email, address=f"198.51.100.{n}")
    with pytest.raises(TooManyTries):
        await sign_in_links.send(noor.email, address=HERE)
    await sign_in_links.send(noor.email, address=HERE, browser=known)
    for n in range(12):
        with pytest.raises((sign_in_links.WrongCode, TooManyTries)):
            await sign_in_links.redeem_code(noor.email, "000000", address=f"198.51.100.{n}")
    for _ in range(10):
        with pytest.raises(sign_in_links.WrongCode):
            await sign_in_links.redeem_code(noor.email, "000000", address=HERE, browser=known)
    with pytest.raises(TooManyTries):
        await sign_in_links.redeem_code(noor.email, "000000", address=HERE, browser=known)


def test_a_cookie_is_for_its_people_and_cannot_be_made_up() -> None:
    first, second = UUID(int=1), UUID(int=2)
    cookie = known_browsers.with_person("", first)
    both = known_browsers.with_person(cookie, second)
    assert known_browsers.of_person(both, first) == known_browsers.of_person(both, second) is not None
    assert known_browsers.of_person(cookie, second) is None
    nonce, mark = cookie.split("~")
    for made_up in ("", "~", nonce, f"{nonce}~{mark[:-1]}", f"{nonce[:-1]}x~{mark}", f"~{mark}", "é~" * 90, "x" * 5000):
        assert known_browsers.of_person(made_up, first) is None, made_up
    assert known_browsers.of_person(both, None) is None
    for number in range(3, 9):
        both = known_browsers.with_person(both, UUID(int=number))
    assert known_browsers.of_person(both, first) is None and len(both) < 300


async def test_signing_in_makes_a_browser_known_and_signing_out_leaves_it_so(shop: Shop) -> None:
    noor = await people.customer()
    browser = await shop.signed_in(noor.email)
    cookie = browser.client.cookies["known-browser"]
    assert known_browsers.of_person(cookie, noor.id) and str(noor.id) not in cookie
    await browser.post("/account/sign-out")
    for n in range(105):
        await outcome(noor.email, "guess", f"198.51.100.{n}")
    stranger = shop.browser()
    sent = {"email": noor.email, "password": people.PASSWORD}
    assert (await stranger.post("/sign-in", sent)).status == 429
    assert (await browser.post("/sign-in", sent)).heading == "Hello, Noor"
