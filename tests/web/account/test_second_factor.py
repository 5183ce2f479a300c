"""The second factor of staff: an app with codes, recovery codes, and what happens when all is lost."""

import dataclasses
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pyotp
import pytest
from click.testing import CliRunner

from components.foundation import clock, database, settings
from components.people import sessions, staff_commands
from components.people.second_factor import authenticator_app, recovery_codes, second_factors
from tests.support import people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

SECRET = re.compile(r"secret=([A-Z2-7]+)")
CODES = re.compile(r"\b(?:[a-z0-9]{4}-){3}[a-z0-9]{4}\b")
STEP = "One more step"


def now(secret: str, after: int = 0) -> str:
    """What the telephone shows now, or some half minutes later."""
    return pyotp.TOTP(secret).at(clock.of_this_machine() + timedelta(seconds=30 * after))


@pytest.fixture(autouse=True)
def telephone_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's clock stands still, so that no half minute ends in the middle of a test."""
    at = clock.of_this_machine()
    monkeypatch.setattr(clock, "of_this_machine", lambda: at)


async def set_up(browser: Browser) -> tuple[str, list[str]]:
    """The app's secret and the recovery codes."""
    page = await browser.get("/account/security/app")
    (secret,) = set(SECRET.findall(page.text))
    done = await browser.submit(page, "/account/security/app", code=now(secret, -1))
    assert done.status == 201 and done.heading == "Your recovery codes", done.words
    return secret, CODES.findall(done.text)


async def first_step(shop: Shop, email: str) -> tuple[Browser, Page]:
    browser = shop.browser()
    return browser, await browser.post("/sign-in", {"email": email, "password": people.PASSWORD, "next": "/staff/keys"})


async def test_staff_with_an_app_need_its_code_to_sign_in_and_each_code_once(shop: Shop) -> None:
    iris = await people.owner()
    secret, codes = await set_up(await shop.signed_in(iris.email))
    assert len(set(codes)) == recovery_codes.HOW_MANY
    browser, asked = await first_step(shop, iris.email)
    assert asked.heading == STEP and "session" not in browser.client.cookies
    browser.client.cookies.set("session", browser.client.cookies["second-step"], domain="shop.test")
    assert (await browser.get("/account")).path.startswith("/sign-in"), "half a sign-in opens the account"
    del browser.client.cookies["session"]
    wrong = await browser.submit(asked, "/sign-in/second-step", code="000000")
    assert wrong.status == 422 and "isn’t right" in wrong.words
    done = await browser.submit(wrong, "/sign-in/second-step", code=now(secret))
    assert done.path == "/staff/keys" and "second-step" not in browser.client.cookies
    other, asked = await first_step(shop, iris.email)
    again = await other.submit(asked, "/sign-in/second-step", code=now(secret))
    assert again.status == 422, "the same code signs in twice"
    assert (await other.submit(again, "/sign-in/second-step", code=now(secret, 1))).path == "/staff/keys"


async def test_a_recovery_code_signs_in_once_however_it_is_typed(shop: Shop) -> None:
    iris = await people.owner()
    _, codes = await set_up(await shop.signed_in(iris.email))
    browser, asked = await first_step(shop, iris.email)
    typed = codes[0].upper().replace("-", " ")
    assert (await browser.submit(asked, "/sign-in/second-step", code=typed)).path == "/staff/keys"
    assert "You have 9 left" in (await browser.get("/account/security")).words
    other, asked = await first_step(shop, iris.email)
    assert (await other.submit(asked, "/sign-in/second-step", code=codes[0])).status == 422
    rows = repr(await database.fetch("SELECT * FROM recovery_code"))
    assert codes[1] not in rows and codes[1].replace("-", "") not in rows
    renewed = CODES.findall((await browser.post("/account/security/recovery-codes")).text)
    assert len(renewed) == 10 and not set(renewed) & set(codes)
    assert (await other.submit(asked, "/sign-in/second-step", code=codes[2])).status == 422, "an old code still works"


async def test_tries_are_bounded_and_the_step_is_over_after_ten_minutes(shop: Shop) -> None:
    iris = await people.owner()
    secret, _ = await set_up(await shop.signed_in(iris.email))
    stranger, asked = await first_step(shop, iris.email)
    for _ in range(second_factors.TRIES.most):
        await stranger.submit(asked, "/sign-in/second-step", code="111111")
    page = await stranger.submit(asked, "/sign-in/second-step", code=now(secret))
    assert page.status == 429 and int(page.headers["retry-after"]) > 0
    clock.set_everywhere(clock.now() + sessions.SECOND_STEP_WITHIN + timedelta(seconds=1))
    late = await stranger.submit(asked, "/sign-in/second-step", code=now(secret))
    assert late.heading == "Sign in" and "Please sign in again" in late.words
    assert (await shop.browser().get("/sign-in/second-step")).heading == "Sign in"


async def test_with_a_second_factor_only_that_confirms(shop: Shop) -> None:
    iris = await people.owner()
    browser = await shop.signed_in(iris.email)
    secret, _ = await set_up(browser)
    clock.set_everywhere(clock.now() + timedelta(minutes=11))
    for way in ("password", "code"):
        sent = {"confirm_by": way, "confirm_password": people.PASSWORD, "confirm_code": "000000"}
        page = await browser.post("/account/security/app/removal", sent)
        assert page.heading == "Confirm that it's you" and page.status == 403, way
    assert "Password" not in page.words and "E-mail me a code" not in page.words
    sent = {"confirm_by": "factor", "confirm_factor": now(secret)}
    done = await browser.post("/account/security/app/removal", sent)
    assert "The app is removed" in done.words
    assert (await second_factors.held(iris.id)) == second_factors.Held(False, False, 0)
    assert (await first_step(shop, iris.email))[1].path == "/staff/keys"


async def test_secrets_at_rest_are_read_with_the_shops_key_only(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    iris = await people.owner()
    secret, codes = await set_up(await shop.signed_in(iris.email))
    assert secret not in repr(await database.fetch("SELECT * FROM authenticator"))
    known = dataclasses.replace(settings.current(), secret_key="another-key-of-somebody-elses")
    monkeypatch.setattr(settings, "current", lambda: known)
    assert not await authenticator_app.use(iris.id, now(secret))
    assert await recovery_codes.use(iris.id, codes[0]), "recovery codes work without the key"


async def test_when_it_is_required_staff_set_one_up_before_anything_else(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    iris, sam = await people.owner(), await people.staff()
    known = dataclasses.replace(settings.current(), staff_second_factor="required")
    monkeypatch.setattr(settings, "current", lambda: known)
    browser = await shop.signed_in(sam.email)
    page = await browser.get("/staff/orders")
    assert page.path == "/account/security" and "Set up a second factor first" in page.words
    refused = await browser.post("/staff/orders/S-1/packing", {})
    assert refused.status == 403 or refused.status == 404
    visitor = await sessions_of(browser)
    assert visitor is not None and visitor.role is None and not visitor.permissions
    await set_up(browser)
    assert (await browser.get("/staff/orders")).path == "/staff/orders"
    last = await browser.post("/account/security/app/removal")
    assert "only one" in last.words and (await second_factors.held(sam.id)).has_app
    owner = await shop.signed_in(iris.email)
    await set_up(owner)
    reset = await owner.post(f"/staff/operators/{sam.id}/second-factor/reset")
    assert "no second factor any more" in reset.words
    assert (await browser.get("/account")).path.startswith("/sign-in"), "their session goes on"
    assert "second factor reset" in repr(await database.fetch("SELECT what, actor FROM audit_entry"))
    assert (await shop.signed_in(sam.email)).client.cookies["session"]


async def test_every_change_of_a_second_factor_is_told_by_e_mail_without_a_secret(shop: Shop) -> None:
    iris = await people.owner()
    browser = await shop.signed_in(iris.email)
    secret, codes = await set_up(browser)
    renewed = CODES.findall((await browser.post("/account/security/recovery-codes")).text)
    await browser.post("/account/security/app/removal")
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    await set_up(browser)
    works: list[Callable[[], Awaitable[None]]] = []
    CliRunner().invoke(staff_commands.staff, ["reset-second-factor", iris.email], obj=works.append)
    await works[0]()
    assert (await second_factors.held(iris.id)) == second_factors.Held(False, False, 0)
    assert (await browser.get("/account")).path.startswith("/sign-in"), "their session goes on"
    assert "second factor reset" in repr(await database.fetch("SELECT what FROM audit_entry"))
    await shop.catch_up()
    told = await database.fetch("SELECT recipient, text FROM email WHERE template = 'second_factor_changed'")
    assert {one["recipient"] for one in told} == {iris.email} and len(told) == 5
    said = " ".join(one["text"] for one in told)
    for words in ("app with sign-in codes was added", "app with sign-in codes was removed", "new recovery codes",
                  "Whoever runs the shop did this"):  # fmt: skip
        assert words in said
    assert not [one for one in (secret, *codes, *renewed) if one in said]


async def sessions_of(browser: Browser) -> sessions.SignedIn | None:
    (found,) = await database.batch(sessions.query(browser.client.cookies["session"]))
    return found  # type: ignore[no-any-return]


async def test_customers_have_passkeys_but_no_app(shop: Shop) -> None:
    noor = await people.customer()
    browser = await shop.signed_in(noor.email)
    page = await browser.get("/account/security")
    assert "App with codes" not in page.words
    for path in ("app", "recovery-codes"):
        assert (await browser.post(f"/account/security/{path}", {"code": "123456"})).status == 403
    assert (await browser.get("/account/security/app")).status == 403
