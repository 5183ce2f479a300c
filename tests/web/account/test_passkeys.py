"""Passkeys: added, used to sign in and to confirm, and refused for anything that is not exactly what was asked."""

import dataclasses
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database, settings
from components.people import email_verification, operators
from components.people.second_factor import passkey_challenges
from tests.support import people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.support.soft_keys import SoftKey

HERE = "https://shop.test"


@pytest.fixture(autouse=True)
def over_https(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    known = dataclasses.replace(settings.current(), base_url=HERE)
    monkeypatch.setattr(settings, "current", lambda: known)
    yield


def _visitor(shop: Shop) -> Browser:
    browser = shop.browser()
    browser.client.base_url = HERE
    return browser


async def _in(shop: Shop, email: str) -> Browser:
    browser = _visitor(shop)
    await browser.post("/sign-in", {"email": email, "password": people.PASSWORD})
    return browser


async def _asked(browser: Browser, path: str) -> dict[str, Any]:
    return json.loads((await browser.post(path)).text)  # type: ignore[no-any-return]


async def _add(browser: Browser, key: SoftKey, **changed: str) -> Page:
    asked = await _asked(browser, "/account/security/passkeys/options")
    sent = {"name": "My phone", "credential": key.made_for(asked["options"]), "challenge": asked["challenge"]}
    return await browser.post("/account/security/passkeys", {**sent, **changed})


async def _enter(browser: Browser, key: SoftKey, **changed: str) -> Page:
    asked = await _asked(browser, "/sign-in/passkey/options")
    sent = {"credential": key.shown_for(asked["options"], **changed), "challenge": asked["challenge"]}
    return await browser.post("/sign-in/passkey", sent)


async def test_a_passkey_is_added_signs_in_confirms_and_is_removed(shop: Shop) -> None:
    await people.customer()
    browser, key = await _in(shop, "noor@kiln.test"), SoftKey(HERE)
    added = await _add(browser, key)
    assert "Passkey added" in added.words and "My phone" in added.words
    assert "recovery codes" not in added.words.lower(), "a customer needs none"
    there = _visitor(shop)
    assert (await _enter(there, key)).heading == "Hello, Noor"
    clock.set_everywhere(clock.now() + timedelta(minutes=11))
    asked = await _asked(there, "/account/confirm/passkey")
    proof = {"confirm_by": "passkey", "confirm_passkey": key.shown_for(asked["options"]),
             "confirm_challenge": asked["challenge"]}  # fmt: skip
    page = await there.get("/account/security")
    (remove,) = (f for f in page.tree.iter("form") if "removal" in f.get("action", ""))
    gone = await there.post(remove.get("action", ""), proof)
    assert "no longer signs you in" in gone.words
    await shop.catch_up()
    told = await database.fetch("SELECT recipient, text FROM email WHERE template = 'second_factor_changed'")
    assert {one["recipient"] for one in told} == {"noor@kiln.test"}
    assert all(any(f"A passkey was {what}" in one["text"] for one in told) for what in ("added", "removed"))
    assert (await _enter(_visitor(shop), key)).heading == "Sign in"


async def test_what_is_not_exactly_the_answer_is_refused_in_words(shop: Shop) -> None:
    await people.customer()
    browser, key = await _in(shop, "noor@kiln.test"), SoftKey(HERE, counts=False)
    await _add(browser, key)
    guest = _visitor(shop)
    unverified = SoftKey(HERE, is_verified=False)
    unverified.id, unverified._key, unverified.count = key.id, key._key, 100
    stranger = SoftKey(HERE)
    answers = [
        await _enter(guest, key, origin="https://sh0p.test"),
        await _enter(guest, key, rp="sh0p.test"),
        await _enter(guest, key, challenge="b3RoZXI"),
        await _enter(guest, unverified),
        await _enter(guest, stranger),
    ]
    asked = await _asked(guest, "/sign-in/passkey/options")
    good = {"credential": key.shown_for(asked["options"]), "challenge": asked["challenge"]}
    others = await _asked(browser, "/account/confirm/passkey")
    crossed = {"credential": key.shown_for(others["options"]), "challenge": others["challenge"]}
    answers.append(await guest.post("/sign-in/passkey", crossed))
    for broken in (
        "",
        "{}",
        "[1]",
        '{"id": 3}',
        good["credential"][:-30],
        good["credential"].replace("AA", "B"),
        "é" * 90,
    ):
        answers.append(await guest.post("/sign-in/passkey", {**good, "credential": broken}))
    answers.append(await guest.post("/sign-in/passkey", {**good, "challenge": good["challenge"][:-3]}))
    for number, page in enumerate(answers):
        assert (page.status, page.heading) == (200, "Sign in") and "wasn’t accepted" in page.words, number
    assert (await guest.post("/sign-in/passkey", good)).heading == "Hello, Noor"
    replayed = await _visitor(shop).post("/sign-in/passkey", good)
    assert replayed.heading == "Sign in", "an answer that was used signs in again"


async def test_a_challenge_is_over_after_five_minutes_and_a_counter_that_goes_back_is_a_copy(shop: Shop) -> None:
    await people.customer()
    browser, key = await _in(shop, "noor@kiln.test"), SoftKey(HERE)
    await _add(browser, key)
    asked = await _asked(browser, "/sign-in/passkey/options")
    late = {"credential": key.shown_for(asked["options"]), "challenge": asked["challenge"]}
    clock.set_everywhere(clock.now() + passkey_challenges.LASTS + timedelta(seconds=1))
    assert (await _visitor(shop).post("/sign-in/passkey", late)).heading == "Sign in"
    key.count = 50
    assert (await _enter(_visitor(shop), key)).heading == "Hello, Noor"
    key.count = 20
    assert (await _enter(_visitor(shop), key)).heading == "Sign in"


async def test_a_passkey_belongs_to_one_account_and_is_made_for_the_person_who_asked(shop: Shop) -> None:
    await people.customer()
    await people.customer("maya@kiln.test", name="Maya")
    noor, maya, key = await _in(shop, "noor@kiln.test"), await _in(shop, "maya@kiln.test"), SoftKey(HERE)
    asked = await _asked(noor, "/account/security/passkeys/options")
    sent = {"credential": key.made_for(asked["options"]), "challenge": asked["challenge"]}
    assert (await maya.post("/account/security/passkeys", sent)).status == 422
    assert "Passkey added" in (await noor.post("/account/security/passkeys", sent)).words
    assert (await _add(maya, key)).status == 422
    ((one,),) = await database.fetch_rows("SELECT id FROM passkey")
    assert (await maya.post(f"/account/security/passkeys/{one}/removal")).status == 404
    used = await _asked(maya, "/account/confirm/passkey")
    proof = {"confirm_by": "passkey", "confirm_passkey": key.shown_for(used["options"]),
             "confirm_challenge": used["challenge"]}  # fmt: skip
    clock.set_everywhere(clock.now() + timedelta(minutes=11))
    assert (await maya.post("/account/privacy/erasure", {**proof, "is_sure": "on"})).heading == "Confirm that it's you"


async def test_who_made_an_account_with_somebody_elses_e_mail_has_no_key_to_it_later(shop: Shop) -> None:
    theo = await people.newcomer()
    key = SoftKey(HERE)
    await _add(await _in(shop, theo.email), key)
    async with database.transaction():
        await email_verification.email_verified(theo.id)
    assert (await _enter(_visitor(shop), key)).heading == "Sign in"
    ruth = await people.newcomer("ruth@kiln.test")
    other = SoftKey(HERE)
    await _add(await _in(shop, ruth.email), other)
    await operators.invite(ruth.email, "owner", by=None)
    assert (await _enter(_visitor(shop), other)).heading == "Sign in"


@pytest.mark.parametrize(
    ("address", "possible"),
    [("https://shop.test", True), ("http://localhost:8000", True), ("http://127.0.0.1:8000", False),
     ("https://203.0.113.9", False), ("http://shop.test", False)],
)  # fmt: skip
def test_where_passkeys_are_possible(address: str, possible: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    known = dataclasses.replace(settings.current(), base_url=address)
    monkeypatch.setattr(settings, "current", lambda: known)
    assert passkey_challenges.are_possible() is possible
