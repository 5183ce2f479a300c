"""The mailbox shows every letter as it was written, and runs nothing of it."""

import dataclasses
from datetime import timedelta

import pytest

from components.foundation import clock, settings
from components.messaging import email_outbox, mailbox
from tests.conftest import NOON
from tests.support import people
from tests.support.shops import Shop
from web import demo_mode


async def a_letter(name: str = "Noor") -> str:
    letter = await email_outbox.send(
        key=f"hello:{name}", to="noor@kiln.test", template="email_changed", subject=f"For {name}",
        fields={"name": name, "email": "new@kiln.test"},
    )  # fmt: skip
    return str(letter.id)


async def test_staff_with_letters_find_and_read_a_letter(shop: Shop) -> None:
    email_id = await a_letter()
    await people.staff("sam@kiln.test", ["emails"])
    sam = await shop.signed_in("sam@kiln.test")
    page = await sam.get("/staff/emails", params={"to": "NOOR", "template": "email_changed"})
    assert "For Noor" in page.words and "Not sent" in page.words
    assert "For Noor" not in (await sam.get("/staff/emails", params={"to": "maya@"})).words
    page = await sam.get(f"/staff/emails/{email_id}")
    assert page.heading == "For Noor" and "new@kiln.test" in page.words
    assert (await sam.get(f"/staff/emails/{people.NOBODY}")).status == 404


async def test_the_sheet_runs_nothing_and_is_framed_by_this_shop_only(shop: Shop) -> None:
    email_id = await a_letter("<script>alert(1)</script>")
    answer = await shop.browser().client.get(f"/mailbox/{email_id}/sheet")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy and "allow-scripts" not in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert "<script>" not in answer.text and "&lt;script&gt;" in answer.text


async def test_the_practice_mailbox_is_for_a_practice_shop_on_ones_own_machine(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    email_id = await a_letter()
    browser = shop.browser()
    assert "For Noor" in (await browser.get("/mailbox")).words
    known = settings.current()
    for elsewhere in (
        {"base_url": "https://kiln.example.com"},
        {"smtp_url": "smtp://mail.example.com"},
        {"stripe_secret_key": "sk_test_x"},
        {"environment": "production"},
        {"host": "0.0.0.0"},
    ):
        changed = dataclasses.replace(known, **elsewhere)  # type: ignore[arg-type]
        monkeypatch.setattr(settings, "current", lambda changed=changed: changed)
        assert not demo_mode.mailbox_is_open(), elsewhere
        for path in ("/mailbox", f"/mailbox/{email_id}", f"/mailbox/{email_id}/sheet"):
            assert (await browser.client.get(path)).status_code == 404, (elsewhere, path)


async def test_many_letters_come_in_pages(shop: Shop) -> None:
    for number in range(mailbox.PAGE + 1):
        with clock.frozen(NOON + timedelta(minutes=number)):
            await a_letter(f"No {number}")
    browser = shop.browser()
    page = await browser.get("/mailbox")
    assert f"{mailbox.PAGE + 1} e-mails" in page.words and "For No 0 " not in page.words
    assert "For No 0" in (await browser.get("/mailbox?page=2")).words
    assert (await browser.get("/mailbox?page=-1")).status == 200


@pytest.mark.parametrize(
    "headers", [{"x-forwarded-for": "203.0.113.7"}, {"host": "kiln.example.com"}, {"host": "127.0.0.1.evil.example"}]
)
async def test_the_practice_mailbox_is_not_shown_through_a_proxy_or_under_another_name(
    shop: Shop, headers: dict[str, str]
) -> None:
    email_id = await a_letter()
    for path in ("/mailbox", f"/mailbox/{email_id}", f"/mailbox/{email_id}/sheet"):
        assert (await shop.browser().client.get(path, headers=headers)).status_code == 404
