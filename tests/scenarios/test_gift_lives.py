"""Gifts at the edges of their lives: redeemed in the last second and refunded once begun; expired, then refunded."""

from datetime import datetime, timedelta

from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from components.memberships import reactions
from components.memberships.entitlements import entitlements
from components.memberships.grants import gift_codes, gift_memberships
from components.memberships.invariants import invariants
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.shop.test_gift_memberships import given, noor

HERE, SECOND, DAY = "/account/membership", timedelta(seconds=1), timedelta(days=1)


async def on(shop: Shop, at: datetime) -> None:
    clock.set_everywhere(at)
    await shop.catch_up()
    await reactions.announce_ended()
    await shop.catch_up()


async def bought(shop: Shop) -> tuple[gift_memberships.GiftMembership, datetime]:
    """Its code works for a year."""
    await setting_rows.change({"gift_years": "1"}, by=None)
    await people.owner("iris@kiln.test")
    await given(shop, await noor(shop))
    gift = await gift_memberships.by_id(await database.fetch_value("SELECT id FROM gift_membership"))
    assert gift.expires_at is not None
    return gift, gift.expires_at


async def emails(to: str, template: str) -> list[str]:
    sql = "SELECT text FROM email WHERE recipient = $1 AND template = $2 ORDER BY id"
    return [" ".join(text.split()) for text in await database.fetch_values(sql, to, template)]


async def maya_s(shop: Shop) -> Browser:
    return await shop.signed_in(join_members.MAYA)


async def test_a_member_redeems_it_in_the_last_second_cancels_has_it_and_it_is_refunded(shop: Shop) -> None:
    gift, ends = await bought(shop)
    await on(shop, ends - 20 * DAY)
    await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    clock.set_everywhere(ends - SECOND)
    maya = await maya_s(shop)
    page = await maya.submit(await maya.get(f"/gifts/redeem?code={gift_codes.code_of(gift)}"), "/gifts/redeem")
    waits = "starts when your current membership ends. Monthly renews until you cancel it."
    assert "Gift redeemed." in page.alerts() and waits in page.words and "Next charge £4.50" in page.words
    await on(shop, ends + DAY)
    maya = await maya_s(shop)
    assert waits in (await maya.get(HERE)).words, "redeemed in time it does not expire"
    await maya.submit(await maya.get(f"{HERE}/cancellation"), f"{HERE}/cancellation")
    await on(shop, datetime.fromisoformat(str((await join_members.subscription())["cancel_at"])) + timedelta(hours=2))
    maya = await maya_s(shop)
    assert "Gift Until 11 March 2029. It doesn't renew." in (await maya.get(HERE)).words
    assert "valid until 11 March 2029 and doesn't renew" in (await emails(join_members.MAYA, "membership_started"))[1]
    await on(shop, clock.now() + 30 * DAY)
    iris, there = await shop.signed_in("iris@kiln.test"), f"/staff/paid-once/{gift.id}/refund"
    asked = await iris.get(there)
    assert "Maya is e-mailed if the membership ends." in asked.words
    done = await iris.submit(asked, there, follows="end")
    assert "£39.00 refunded. The membership is being ended." in done.alerts()
    await shop.catch_up()
    (ended,) = await emails(join_members.MAYA, "membership_ended")
    assert "It ended early because your gift was refunded to whoever gave it." in ended, "told at once, and why"
    await on(shop, clock.now() + SECOND)
    maya = await maya_s(shop)
    assert "Annual has ended" in (await maya.get(HERE)).words and "10 April 2028" in (await maya.get(HERE)).words
    (told,) = await emails("noor@kiln.test", "gift_refunded")
    assert "£39.00 of your gift of Annual for Maya" in told and "has been redeemed already" in told
    assert len(await emails(join_members.MAYA, "membership_ended")) == 1
    assert not (await entitlements.for_person(await join_members.person())).is_member and await invariants() == []


async def test_expired_and_refunded_no_page_says_that_its_code_still_works(shop: Shop) -> None:
    gift, ends = await bought(shop)
    buyer = await shop.signed_in("noor@kiln.test")
    assert "whoever has it can redeem it" in (await buyer.get("/account/given")).words
    await on(shop, ends)
    buyer, iris = await shop.signed_in("noor@kiln.test"), await shop.signed_in("iris@kiln.test")
    page = await buyer.get("/account/given")
    assert "Redeem by 1 March 2028 Expired" in page.words and "can redeem it" not in page.words
    assert "hasn't been redeemed can be refunded" in page.words
    there = f"/staff/paid-once/{gift.id}/refund"
    asked = await iris.get(there)
    assert "It has expired and works no longer." in asked.words and "it still does" not in asked.words
    assert "Gift refunded. The code can no longer be used." in (await iris.submit(asked, there)).alerts()
    await shop.catch_up()
    page = await buyer.get("/account/given")
    assert "Refunded 2 March 2028" in page.words and "Redeem by" not in page.words and "contact us" not in page.words
    refused = await shop.browser().get(f"/gifts/redeem?code={gift_codes.code_of(gift)}")
    assert "This gift was refunded to the buyer." in refused.words and await invariants() == []
