"""A gift whose e-mail address was wrong: corrected by its buyer or by staff, until it is redeemed."""

from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.memberships.grants import gift_codes, gift_memberships
from components.memberships.invariants import invariants
from tests.support import join_members, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.shop.test_gift_memberships import given, noor

NEW = "maya.right@kiln.test"
FIXED = "This gift’s address can’t be changed any more"


async def bought(shop: Shop, **how: str) -> tuple[Browser, str, str]:
    """The buyer, the page of the gift's address, and its code."""
    buyer = await noor(shop)
    await given(shop, buyer, recipient_email="maya.wrong@kiln.test", **how)
    return buyer, f"/account/given/{await the_gift()}/address", await code()


async def the_gift() -> str:
    return str(await database.fetch_value("SELECT id FROM gift_membership"))


async def code() -> str:
    gift_id = await database.fetch_value("SELECT id FROM gift_membership")
    return gift_codes.code_of(await gift_memberships.by_id(gift_id))


async def corrected(shop: Shop, browser: Browser, here: str, email: str = NEW) -> Page:
    after = await browser.submit(await browser.get(here), here, email=email)
    await shop.catch_up()
    return after


async def sent(template: str) -> list[tuple[str, str]]:
    rows = await database.fetch("SELECT recipient, text FROM email WHERE template = $1 ORDER BY recipient", template)
    return [(row["recipient"], row["text"]) for row in rows]


async def test_the_buyer_corrects_the_address_and_the_old_link_is_dead(shop: Shop) -> None:
    buyer, here, old = await bought(shop)
    assert here in (await buyer.get("/account/given")).links()
    asked = await buyer.get(here)
    assert "It was e-mailed on 1 March 2027. We’ll e-mail it again straight away, with a new code." in asked.words
    after = await corrected(shop, buyer, here)
    assert f"We’ve e-mailed your gift to {NEW}, with a new code." in after.alerts() and NEW in after.words
    assert "maya.wrong@kiln.test" not in after.words and await code() in after.words and old not in after.words
    assert [to for to, _ in await sent("gift")] == [NEW, "maya.wrong@kiln.test"]
    ((to, told),) = await sent("gift_readdressed")
    assert to == "noor@kiln.test" and f"now goes to {NEW}." in told and "no longer work" in told
    stranger = shop.browser()
    dead = await stranger.get(f"/gifts/redeem?code={old}")
    assert dead.status == 404 and "don’t recognise this code" in dead.words
    await people.customer(join_members.MAYA)
    maya = await shop.signed_in(join_members.MAYA)
    assert (await maya.post("/gifts/redeem", {"code": old})).status == 422
    page = await maya.submit(await maya.get(f"/gifts/redeem?code={await code()}"), "/gifts/redeem")
    assert page.heading == "Welcome to the Kiln Club"
    assert await invariants() == []


async def test_a_gift_that_waits_for_its_day_keeps_code_and_day(shop: Shop) -> None:
    day = (clock.now() + timedelta(days=9)).date().isoformat()
    buyer, here, old = await bought(shop, day=day)
    after = await corrected(shop, buyer, here)
    assert f"We’ll e-mail your gift to {NEW} on 10 March 2027." in after.alerts()
    assert await code() == old and await sent("gift") == []
    ((_, told),) = await sent("gift_readdressed")
    assert "We'll e-mail it there on 10 March 2027. Its code is the same as before" in told
    await join_members.until(shop, clock.now() + timedelta(days=10))
    await gift_memberships.send_due()
    await shop.catch_up()
    assert [to for to, _ in await sent("gift")] == [NEW]


async def test_twice_the_same_and_what_is_no_address_are_refused_in_words(shop: Shop) -> None:
    buyer, here, _ = await bought(shop)
    page = await buyer.get(here)
    for typed, status, words in (
        ("maya", 422, "Enter an e-mail address like"),
        ("", 422, "is required."),
        ("Maya.Wrong@kiln.test", 422, "The gift already goes to this address."),
    ):
        refused = await buyer.submit(page, here, email=typed)
        assert refused.status == status and words in refused.words, typed
    await corrected(shop, buyer, here)
    again = await buyer.submit(page, here, email=NEW)
    assert again.status == 422 and "already goes to this address" in again.words
    await shop.catch_up()
    assert len(await sent("gift")) == 2 and len(await sent("gift_readdressed")) == 1


async def test_it_cannot_be_used_to_write_to_one_address_after_the_other(shop: Shop) -> None:
    buyer, here, _ = await bought(shop)
    for turn in range(5):
        await join_members.until(shop, clock.now() + timedelta(minutes=1))
        await corrected(shop, buyer, here, f"number{turn}@kiln.test")
    refused = await buyer.submit(await buyer.get(here), here, email="number9@kiln.test")
    assert refused.status == 429 and "Too many attempts" in refused.words
    await shop.catch_up()
    assert len(await sent("gift")) == 6


async def test_redeemed_refunded_stopped_or_expired_it_stays_as_it_is(shop: Shop) -> None:
    buyer, here, old = await bought(shop)
    page = await buyer.get(here)
    for column in ("redeemed_at", "refunded_at", "voided_at", "expires_at"):
        by = await database.fetch_value("SELECT id FROM person LIMIT 1") if column == "redeemed_at" else None
        ago = clock.now() - timedelta(minutes=1)
        await database.execute(f"UPDATE gift_membership SET redeemed_by = $2, {column} = $1", ago, by)
        assert FIXED in (await buyer.get(here)).alerts(), column
        assert here not in (await buyer.get("/account/given")).links(), column
        refused = await buyer.submit(page, here, email=NEW)
        assert refused.status == 409 and FIXED in refused.words, column
        await database.execute(f"UPDATE gift_membership SET redeemed_by = NULL, {column} = NULL")
    await shop.catch_up()
    assert await code() == old and len(await sent("gift")) == 1 and await sent("gift_readdressed") == []


async def test_nobody_else_corrects_it(shop: Shop) -> None:
    _, here, _ = await bought(shop)
    await people.customer("theo@kiln.test")
    theo = await shop.signed_in("theo@kiln.test")
    assert {(await theo.get(here)).status, (await theo.post(here, {"email": NEW})).status} == {404}
    assert (await shop.browser().post(here, {"email": NEW})).status == 401
    staff_page = f"/staff/gift-memberships/{await the_gift()}/address"
    await people.staff(permissions=("orders",))
    sam = await shop.signed_in("sam@kiln.test")
    assert {(await sam.get(staff_page)).status, (await sam.post(staff_page, {"email": NEW})).status} == {403}
    assert [to for to, _ in await sent("gift")] == ["maya.wrong@kiln.test"]


async def test_staff_correct_it_and_the_buyer_is_told(shop: Shop) -> None:
    buyer, _, old = await bought(shop)
    await people.staff(permissions=("members",))
    sam = await shop.signed_in("sam@kiln.test")
    here = f"/staff/gift-memberships/{await the_gift()}/address"
    assert here in (await sam.get("/staff/gift-memberships")).links()
    assert (await sam.submit(await sam.get(here), here, email="no")).status == 422
    after = await corrected(shop, sam, here)
    assert f"Gift e-mailed to {NEW} with a new code. The former code no longer works." in after.alerts()
    assert await code() != old and await code() not in after.words, "staff see how it ends"
    ((to, told),) = await sent("gift_readdressed")
    assert to == "noor@kiln.test" and NEW in told and "If you didn't ask for this" in told
    assert await code() in (await buyer.get("/account/given")).words
    by = await database.fetch_value("SELECT id FROM person WHERE email = 'sam@kiln.test'")
    (kept,) = await database.fetch("SELECT * FROM audit_entry WHERE what = 'gift address corrected'")
    assert kept["actor"] == by and kept["subject_id"] == await the_gift() and NEW not in str(kept["after"])
    await database.execute("UPDATE gift_membership SET voided_at = now()")
    assert FIXED in (await sam.get(here)).alerts()


@pytest.mark.parametrize("was_sent", [True, False])
@pytest.mark.parametrize("first", ["buyer", "staff"])
async def test_of_two_who_correct_it_at_once_the_second_is_told_where_it_goes(
    shop: Shop, first: str, was_sent: bool
) -> None:
    day = {} if was_sent else {"day": (clock.now() + timedelta(days=9)).date().isoformat()}
    buyer, here, _ = await bought(shop, **day)
    await people.staff(permissions=("members",))
    sam, there = await shop.signed_in("sam@kiln.test"), f"/staff/gift-memberships/{await the_gift()}/address"
    pages = {"buyer": (buyer, await buyer.get(here)), "staff": (sam, await sam.get(there))}
    (one, its), (other, theirs) = pages.pop(first), next(iter(pages.values()))
    await one.submit(its, its.path, email=NEW)
    code_of_first = await code()
    refused = await other.submit(theirs, theirs.path, email="maya.else@kiln.test")
    await shop.catch_up()
    assert refused.status == 409 and f"so nothing was changed now: it goes to {NEW}." in refused.words
    assert await code() == code_of_first and "maya.else@kiln.test" not in [to for to, _ in await sent("gift")]
    assert (await other.submit(refused, theirs.path, email=NEW)).status == 422, "it goes there already"
    await other.submit(refused, theirs.path, email="maya.else@kiln.test")
    await shop.catch_up()
    told = [text for _, text in await sent("gift_readdressed")]
    assert len(told) == 2, "within one second"
    for address in (NEW, "maya.else@kiln.test"):
        assert sum(f"now goes to {address}" in text for text in told) == 1
    assert ("maya.else@kiln.test" in [to for to, _ in await sent("gift")]) is was_sent
    assert await invariants() == []


async def test_a_gift_that_was_sent_while_its_address_was_being_corrected_is_looked_at_again(shop: Shop) -> None:
    day = (clock.now() + timedelta(days=9)).date().isoformat()
    buyer, here, old = await bought(shop, day=day)
    page = await buyer.get(here)
    await join_members.until(shop, clock.now() + timedelta(days=10))
    await gift_memberships.send_due()
    await shop.catch_up()
    refused = await buyer.submit(page, here, email=NEW)
    assert refused.status == 409 and "We’ll e-mail it again straight away, with a new code." in refused.words
    assert await code() == old, "the page had said that its code stays"
    await buyer.submit(refused, here, email=NEW)
    assert await code() != old
