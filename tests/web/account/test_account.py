"""A person's own pages: found through the person, so that somebody else's is simply not there."""

import json
import re

import pytest

from components.foundation import clock, database
from components.messaging import mailbox
from components.people import addresses, customer_accounts, passwords
from tests.conftest import NOON
from tests.support import people
from tests.support.pages import Browser
from tests.support.shops import Shop

HOME = {"name": "Noor", "line1": "1 Mill Lane", "city": "Leeds", "postcode": "LS1 1AA", "country": "GB"}
CONFIRM = re.compile(r"http://shop\.test(/account/confirmation/\S+)")


async def confirmation_for(shop: Shop, email: str) -> str:
    await shop.catch_up()
    letters = (await mailbox.email_page(to=email)).emails
    return str(CONFIRM.findall((await mailbox.practice_email(letters[0].id)).text)[0])


async def with_token(shop: Shop, browser: Browser) -> Browser:
    """Another browser that has copied this one's cookie."""
    copy = shop.browser()
    copy.client.cookies.set("session", browser.client.cookies["session"], domain="shop.test")
    return copy


async def test_an_address_is_kept_changed_preferred_and_removed(shop: Shop) -> None:
    noor = await people.customer()
    browser = await shop.signed_in("noor@kiln.test")
    page = await browser.get("/account/addresses/new")
    assert page.form("/account/addresses").given["name"] == "Noor"
    page = await browser.submit(page, "/account/addresses", **HOME)
    assert "1 Mill Lane" in page.words and "Default" in page.words and "United Kingdom" in page.words
    await browser.post("/account/addresses", {**HOME, "line1": "2 Kiln Yard"})
    first, second = await addresses.of_person(noor.id)
    page = await browser.post(f"/account/addresses/{second.id}/preference")
    assert [one.line1 for one in await addresses.of_person(noor.id)] == ["2 Kiln Yard", "1 Mill Lane"]
    page = await browser.get(f"/account/addresses/{first.id}")
    page = await browser.submit(page, f"/account/addresses/{first.id}", city="York")
    assert "York" in page.words
    await browser.post(f"/account/addresses/{second.id}/removal")
    assert [one.is_default for one in await addresses.of_person(noor.id)] == [True]


async def test_what_is_missing_is_said_at_its_field(shop: Shop) -> None:
    await people.customer()
    browser = await shop.signed_in("noor@kiln.test")
    page = await browser.post("/account/addresses", {**HOME, "line1": "", "country": "XX"})
    assert page.status == 422
    assert "“Address” is required." in page.words and "Choose one of the options listed." in page.words


async def test_the_same_address_is_kept_once(shop: Shop) -> None:
    noor = await people.customer()
    for _ in range(2):
        await addresses.add(noor.id, **HOME)
    assert len(await addresses.of_person(noor.id)) == 1


@pytest.mark.parametrize("verb", ["", "/preference", "/removal"])
async def test_somebody_elses_address_is_answered_like_one_that_is_not_there(shop: Shop, verb: str) -> None:
    maya = await people.customer("maya@kiln.test", name="Maya")
    hers = await addresses.add(maya.id, **HOME)
    await people.customer()
    browser = await shop.signed_in("noor@kiln.test")
    pages = [await browser.post(f"/account/addresses/{id}{verb}", HOME) for id in (hers.id, people.NOBODY)]
    if not verb:
        pages += [await browser.get(f"/account/addresses/{id}") for id in (hers.id, people.NOBODY)]
    assert {page.status for page in pages} == {404}
    assert len({re.sub(r"[0-9a-f-]{32,36}", "", page.text) for page in pages}) == 1
    assert (await addresses.of_person(maya.id))[0].line1 == "1 Mill Lane"


async def test_a_browser_can_be_signed_out_from_another(shop: Shop) -> None:
    await people.customer()
    here, there = await shop.signed_in("noor@kiln.test"), await shop.signed_in("noor@kiln.test")
    page = await here.get("/account/sessions")
    actions = [f.get("action") for f in page.tree.iter("form") if "sessions/" in (f.get("action") or "")]
    one = next(a for a in actions if a and "/others" not in a and "/all" not in a)
    await here.post(one)
    assert (await there.get("/account")).path.startswith("/sign-in")
    assert (await here.get("/account")).path == "/account"


async def test_somebody_elses_session_cannot_be_ended(shop: Shop) -> None:
    await people.customer()
    await people.customer("maya@kiln.test", name="Maya")
    noor, maya = await shop.signed_in("noor@kiln.test"), await shop.signed_in("maya@kiln.test")
    name = await database.fetch_value(
        "SELECT left(encode(s.digest, 'hex'), 32) FROM session s JOIN person p ON p.id = s.person WHERE p.email = $1",
        "maya@kiln.test",
    )
    assert (await noor.post(f"/account/sessions/{name}/end")).status == 404
    assert (await maya.get("/account")).path == "/account"


async def test_signing_out_everywhere_ends_every_session(shop: Shop) -> None:
    await people.customer()
    here, there = await shop.signed_in("noor@kiln.test"), await shop.signed_in("noor@kiln.test")
    await here.post("/account/sessions/all/end")
    for browser in (here, there):
        assert (await browser.get("/account")).path.startswith("/sign-in")


async def test_a_new_password_asks_for_the_old_and_signs_out_other_browsers(shop: Shop) -> None:
    await people.customer()
    here, there = await shop.signed_in("noor@kiln.test"), await shop.signed_in("noor@kiln.test")
    copied = await with_token(shop, here)
    wrong = await here.post("/account/password", {"present": "not it", "password": "clay-and-ash"})
    assert wrong.status == 422 and "That isn’t your current password" in wrong.words
    page = await here.post("/account/password", {"present": people.PASSWORD, "password": "clay-and-ash"})
    assert page.path == "/account/details" and "Password saved" in page.alerts()
    assert (await there.get("/account")).path.startswith("/sign-in")
    assert (await copied.get("/account")).path.startswith("/sign-in"), "the token was not rotated"
    await shop.signed_in("noor@kiln.test", "clay-and-ash")
    await shop.catch_up()
    assert len((await mailbox.email_page(template="password_changed")).emails) == 1


async def test_a_first_password_needs_no_old_one(shop: Shop) -> None:
    maya = await people.newcomer("maya@kiln.test", password=None)
    browser = shop.browser()
    await people.enters_code(shop, browser, await browser.post("/sign-up", {"email": "ruth@kiln.test"}))
    page = await browser.get("/account/password")
    assert "Current password" not in page.words
    await browser.submit(page, "/account/password", password="clay-and-ash")
    await shop.signed_in("ruth@kiln.test", "clay-and-ash")
    assert not await passwords.is_set(maya.id)


async def test_an_e_mail_changes_once_its_letter_is_answered(shop: Shop) -> None:
    noor = await people.customer()
    browser = await shop.signed_in("noor@kiln.test")
    page = await browser.post("/account/details/email", {"email": "noor@new.test"})
    assert "We’ve sent an e-mail to" in page.alerts()
    path = await confirmation_for(shop, "noor@new.test")
    page = await browser.get(path)
    assert (await customer_accounts.by_email("noor@new.test")) is None, "looking must not confirm"
    await browser.submit(page, path)
    changed = await customer_accounts.by_email("noor@new.test")
    assert changed and changed.id == noor.id
    await shop.catch_up()
    told = (await mailbox.email_page(to="noor@kiln.test", template="email_changed")).emails
    assert len(told) == 1, "whoever reads the former mailbox is told"
    assert (await browser.post(path)).status == 422


async def test_a_confirmation_is_nothing_in_the_hands_of_another_account(shop: Shop) -> None:
    await people.customer()
    await people.customer("maya@kiln.test", name="Maya")
    noor, maya = await shop.signed_in("noor@kiln.test"), await shop.signed_in("maya@kiln.test")
    await noor.post("/account/details/email", {"email": "noor@new.test"})
    path = await confirmation_for(shop, "noor@new.test")
    assert (await maya.get(path)).heading == "Nothing to confirm"
    assert (await maya.post(path)).status == 422
    assert (await shop.browser().get(path)).path.startswith("/sign-in")


async def test_an_e_mail_somebody_has_cannot_be_taken(shop: Shop) -> None:
    await people.customer()
    await people.customer("maya@kiln.test", name="Maya")
    browser = await shop.signed_in("noor@kiln.test")
    page = await browser.post("/account/details/email", {"email": "maya@kiln.test"})
    assert "We’ve sent an e-mail to" in page.alerts(), "asking must not tell who has an account"
    page = await browser.post(await confirmation_for(shop, "maya@kiln.test"))
    assert page.status == 422 and "Another account already uses this e-mail" in page.words


async def test_an_invited_account_is_confirmed_by_its_welcome_letter(shop: Shop) -> None:
    await people.newcomer("ruth@kiln.test")
    browser = await shop.signed_in("ruth@kiln.test")
    assert "Please confirm your e-mail" in (await browser.get("/account")).words
    await browser.post(await confirmation_for(shop, "ruth@kiln.test"))
    assert "Please confirm your e-mail" not in (await browser.get("/account")).words


async def test_the_details_are_changed(shop: Shop) -> None:
    noor = await people.customer()
    browser = await shop.signed_in("noor@kiln.test")
    page = await browser.get("/account/details")
    await browser.submit(page, "/account/details", name="Noor A.", birthday="1990-05-03")
    changed = await customer_accounts.by_id(noor.id)
    assert changed and changed.name == "Noor A." and str(changed.birthday) == "1990-05-03"
    page = await browser.submit(page, "/account/details", birthday="2090-05-03")
    assert page.status == 422 and "a date that isn’t in the future" in page.words


async def test_a_person_takes_her_own_data_and_nobody_elses(shop: Shop) -> None:
    noor = await people.customer()
    maya = await people.customer("maya@kiln.test", name="Maya")
    await addresses.add(noor.id, **HOME)
    await addresses.add(maya.id, **{**HOME, "line1": "9 Secret Street"})
    browser = await shop.signed_in("noor@kiln.test")
    answer = await browser.get("/account/privacy/data.json")
    assert "attachment" in answer.headers["content-disposition"] and "no-store" in answer.headers["cache-control"]
    mine = json.loads(answer.text)
    assert mine["account"]["email"] == "noor@kiln.test" and mine["addresses"][0]["line1"] == "1 Mill Lane"
    assert "Secret" not in answer.text and "argon2" not in answer.text


async def test_an_account_is_erased_with_everything_that_names_her(shop: Shop) -> None:
    noor = await people.customer()
    await addresses.add(noor.id, **HOME)
    browser = await shop.signed_in("noor@kiln.test")
    page = await browser.get("/account/privacy/erasure")
    refused = await browser.submit(page, "/account/privacy/erasure")
    assert refused.status == 422 and "Tick the box to confirm" in refused.words
    page = await browser.submit(page, "/account/privacy/erasure", is_sure="on")
    assert "Your account has been deleted" in page.words
    await shop.catch_up()
    for table in ("person", "address", "session", "email", "announced_fact"):
        assert "noor" not in repr(await database.fetch(f"SELECT * FROM {table}")).lower(), table
    assert (await browser.get("/account")).path.startswith("/sign-in")
    assert (await browser.post("/sign-in", {"email": "noor@kiln.test", "password": people.PASSWORD})).status == 422
    await customer_accounts.sign_up("noor@kiln.test")


async def test_an_owner_is_not_erased_from_her_own_shop(shop: Shop) -> None:
    await people.owner()
    browser = await shop.signed_in("iris@kiln.test")
    page = await browser.post("/account/privacy/erasure", {"is_sure": "on"})
    assert page.status == 422 and "You have staff access to this shop" in page.words


async def test_a_session_ends_a_month_after_it_was_last_seen_and_half_a_year_after_it_began(shop: Shop) -> None:
    from datetime import timedelta

    await people.customer()
    idle, used = await shop.signed_in("noor@kiln.test"), await shop.signed_in("noor@kiln.test")
    clock.set_everywhere(NOON + timedelta(days=20))
    assert (await used.get("/account")).path == "/account"
    clock.set_everywhere(NOON + timedelta(days=31))
    assert (await idle.get("/account")).path.startswith("/sign-in")
    for day in range(31, 180, 20):
        clock.set_everywhere(NOON + timedelta(days=day))
        assert (await used.get("/account")).path == "/account", f"day {day}"
    clock.set_everywhere(NOON + timedelta(days=180))
    assert (await used.get("/account")).path.startswith("/sign-in")


async def test_reading_a_page_writes_nothing_to_the_session(shop: Shop) -> None:
    await people.customer()
    browser = await shop.signed_in("noor@kiln.test")
    before = await database.fetch("SELECT xmin::text, * FROM session")
    for _ in range(3):
        await browser.get("/account")
    assert await database.fetch("SELECT xmin::text, * FROM session") == before
