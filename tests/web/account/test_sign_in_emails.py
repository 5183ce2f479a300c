"""Signing in by letter: looking uses nothing up, each letter works once, guessing leads nowhere."""

import re
from datetime import timedelta

from components.foundation import clock, database
from components.messaging import mailbox
from components.messaging.tables import Email
from components.people import customer_accounts, passwords, sign_in_links
from tests.conftest import NOON
from tests.support import people
from tests.support.pages import Browser
from tests.support.shops import Shop

LINK = re.compile(r"http://shop\.test(/sign-in/email/\S+)")
CODE = re.compile(r"\b(\d{6})\b")


async def letter_to(shop: Shop, browser: Browser, email: str, *, next: str = "") -> tuple[str, str]:
    """Ask for a letter, and open it: the link's path and the code."""
    await browser.post("/sign-in/email", {"email": email, "next": next})
    await shop.catch_up()
    shelf = await mailbox.email_page(to=email, template="sign_in")
    text = (await mailbox.practice_email(shelf.emails[0].id)).text
    return LINK.findall(text)[0], CODE.findall(text)[0]


async def test_the_link_signs_in_after_one_more_press_and_leads_back(shop: Shop) -> None:
    await people.customer()
    browser = shop.browser()
    path, _ = await letter_to(shop, browser, "noor@kiln.test", next="/account/addresses")
    page = await browser.get(path)
    assert page.heading == "Confirm sign-in"
    page = await browser.submit(page, path)
    assert page.path == "/account/addresses"


async def test_a_scanner_that_opens_every_link_uses_nothing_up(shop: Shop) -> None:
    await people.customer()
    path, _ = await letter_to(shop, shop.browser(), "noor@kiln.test")
    for _ in range(3):
        scanner = shop.browser()
        await scanner.get(path)
        await scanner.client.head(path)
    assert (await shop.browser().post(path)).heading == "Hello, Noor"


async def test_a_letter_works_once_by_link_or_by_code(shop: Shop) -> None:
    await people.customer()
    path, code = await letter_to(shop, shop.browser(), "noor@kiln.test")
    assert (await shop.browser().post(path)).heading == "Hello, Noor"
    again = await shop.browser().post(path)
    assert again.status == 422 and again.heading == "This link no longer works"
    by_code = await shop.browser().post("/sign-in/code", {"email": "noor@kiln.test", "code": code})
    assert by_code.status == 422 and "That code doesn’t match our latest e-mail" in by_code.words


async def test_the_code_signs_in_on_the_page_where_it_was_asked_for(shop: Shop) -> None:
    await people.customer()
    browser = shop.browser()
    _, code = await letter_to(shop, browser, "noor@kiln.test", next="/account/privacy")
    page = await browser.get("/sign-in/code")
    assert "noor@kiln.test" in page.words
    page = await browser.submit(page, "/sign-in/code", code=f"{code[:3]} {code[3:]}")
    assert page.path == "/account/privacy"


async def test_a_sign_in_e_mail_lapses_after_ten_minutes(shop: Shop) -> None:
    await people.customer()
    path, code = await letter_to(shop, shop.browser(), "noor@kiln.test")
    clock.set_everywhere(NOON + timedelta(minutes=9, seconds=59))
    assert (await shop.browser().get(path)).heading != "This link no longer works"
    clock.set_everywhere(NOON + timedelta(minutes=10))
    assert (await shop.browser().get(path)).heading == "This link no longer works"
    assert (await shop.browser().post(path)).status == 422
    assert (await shop.browser().post("/sign-in/code", {"email": "noor@kiln.test", "code": code})).status == 422


async def test_asking_is_answered_the_same_whether_the_e_mail_is_known_or_not(shop: Shop) -> None:
    await people.customer()
    known, unknown = shop.browser(), shop.browser()
    first = await known.post("/sign-in/email", {"email": "noor@kiln.test"})
    second = await unknown.post("/sign-in/email", {"email": "ruth@kiln.test"})
    assert first.status == second.status == 200
    assert first.text.replace("noor@", "ruth@") == second.text
    await shop.catch_up()
    assert [letter.recipient for letter in (await mailbox.email_page(template="sign_in")).emails] == ["noor@kiln.test"]


async def test_a_wrong_code_is_answered_the_same_whether_the_e_mail_is_known_or_not(shop: Shop) -> None:
    await people.customer()
    await letter_to(shop, shop.browser(), "noor@kiln.test")
    pages = [
        await shop.browser().post("/sign-in/code", {"email": email, "code": "000000"})
        for email in ("noor@kiln.test", "ruth@kiln.test")
    ]
    assert pages[0].text.replace("noor@", "ruth@") == pages[1].text


async def test_after_five_wrong_codes_the_right_one_is_refused_too(shop: Shop) -> None:
    await people.customer()
    path, code = await letter_to(shop, shop.browser(), "noor@kiln.test")
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        await shop.browser().post("/sign-in/code", {"email": "noor@kiln.test", "code": wrong})
    assert (await shop.browser().post("/sign-in/code", {"email": "noor@kiln.test", "code": code})).status == 422
    assert (await shop.browser().post(path)).heading == "Hello, Noor"


async def test_codes_cannot_be_guessed_by_asking_for_letter_after_letter(shop: Shop) -> None:
    await people.customer()
    browser = shop.browser()
    statuses = [(await browser.post("/sign-in/email", {"email": "noor@kiln.test"})).status for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    statuses = [
        (await browser.post("/sign-in/code", {"email": "noor@kiln.test", "code": "000000"})).status for _ in range(12)
    ]
    assert statuses == [422] * 10 + [429] * 2


async def test_neither_rows_nor_facts_nor_jobs_hold_the_token_or_the_code(shop: Shop) -> None:
    await people.customer()
    browser = shop.browser()
    await browser.post("/sign-in/email", {"email": "noor@kiln.test"})
    await shop.catch_up()
    letter = await Email.objects().first()
    assert letter is not None
    secrets = (await mailbox.practice_email(letter.id)).text
    token, code = LINK.findall(secrets)[0].rsplit("/", 1)[-1], CODE.findall(secrets)[0]
    for table in ("sign_in_link", "announced_fact", "procrastinate_jobs"):
        rows = repr(await database.fetch(f"SELECT * FROM {table}"))
        assert token not in rows and f'"{code}"' not in rows
    assert token not in letter.html + letter.text and code not in letter.text


async def test_secrets_leave_the_letter_when_they_have_lapsed(shop: Shop) -> None:
    await people.customer()
    path, code = await letter_to(shop, shop.browser(), "noor@kiln.test")
    letter = (await mailbox.email_page()).emails[0]
    clock.set_everywhere(NOON + sign_in_links.LASTS + timedelta(seconds=1))
    text = (await mailbox.practice_email(letter.id)).text
    assert path not in text and code not in text and "removed" in text
    await mailbox.remove_expired_secrets()
    assert await database.fetch_value("SELECT count(*) FROM email WHERE secrets IS NOT NULL") == 0


async def test_whoever_opened_the_account_before_its_e_mail_was_proved_is_put_out(shop: Shop) -> None:
    """Somebody opens an account with another person's e-mail and waits for her to come."""
    await people.newcomer("maya@kiln.test", password="the-waiting-one")
    waiting = await shop.signed_in("maya@kiln.test", "the-waiting-one")
    path, _ = await letter_to(shop, shop.browser(), "maya@kiln.test")
    hers = shop.browser()
    await hers.post(path)
    assert (await waiting.get("/account")).path.startswith("/sign-in")
    page = await waiting.post("/sign-in", {"email": "maya@kiln.test", "password": "the-waiting-one"})
    assert page.status == 422
    person = await customer_accounts.by_email("maya@kiln.test")
    assert person and person.email_confirmed_at and not await passwords.is_set(person.id)
    assert (await hers.get("/account")).status == 200


async def test_a_confirmed_account_keeps_its_password_when_a_letter_is_used(shop: Shop) -> None:
    await people.customer()
    path, _ = await letter_to(shop, shop.browser(), "noor@kiln.test")
    await shop.browser().post(path)
    await shop.signed_in("noor@kiln.test")
