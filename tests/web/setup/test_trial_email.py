"""The test e-mail is sent while the owner waits, and the page says what the mail server said."""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest

from components.foundation import clock, settings
from components.foundation.shop_settings import shop_settings
from components.messaging import mail_server
from tests.support import post_office
from tests.web.setup.conftest import NewShop

SENDER = "Northline <hello@northline.example>"


def later() -> AbstractContextManager[object]:
    return clock.frozen(clock.now() + timedelta(minutes=1))


async def test_without_a_mail_server_the_page_says_so(new_shop: NewShop) -> None:
    anna, page = await new_shop.begun()
    page = await anna.submit(page, "/setup/payments", way="practice")
    with later():
        page = await anna.submit(page, "/setup/emails", mail_from=SENDER, test="yes")
    assert page.status == 200 and "No mail server is set up" in page.words
    assert "Once the shop is open, /mailbox shows them" in page.words, "the codes of the first orders"
    assert shop_settings.current().mail_from == SENDER


async def test_what_the_mail_server_says_is_on_the_page(new_shop: NewShop, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, page = await new_shop.begun()
    page = await anna.submit(page, "/setup/payments", way="practice")
    async with post_office.opened() as office:
        known = replace(settings.current(), smtp_url=office.url)
        monkeypatch.setattr(settings, "current", lambda: known)
        with later():
            page = await anna.submit(page, "/setup/emails", mail_from=SENDER, test="yes")
        assert "The mail server took it. Look for it at anna@northline.example" in page.words
        assert "/mailbox" not in page.words, "no practice mailbox where e-mails are sent"
        (letter,) = office.letters
        assert letter["From"] == SENDER and letter["To"] == "anna@northline.example"
        office.refusals = [b"554 not from here\r\n"]
        page = await anna.submit(page, "/setup/emails", test="yes")
        assert "The mail server refused it" in page.words and "not from here" in page.words
    page = await anna.submit(page, "/setup/emails", test="yes")
    assert "did not take it" in page.words and "Check SMTP_URL" in page.words
    mail_server.forget_troubles()


async def test_a_sender_that_is_no_address_is_refused(new_shop: NewShop) -> None:
    anna, page = await new_shop.begun()
    page = await anna.submit(page, "/setup/payments", way="practice")
    page = await anna.submit(page, "/setup/emails", mail_from="Northline")
    assert page.status == 422 and "Write a name and an e-mail address, like My Shop" in page.words
    assert page.form("/setup/emails").given["mail_from"] == "Northline"
