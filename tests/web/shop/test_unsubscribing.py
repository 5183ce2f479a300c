"""Unsubscribing as RFC 8058 has it, and agreeing: boxes that begin empty, and a confirmation where the country asks."""

import re

import pytest

from components.consents import consents, unsubscribe_links
from components.foundation import database
from components.foundation.shop_settings import setting_rows
from components.people import customer_accounts
from components.people.privacy import erasure
from tests.support import buy_products, make_products, people
from tests.support.shops import Shop

GUEST = "guest@kiln.test"


async def link(email: str = GUEST, kind: str = "news") -> str:
    contact = (await consents.standing(email)).contact_id
    assert contact is not None
    return unsubscribe_links.path(contact, kind)


async def agreed(email: str = GUEST) -> tuple[str, ...]:
    return (await consents.standing(email)).agreed


async def test_looking_changes_nothing_and_the_button_does_it(shop: Shop) -> None:
    await consents.agree(GUEST, ("news",), how="checkout")
    path, guest = await link(), shop.browser()
    for _ in range(3):
        page = await guest.get(path)
        assert page.heading == "Unsubscribe?" and GUEST in page.words
    await guest.client.head(path)
    assert await agreed() == ("news",), "a mail scanner opens every link"
    done = await guest.submit(page, path)
    assert done.heading == "You’re unsubscribed" and await agreed() == ()
    assert {"/account/e-mails", "/"} <= set(done.links()) and "your membership" not in done.words
    assert "That was a mistake" in done.words and "That was a mistake" not in page.words
    assert (await guest.get(path)).heading == "You’re unsubscribed"
    assert (await guest.post(path)).status == 200


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "cross-site", "origin": "https://mail.example"}])
@pytest.mark.parametrize("as_parts", [False, True])
async def test_one_click_needs_neither_cookies_nor_our_own_page(
    shop: Shop, headers: dict[str, str], as_parts: bool
) -> None:
    """RFC 8058, 3.2: a POST with this one field, form-urlencoded or multipart, without cookies."""
    await consents.agree(GUEST, ("news", "tips"), how="checkout")
    client = shop.browser().client
    client.headers.pop("sec-fetch-site")
    sent = {"List-Unsubscribe": "One-Click"}
    body = {"files": {name: (None, value) for name, value in sent.items()}} if as_parts else {"data": sent}
    answer = await client.post(await link(), headers=headers, **body)  # type: ignore[arg-type]
    assert answer.status_code == 200 and "set-cookie" not in answer.headers and answer.text == "unsubscribed"
    assert await agreed() == ("tips",), "the other kind goes on"
    assert (await consents.history(GUEST))[0].how == "one click"


async def test_all_kinds_end_with_one_button(shop: Shop) -> None:
    await consents.agree(GUEST, ("news", "tips"), how="checkout")
    path, guest = await link(), shop.browser()
    await guest.submit(await guest.get(path), path, all="yes")
    assert await agreed() == ()


async def test_a_link_that_is_not_ours_is_not_found_and_one_of_a_forgotten_address_says_so(shop: Shop) -> None:
    guest = shop.browser()
    for path in ("/unsubscribe/news/abc", "/unsubscribe/else/abc", "/e-mails/confirm/abc"):
        assert (await guest.get(path)).status == 404 and (await guest.post(path)).status == 404
    noor = await people.customer()
    await consents.agree(noor.email, ("news",), how="checkout")
    path = await link(noor.email)
    await erasure.erase(noor.id)
    await shop.catch_up()
    page = await guest.get(path)
    assert page.status == 200 and "any more" in page.words and noor.email not in page.words
    assert (await guest.post(path, {"List-Unsubscribe": "One-Click"})).status == 200


async def test_the_box_at_checkout_begins_empty_and_a_guest_may_tick_it(goods: Shop) -> None:
    await make_products.product(on_hand=5)
    guest = goods.browser()
    await buy_products.put_in(guest)
    page = await guest.get("/checkout")
    assert "news" not in page.form("/checkout").given and "E-mail me news and offers" in page.words
    await buy_products.check_out(guest)
    assert await agreed(buy_products.TYPED["email"]) == ()
    other = goods.browser()
    await buy_products.put_in(other)
    await buy_products.check_out(other, news="on")
    assert await agreed(buy_products.TYPED["email"]) == ("news",)


async def test_a_tick_that_cannot_be_kept_keeps_nobody_from_paying(
    goods: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_products.product(on_hand=5)
    guest = goods.browser()
    await buy_products.put_in(guest)
    await database.execute("ALTER TABLE mailing_contact RENAME TO mailing_contact_away")
    try:
        asked = await buy_products.check_out(guest, news="on")
    finally:
        await database.execute("ALTER TABLE mailing_contact_away RENAME TO mailing_contact")
    assert buy_products.is_pay_page(asked), asked.alerts()
    assert (await buy_products.the_order()).email == buy_products.TYPED["email"] and await agreed() == ()


async def test_a_german_guest_confirms_from_the_e_mail(goods: Shop) -> None:
    await setting_rows.change({"country": "DE"}, by=None)
    assert not await consents.agree(GUEST, ("news",), how="checkout")
    await goods.catch_up()
    text = await people.letter("consent_confirmation")
    (path,) = set(re.findall(r"/e-mails/confirm/[\w-]+", text))
    guest = goods.browser()
    page = await guest.get(path)
    assert page.heading == "Confirm your subscription?" and await agreed() == ()
    done = await guest.submit(page, path)
    assert done.heading == "Thank you, you’re subscribed" and await agreed() == ("news",)
    assert (await guest.get(path)).status == 410


async def test_what_was_ticked_with_an_account_counts_for_whoever_ticked_it(shop: Shop) -> None:
    browser = shop.browser()
    page = await browser.get("/sign-up")
    assert "news" not in page.form("/sign-up").given
    asked = await browser.submit(page, "/sign-up", email="maya@kiln.test", news="on")
    assert await agreed("maya@kiln.test") == ()
    await people.enters_code(shop, browser, asked)
    await shop.catch_up()
    assert await agreed("maya@kiln.test") == ("news",)


async def test_a_stranger_cannot_tick_it_for_somebody_else(shop: Shop) -> None:
    stranger, maya = shop.browser(), shop.browser()
    await stranger.post("/sign-up", {"email": "maya@kiln.test", "news": "on"})
    await shop.catch_up()
    (code,) = set(re.findall(r"\b\d{6}\b", await people.letter("account_wanted")))
    await maya.post("/sign-in/code", {"email": "maya@kiln.test", "code": code})
    await shop.catch_up()
    assert await customer_accounts.by_email("maya@kiln.test") and await agreed("maya@kiln.test") == ()


async def test_the_account_has_a_switch_for_each_kind_and_its_history(shop: Shop) -> None:
    noor = await people.customer()
    browser = await shop.signed_in(noor.email)
    page = await browser.get("/account/e-mails")
    page = await browser.submit(page, "/account/e-mails", kinds=["news", "tips"])
    assert "Saved." in page.alerts() and await agreed(noor.email) == ("news", "tips")
    page = await browser.submit(page, "/account/e-mails", kinds=["tips"])
    assert await agreed(noor.email) == ("tips",)
    assert "News and offers, withdrawn (account page)" in page.words
    assert (await browser.post("/account/e-mails", {"kinds": ["all"]})).status == 422
    assert await agreed(noor.email) == ("tips",)
    assert (await shop.browser().get("/account/e-mails")).path.startswith("/sign-in")
