"""Giving membership and opening a gift, page by page."""

from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from components.memberships.editing import plans
from components.memberships.grants import gift_codes, gift_memberships
from components.memberships.invariants import invariants
from components.memberships.plans import plan_catalogue
from components.people import customer_accounts
from components.people.privacy import erasure
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

GIFT = {
    "giver_name": "Noor",
    "recipient_name": "Maya",
    "recipient_email": "maya@kiln.test",
    "message": "For <b>you</b>",
}


async def noor(shop: Shop) -> Browser:
    plan = await make_plans.club()
    await plans.set_terms(plan.id, plans.PlanTerms(is_giftable=True), by=None)
    await people.customer("noor@kiln.test")
    return await shop.signed_in("noor@kiln.test")


async def given(shop: Shop, browser: Browser, **how: str) -> Page:
    page = await browser.submit(await browser.get("/gifts"), "/gifts", **{**GIFT, **how})
    outcome = await shop.pay(page)
    after = await browser.get(outcome.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    return after


async def test_a_gift_is_bought_sent_and_opened(shop: Shop) -> None:
    browser = await noor(shop)
    after = await given(shop, browser)
    assert after.heading == "Your gift has been sent" and "We’ve e-mailed" in after.words
    gift_id = await database.fetch_value("SELECT id FROM gift_membership")
    code = gift_codes.code_of(await gift_memberships.by_id(gift_id))
    assert code in after.words and code in (await browser.get("/account/given")).words
    stranger = shop.browser()
    assert "For <b>you</b>" in (await stranger.get(f"/gifts/redeem?code={code}")).words
    assert (await stranger.post("/gifts/redeem", {"code": code})).status == 401
    await people.customer(join_members.MAYA)
    maya = await shop.signed_in(join_members.MAYA)
    page = await maya.submit(await maya.get(f"/gifts/redeem?code={code}"), "/gifts/redeem")
    assert page.heading == "Welcome to the Kiln Club"
    membership = await maya.get("/account/membership")
    assert "Gift Until 1 March 2028" in membership.words and "10% off" in membership.words
    for again in (await maya.get(f"/gifts/redeem?code={code}"), await maya.post("/gifts/redeem", {"code": code})):
        assert again.heading == membership.heading and "You’ve already redeemed this gift." in again.alerts()
    for other in (browser, stranger):
        again = await other.get(f"/gifts/redeem?code={code}")
        assert again.status == 409 and "already been redeemed" in again.words
    again = await browser.post("/gifts/redeem", {"code": code})
    assert again.status == 409 and "already been redeemed" in again.words
    assert "Redeemed" in (await browser.get("/account/given")).words
    assert await invariants() == []


async def test_a_gift_for_today_is_sent_although_the_return_page_and_the_webhook_met(shop: Shop) -> None:
    """Whoever sends what is due passes over a row that the other has locked: the other sends it, then."""
    await given(shop, await noor(shop))
    await database.execute("UPDATE gift_membership SET sent_at = NULL")
    await gift_memberships.apply(await database.fetch_value("SELECT id FROM gift_membership"))
    assert await database.fetch_value("SELECT sent_at FROM gift_membership") is not None


async def test_60_a_gift_whose_bank_debit_is_refused_was_not_paid_for_and_that_is_said(shop: Shop) -> None:
    browser = await noor(shop)
    outcome = await shop.pay(await browser.submit(await browser.get("/gifts"), "/gifts", **GIFT), "10880033333335")
    waiting = await browser.get(outcome.url)
    assert waiting.heading == "Waiting for your payment"
    assert "We’ll e-mail Maya then, or on 1 March 2027 if that’s later." in waiting.words, "it may take days"
    await join_members.until(shop, clock.now() + timedelta(days=3, minutes=1))
    after = await browser.get(waiting.path)
    assert after.heading == "This gift was not paid for" and "You haven’t been charged" in after.words
    (told,) = await database.fetch_values("SELECT text FROM email WHERE template = 'payment_not_made'")
    assert "for your gift membership." in told and "Your membership has not started" not in told
    assert await database.fetch_value("SELECT count(*) FROM email WHERE template = 'gift'") == 0
    assert await invariants() == []


async def test_what_is_typed_wrong_is_said_at_its_field(shop: Shop) -> None:
    browser = await noor(shop)
    page = await browser.get("/gifts")
    yesterday = (clock.now() - timedelta(days=3)).date().isoformat()
    for typed, words in (
        ({"day": yesterday}, "Choose a date between today and a year from now."),
        ({"day": "2031-01-01"}, "Choose a date between today and a year from now."),
        ({"recipient_email": "maya"}, "Enter an e-mail address like"),
        ({"giver_name": ""}, "“Your name” is required."),
        ({"plan": "gone"}, "Choose one of the options listed."),
        ({"day": "soon"}, "Choose a date, like"),
    ):
        refused = await browser.submit(page, "/gifts", **{**GIFT, **typed})
        assert refused.status == 422 and words in refused.words, typed
    assert await database.fetch_value("SELECT count(*) FROM gift_membership") == 0


async def test_a_code_that_is_unknown_is_refused_and_codes_cannot_be_tried_out(shop: Shop) -> None:
    browser = await noor(shop)
    for turn in range(20):
        page = await browser.post("/gifts/redeem", {"code": f"AAAA-BBBB-CC{turn:02d}"})
        assert page.status == 422 and "don’t recognise this code" in page.words
    assert (await browser.post("/gifts/redeem", {"code": "AAAA-BBBB-CCDD"})).status == 429


async def test_somebody_elses_gift_is_unknown(shop: Shop) -> None:
    await given(shop, await noor(shop))
    gift = await database.fetch_value("SELECT id FROM gift_membership")
    await people.customer("theo@kiln.test")
    assert (await (await shop.signed_in("theo@kiln.test")).get(f"/gifts/bought/{gift}")).status == 404


async def test_who_bought_a_gift_finds_it_from_the_account(shop: Shop) -> None:
    buyer = await noor(shop)
    assert "/account/given" not in (await buyer.get("/account/gifts")).links()
    await given(shop, buyer)
    page = await buyer.get("/account/gifts")
    assert "/account/given" in page.links() and "Nothing here yet" not in page.words
    listed = (await buyer.get("/account/given")).words
    assert "maya@kiln.test" in listed and "pass the code on yourself" in listed, "the address may be wrong"


async def test_staff_see_gifts_and_give_the_money_back_before_they_are_opened(shop: Shop) -> None:
    await given(shop, await noor(shop))
    await people.staff(permissions=("members", "refunds"))
    sam = await shop.signed_in("sam@kiln.test")
    assert "/staff/gift-memberships" in (await sam.get("/staff/members")).links()
    page = await sam.get("/staff/gift-memberships")
    assert "Maya" in page.words and "Sent" in page.words
    gift = await database.fetch_value("SELECT id FROM gift_membership")
    here = f"/staff/paid-once/{gift}/refund"
    assert here in page.links()
    between = await sam.get(here)
    assert "£39.00 of £39.00 can still be refunded to" in between.words and "A refund can’t be undone." in between.words
    assert await database.fetch_value("SELECT count(*) FROM mirrored_refund") == 0, "looking refunds nothing"
    after = await sam.submit(between, here)
    again = await sam.get(here)
    assert "Nothing left to refund" in again.words
    assert "Gift refunded. The code can no longer be used." in after.alerts() and "Refunded" in after.words
    assert await database.fetch_value("SELECT sum(amount) FROM mirrored_refund") == 3900
    assert "is e-mailed about the refund." in between.words
    sent = "The code was e-mailed to Maya on 1 March 2027. If everything is refunded, it no longer works."
    assert sent in between.words
    for _ in range(2):
        await shop.catch_up()
    (told,) = await database.fetch("SELECT recipient, subject, text FROM email WHERE template = 'gift_refunded'")
    assert (told["recipient"], told["subject"]) == ("noor@kiln.test", "Your refund of £39.00")
    assert "On 1 March 2027 we refunded £39.00 of your gift of" in told["text"] and "for Maya." in told["text"]
    assert "The gift’s code can no longer be used." in told["text"]


async def test_a_plan_that_may_not_be_given_is_not_on_the_page(shop: Shop) -> None:
    await make_plans.club()
    assert not plan_catalogue.by_slug("annual").is_giftable
    assert "No gift memberships at the moment" in (await shop.browser().get("/gifts")).words


async def test_whoever_is_forgotten_leaves_no_name_in_gifts_and_seats(shop: Shop) -> None:
    from components.memberships import erasure
    from components.people.facts import PersonErased

    await given(shop, await noor(shop))
    giver = await database.fetch_value("SELECT buyer FROM gift_membership")
    for _ in range(2):
        await erasure.erase_agreements(PersonErased(giver, ""))
    row = await database.fetch_one("SELECT giver_name, message, recipient_name, recipient_email FROM gift_membership")
    assert row is not None and set(row.values()) == {""}


async def test_a_gift_for_later_waits_for_what_is_paid_for_and_says_that_this_renews(shop: Shop) -> None:
    browser = await noor(shop)
    after = await given(shop, browser, day="2027-03-05")
    assert after.heading == "Your gift is all set" and "on 5 March 2027" in after.words
    code = gift_codes.code_of(
        await gift_memberships.by_id(await database.fetch_value("SELECT id FROM gift_membership"))
    )
    maya = await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    page = await maya.get(f"/gifts/redeem?code={code}")
    assert "starts when your current membership ends. Monthly renews until you cancel it." in page.words
    page = await maya.submit(page, "/gifts/redeem")
    assert "starts when your current membership ends. Monthly renews until you cancel it." in page.words
    page = await maya.get("/account/membership/cancellation")
    assert "Your gift membership, Annual, starts then." in page.words and "Benefits that end" not in page.words
    page = await maya.submit(page, "/account/membership/cancellation")
    assert "renews until you cancel it" not in page.words
    assert await invariants() == []


@pytest.mark.parametrize("language", ["en", "de"])
async def test_a_gift_of_a_buyer_who_is_erased_before_its_day_names_nobody(shop: Shop, language: str) -> None:
    buyer = await noor(shop)
    day = (clock.now() + timedelta(days=9)).date().isoformat()
    await given(shop, buyer, day=day, recipient_email="ada@kiln.test")
    await setting_rows.change({"shop_languages": "de"}, by=None)
    await customer_accounts.use_language((await people.customer("ada@kiln.test")).id, language)
    noor_id = await database.fetch_value("SELECT buyer FROM gift_membership")
    gift_id = await database.fetch_value("SELECT id FROM gift_membership")
    code = gift_codes.code_of(await gift_memberships.by_id(gift_id))
    await erasure.erase(noor_id)
    await shop.catch_up()
    await join_members.until(shop, clock.now() + timedelta(days=10))
    await gift_memberships.send_due()
    await shop.catch_up()
    (row,) = await database.fetch("SELECT subject, text, html FROM email WHERE template = 'gift'")
    subject = "Somebody has sent you a gift" if language == "en" else "Jemand hat Ihnen ein Geschenk geschickt"
    assert row["subject"] == subject and "Noor" not in row["text"] + row["html"]
    assert ("Somebody asked" if language == "en" else "Jemand hat ") in row["text"]
    assert "You have been given" in (await shop.browser().get(f"/gifts/redeem?code={code}")).words
    await people.owner("iris@kiln.test")
    listed = await (await shop.signed_in("iris@kiln.test")).get("/staff/gift-memberships")
    assert "Erased customer" in listed.words
