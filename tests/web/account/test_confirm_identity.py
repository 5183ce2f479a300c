"""“Confirm it’s you” before what a thief of a session would do first."""

import re
from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar

from components.foundation import clock, database
from components.messaging import mailbox
from components.people.identity import identity_checks, identity_codes
from tests.support import people
from tests.support.pages import Browser
from tests.support.shops import Shop
from web.routes import CONTROLLERS

ASKED = "Confirm that it's you"
LINK = re.compile(r"http://shop\.test(/\S+/\S+)")
CODE = re.compile(r"\b(\d{6})\b")
SECURITY = "/account/security"
CELLS = {
    ("POST", "/account/details/email"): {"email": "thief@kiln.test"},
    ("GET", "/account/password"): {},
    ("POST", "/account/password"): {"present": people.PASSWORD, "password": "thiefs-own-word"},
    ("GET", "/account/privacy/data.json"): {},
    ("GET", "/account/privacy/data.zip"): {},
    ("POST", "/account/sessions/others/end"): {},
    ("POST", "/account/sessions/all/end"): {},
    ("POST", "/account/sessions/{name:str}/end"): {},
    ("POST", "/account/privacy/erasure"): {"is_sure": "on"},
    ("GET", f"{SECURITY}/app"): {},
    ("POST", f"{SECURITY}/app"): {"code": "123456"},
    ("POST", f"{SECURITY}/app/removal"): {},
    ("POST", f"{SECURITY}/recovery-codes"): {},
    ("POST", f"{SECURITY}/passkeys/options"): {},
    ("POST", f"{SECURITY}/passkeys"): {"name": "Phone"},
    ("POST", f"{SECURITY}/passkeys/{{passkey_id:uuid}}/removal"): {},
    ("POST", "/staff/operators"): {"email": "thief@kiln.test", "role": "owner"},
    ("POST", "/staff/operators/{person_id:uuid}"): {"role": "owner"},
    ("POST", "/staff/operators/{person_id:uuid}/second-factor/reset"): {},
    ("POST", "/staff/operators/{person_id:uuid}/removal"): {},
    ("POST", "/staff/keys"): {"key": str(people.NOBODY), "name": "Thief", "scopes": "orders:read"},
    ("POST", "/staff/keys/{key_id:uuid}/revocation"): {},
    ("POST", "/staff/keys/{key_id:uuid}/reinstatement"): {},
    ("POST", "/staff/backups/{backup_id:uuid}/file"): {},
    ("POST", "/staff/members/adoptions/{run_id:uuid}/adoption"): {"old_stopped": "on"},
    ("POST", "/staff/members/adoptions/{run_id:uuid}/undo"): {},
    ("POST", "/staff/payments/disputes/{dispute_id:str}/evidence/submission"): {},
    ("POST", "/staff/payments/disputes/{dispute_id:str}/acceptance"): {},
}
"""Everything that asks, and what is sent. Refunds ask by amount: see `tests/web/staff/test_refund_confirmation.py`."""


def _guarded() -> set[tuple[str, str]]:
    app = Litestar(route_handlers=list(CONTROLLERS), openapi_config=None)
    found = set()
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            hook = handler.resolve_before_request()
            if hook is not None and "onfirm_first" in repr(getattr(hook, "func", hook)):
                found |= {(method, route.path) for method in handler.http_methods - {"HEAD", "OPTIONS"}}
    return found


def test_the_table_below_names_every_route_that_asks() -> None:
    assert _guarded() == set(CELLS), "an action that asks for confirmation has no cell, or a cell has no guard"


async def _everything() -> dict[str, list[Any]]:
    """What a thief would change."""
    tables = ("person", "operator", "api_key", "passkey", "authenticator", "recovery_code", "email_confirmation")
    return {name: await database.fetch(f"SELECT * FROM {name}") for name in tables}


async def test_nothing_of_it_is_done_when_the_sign_in_is_long_ago(shop: Shop) -> None:
    owner, sam = await people.owner(), await people.staff()
    browser = await shop.signed_in(owner.email)
    await database.execute("UPDATE session SET confirmed_at = confirmed_at - interval '11 minutes'")
    before = await _everything()
    for (method, path), sent in CELLS.items():
        address = path.replace("{person_id:uuid}", str(sam.id)).replace("{passkey_id:uuid}", str(people.NOBODY))
        address = address.replace("{key_id:uuid}", str(people.NOBODY))
        address = address.replace("{backup_id:uuid}", str(people.NOBODY))
        address = address.replace("{run_id:uuid}", str(people.NOBODY)).replace("{dispute_id:str}", "du_none")
        page = await (browser.get(address) if method == "GET" else browser.post(address, sent))
        assert page.heading == ASKED, (method, path, page.status, page.words[:200])
        assert method == "GET" or page.status == 403, path
        assert page.headers["cache-control"] == "private, no-store"
        held = page.form(address if method == "POST" else "/account/confirm").given
        assert sent.items() <= held.items() or method == "GET", f"{path} lost what was typed: {held}"
    assert await _everything() == before


async def _stale(shop: Shop, email: str) -> Browser:
    browser = await shop.signed_in(email)
    clock.set_everywhere(clock.now() + timedelta(minutes=11))
    return browser


async def test_with_the_password_it_goes_on_where_it_was(shop: Shop) -> None:
    noor = await people.customer()
    browser = await _stale(shop, noor.email)
    asked = await browser.post("/account/details/email", {"email": "noor@home.test"})
    wrong = await browser.submit(asked, "/account/details/email", confirm_password="not-hers")
    assert wrong.status == 422 and wrong.heading == ASKED and "isn’t your current password" in wrong.words
    done = await browser.submit(wrong, "/account/details/email", confirm_password=people.PASSWORD)
    assert "sent an e-mail to noor@home.test" in done.words
    again = await browser.post("/account/details/email", {"email": "noor@away.test"})
    assert "sent an e-mail to noor@away.test" in again.words, "ten minutes have not passed"


async def test_a_page_is_shown_after_confirming_and_a_file_starts_by_itself(shop: Shop) -> None:
    noor = await people.customer()
    browser = await _stale(shop, noor.email)
    asked = await browser.get("/account/privacy/data.json")
    page = await browser.submit(asked, "/account/confirm", confirm_password=people.PASSWORD)
    assert page.path == "/account/privacy?download=yes" and "url=/account/privacy/data.zip" in page.text
    assert (await browser.get("/account/privacy/data.json")).response.json()["account"]["email"] == noor.email
    assert (await browser.get("/account/confirm?next=https://elsewhere.test")).path == "/account"


async def _letter(email: str, template: str) -> str:
    shelf = await mailbox.email_page(to=email, template=template)
    return (await mailbox.practice_email(shelf.emails[0].id)).text


async def test_a_code_by_e_mail_does_it_too_once_and_signs_nobody_in(shop: Shop) -> None:
    noor = await people.customer()
    browser = await _stale(shop, noor.email)
    asked = await browser.post("/account/details/email", {"email": "noor@home.test"})
    typed = {"email": "noor@home.test", "confirm_by": "send"}
    sent = await browser.post("/account/details/email", typed)
    assert "We've sent a six-digit code to noor@kiln.test" in sent.words and asked.heading == ASKED
    await shop.catch_up()
    (code,) = CODE.findall(await _letter(noor.email, "identity_code"))
    elsewhere = await shop.browser().post("/sign-in/code", {"email": noor.email, "code": code})
    assert elsewhere.status == 422, "the code for confirming signs in"
    other = f"{(int(code) + 1) % 1_000_000:06d}"
    given = {"email": "noor@home.test", "confirm_by": "code", "confirm_code": other}
    wrong = await browser.post("/account/details/email", given)
    assert wrong.status == 422 and "doesn’t match" in wrong.words
    done = await browser.post("/account/details/email", {**given, "confirm_code": f" {code[:3]} {code[3:]}"})
    assert "sent an e-mail to noor@home.test" in done.words
    clock.set_everywhere(clock.now() + timedelta(minutes=11))
    again = await browser.post("/account/details/email", {**given, "confirm_code": code})
    assert again.status == 422, "a code works twice"


@pytest.mark.parametrize(("seconds", "is_good"), [(599, True), (600, False)])
async def test_a_code_lapses_after_ten_minutes(shop: Shop, seconds: int, is_good: bool) -> None:
    noor = await people.customer()
    browser = await _stale(shop, noor.email)
    await browser.post("/account/details/email", {"email": "noor@home.test", "confirm_by": "send"})
    await shop.catch_up()
    (code,) = CODE.findall(await _letter(noor.email, "identity_code"))
    clock.set_everywhere(clock.now() + timedelta(seconds=seconds))
    given = {"email": "noor@home.test", "confirm_by": "code", "confirm_code": code}
    page = await browser.post("/account/details/email", given)
    assert ("sent an e-mail to noor@home.test" in page.words, page.status == 422) == (is_good, not is_good)


async def test_a_code_is_void_after_five_wrong_ones(shop: Shop) -> None:
    noor = await people.customer()
    browser = await _stale(shop, noor.email)
    await browser.post("/account/confirm", {"confirm_by": "send", "next": "/account/password"})
    await shop.catch_up()
    (code,) = CODE.findall(await _letter(noor.email, "identity_code"))
    other = f"{(int(code) + 1) % 1_000_000:06d}"
    for wrong in [other] * identity_codes.TRIES + [code]:
        page = await browser.post("/account/confirm", {"confirm_by": "code", "confirm_code": wrong})
        assert page.status == 422
    assert not await identity_checks.is_confirmed(browser.client.cookies["session"])


async def test_who_came_in_by_e_mail_sets_a_new_password_without_the_old_one(shop: Shop) -> None:
    noor = await people.customer()
    browser = shop.browser()
    await browser.post("/sign-in/email", {"email": noor.email})
    await shop.catch_up()
    (path,) = LINK.findall(await _letter(noor.email, "sign_in"))
    await browser.post(path)
    page = await browser.get("/account/password")
    assert "Current password" not in page.words
    saved = await browser.submit(page, "/account/password", password="clay-and-ash")
    assert "Password saved" in saved.words
    await shop.signed_in(noor.email, "clay-and-ash")


async def test_a_wrong_way_in_is_limited_and_a_way_that_is_not_ones_own_refused(shop: Shop) -> None:
    noor = await people.customer()
    browser = await _stale(shop, noor.email)
    for _ in range(identity_checks.TRIES.most):
        await browser.post("/account/password", {"confirm_by": "password", "confirm_password": "guess"})
    page = await browser.post("/account/password", {"confirm_by": "password", "confirm_password": people.PASSWORD})
    assert page.status == 429 and int(page.headers["retry-after"]) > 0
    for way in ("factor", "passkey", "by being nice"):
        page = await browser.post("/account/password", {"confirm_by": way, "confirm_factor": "000000"})
        assert page.status in {403, 422} and page.heading == ASKED, way
    assert not await identity_checks.is_confirmed(browser.client.cookies["session"])


async def test_other_browsers_are_signed_out_when_the_e_mail_changes(shop: Shop) -> None:
    noor = await people.customer()
    here, there = await shop.signed_in(noor.email), await shop.signed_in(noor.email)
    await here.post("/sign-in/email", {"email": noor.email})
    await here.post("/account/details/email", {"email": "noor@home.test"})
    await shop.catch_up()
    (former,) = LINK.findall(await _letter("noor@kiln.test", "sign_in"))
    (new,) = LINK.findall(await _letter("noor@home.test", "email_confirmation"))
    confirmed = await here.post(new)
    assert "noor@home.test is confirmed" in confirmed.words
    assert (await here.get("/account")).heading == "Hello, Noor"
    assert (await there.get("/account")).path.startswith("/sign-in"), "a thief's session goes on"
    assert (await there.post(former)).status == 422, "the link to the former e-mail still signs in"
    await shop.catch_up()
    told = await database.fetch("SELECT recipient FROM email WHERE template = 'email_changed'")
    assert [row["recipient"] for row in told] == ["noor@kiln.test"]
