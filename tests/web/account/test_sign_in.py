"""Signing in with a password, and out again."""

import dataclasses

import pytest

from components.foundation import database, settings
from components.people import customer_accounts
from tests.support import people
from tests.support.cells import every_cell
from tests.support.shops import Shop
from web.sign_in_session import own_path


@pytest.fixture
async def noor(shop: Shop) -> None:
    await people.customer()


async def test_a_customer_signs_in_and_is_known_on_every_page(shop: Shop) -> None:
    await people.customer()
    browser = await shop.signed_in("noor@kiln.test")
    page = await browser.get("/account")
    assert page.heading == "Hello, Noor"


async def test_the_cookie_is_for_this_host_and_not_for_scripts(shop: Shop) -> None:
    await people.customer()
    browser = shop.browser()
    browser.client.follow_redirects = False
    answer = await browser.post("/sign-in", {"email": "noor@kiln.test", "password": people.PASSWORD})
    assert answer.status == 303
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("session="))
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie and "Domain" not in cookie


async def test_over_https_the_cookie_is_bound_to_the_host(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await people.customer()
    known = dataclasses.replace(settings.current(), base_url="https://shop.test")
    monkeypatch.setattr(settings, "current", lambda: known)
    browser = shop.browser()
    browser.client.follow_redirects = False
    browser.client.base_url = "https://shop.test"
    answer = await browser.post("/sign-in", {"email": "noor@kiln.test", "password": people.PASSWORD})
    cookie = next(c for c in answer.headers.get_list("set-cookie") if "session=" in c)
    assert cookie.startswith("__Host-session=") and "Secure" in cookie and "Path=/" in cookie
    assert (await browser.get("/account")).heading == "Hello, Noor"


async def test_a_session_chosen_by_somebody_else_is_not_taken_over(shop: Shop) -> None:
    await people.customer()
    browser = shop.browser()
    browser.client.cookies.set("session", "x" * 43, domain="shop.test")
    assert (await browser.get("/account")).path.startswith("/sign-in")
    await browser.post("/sign-in", {"email": "noor@kiln.test", "password": people.PASSWORD})
    assert browser.client.cookies["session"] != "x" * 43


async def test_signing_in_anew_ends_the_session_from_before(shop: Shop) -> None:
    await people.customer()
    browser = await shop.signed_in("noor@kiln.test")
    before = browser.client.cookies["session"]
    await browser.post("/sign-in", {"email": "noor@kiln.test", "password": people.PASSWORD})
    other = shop.browser()
    other.client.cookies.set("session", before, domain="shop.test")
    assert (await other.get("/account")).path.startswith("/sign-in")


async def test_signing_out_ends_the_session_and_not_only_the_cookie(shop: Shop) -> None:
    await people.customer()
    browser = await shop.signed_in("noor@kiln.test")
    token = browser.client.cookies["session"]
    page = await browser.post("/account/sign-out")
    assert "You’ve been signed out" in page.words
    assert "session" not in browser.client.cookies
    other = shop.browser()
    other.client.cookies.set("session", token, domain="shop.test")
    assert (await other.get("/account")).path.startswith("/sign-in")


async def test_the_database_holds_no_token(shop: Shop) -> None:
    await people.customer()
    browser = await shop.signed_in("noor@kiln.test")
    rows = await database.fetch("SELECT * FROM session")
    assert browser.client.cookies["session"] not in repr(rows)


async def test_an_unknown_e_mail_is_answered_like_a_wrong_password(shop: Shop) -> None:
    await people.customer()
    browser = shop.browser()
    wrong = await browser.post("/sign-in", {"email": "noor@kiln.test", "password": "not-hers-at-all"})
    unknown = await browser.post("/sign-in", {"email": "ruth@kiln.test", "password": "not-hers-at-all"})
    assert wrong.status == unknown.status == 422
    assert wrong.text.replace("noor@", "ruth@") == unknown.text


async def test_the_eleventh_try_is_refused_with_how_long_to_wait(shop: Shop) -> None:
    await people.customer()
    browser = shop.browser()
    for _ in range(10):
        page = await browser.post("/sign-in", {"email": "noor@kiln.test", "password": "guess"})
        assert page.status == 422
    page = await browser.post("/sign-in", {"email": "noor@kiln.test", "password": people.PASSWORD})
    assert page.status == 429
    assert int(page.headers["retry-after"]) == 15 * 60
    assert "15 minutes" in page.words


async def test_a_form_left_empty_says_so_at_its_fields(shop: Shop) -> None:
    page = await shop.browser().post("/sign-in", {})
    assert page.status == 422
    assert "“E-mail” is required." in page.words
    assert "“Password” is required." in page.words


@pytest.mark.parametrize("wanted", ["/account/orders", "/join/annual?x=1"])
async def test_signing_in_leads_back_to_where_one_came_from(shop: Shop, wanted: str) -> None:
    await people.customer()
    browser = shop.browser()
    browser.client.follow_redirects = False
    form = (await browser.get("/sign-in", params={"next": wanted})).form("/sign-in")
    sent = {**form.given, "email": "noor@kiln.test", "password": people.PASSWORD}
    assert (await browser.post("/sign-in", sent)).headers["location"] == wanted


@every_cell(
    "wanted",
    ["https://evil.test/", "//evil.test", "/\\evil.test", "\\\\evil.test", "javascript:alert(1)", "/x\n//evil.test",
     "/\t/evil.test", " //evil.test", "evil.test", "/sign-in?next=/x", "///evil.test", "http:/evil.test"],
)  # fmt: skip
async def test_nobody_is_led_to_another_site(shop: Shop, noor: None, wanted: str) -> None:
    assert own_path(wanted) == ""
    browser = shop.browser()
    browser.client.follow_redirects = False
    sent = {"email": "noor@kiln.test", "password": people.PASSWORD, "next": wanted}
    assert (await browser.post("/sign-in", sent)).headers["location"] == "/account"


async def test_a_page_for_the_signed_in_leads_through_signing_in(shop: Shop) -> None:
    page = await shop.browser().get("/account/addresses?x=1")
    assert page.path == "/sign-in?next=%2Faccount%2Faddresses%3Fx%3D1"
    assert page.form("/sign-in").given["next"] == "/account/addresses?x=1"


async def test_a_weak_password_is_refused_at_its_field(shop: Shop) -> None:
    for weak, words in [("short", "at least 8"), ("password123", "most used"), ("aaaaaaaaaa", "too easy")]:
        page = await shop.browser().post("/sign-up", {"email": "maya@kiln.test", "password": weak})
        assert page.status == 422 and words in page.words
    assert await customer_accounts.by_email("maya@kiln.test") is None
