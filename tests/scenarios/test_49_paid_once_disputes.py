"""Scenario 49 for gifts and terms: a lost dispute names what was paid for, and staff can end it."""

from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.memberships import reactions
from components.memberships.entitlements import entitlements
from components.memberships.grants import gift_codes, gift_memberships
from components.memberships.invariants import invariants
from tests.scenarios.test_38_gift_refunds import GIFTS, with_one_gift
from tests.scenarios.test_38_term_refunds import with_a_term
from tests.support import join_members, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from web.standin.charging import disputes as bank

DISPUTED = "4000000000000259"


async def lost(shop: Shop, iris: Browser) -> Page:
    with shop.stand_in.engine.changing() as books:
        for dispute in list(books.find("dispute")):
            bank.close(books, dispute, verdict="lost")
    await shop.catch_up()
    dispute = await database.fetch_value("SELECT stripe_id FROM mirrored_dispute")
    clock.set_everywhere(clock.now().replace(hour=18))
    return await iris.get(f"/staff/payments/disputes/{dispute}")


async def evidence(iris: Browser) -> dict[str, str]:
    """What the form begins with, as long as the bank waits for an answer."""
    dispute = await database.fetch_value("SELECT stripe_id FROM mirrored_dispute")
    here = f"/staff/payments/disputes/{dispute}/evidence"
    return (await iris.get(here)).form(here).given


async def decide(iris: Browser, page: Page, follows: str) -> None:
    answer = await iris.submit(page, f"{page.path}/decision", follows=follows, words="Seen")
    assert "Decision saved." in answer.alerts()
    assert await invariants() == []


async def announced(shop: Shop) -> None:
    """A minute later, when a worker looks what has ended."""
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    await reactions.announce_ended()
    await shop.catch_up()


@pytest.mark.parametrize("follows", ["keep", "end"])
@pytest.mark.parametrize("is_redeemed", [False, True])
async def test_49_a_gift_whose_payment_the_bank_took_back(shop: Shop, follows: str, is_redeemed: bool) -> None:
    iris, gift = await with_one_gift(shop, DISPUTED)
    code = gift_codes.code_of(await gift_memberships.by_id(gift))
    maya = (await people.customer("maya@kiln.test")).id
    if is_redeemed:
        await gift_memberships.redeem(code, person_id=maya)
        await shop.catch_up()
    given = await evidence(iris)
    assert "paid once. It does not renew" in given["product_description"] and given["customer_email_address"]
    said = "is using it" if is_redeemed else "has not been redeemed yet"
    assert "Bought as a gift for" in given["product_description"] and said in given["product_description"]
    assert bool(given["service_date"]) is is_redeemed and code not in str(given), "a code is worth money"
    (told,) = await database.fetch_values("SELECT text FROM email WHERE template = 'dispute'")
    assert "for the gift of Annual from Noor." in told
    page = await lost(shop, iris)
    assert "Payment for Gift from" in page.words and "the gift’s code no longer works" in page.words
    await decide(iris, page, follows)
    if is_redeemed:
        assert (await entitlements.for_person(maya)).is_member is (follows == "keep")
        await announced(shop)
        mails = await database.fetch_values("SELECT text FROM email WHERE template = 'membership_ended'")
        assert ["because a bank took back what was paid for your gift" in text for text in mails] == (
            [True] if follows == "end" else []
        )
    elif follows == "keep":
        assert await gift_memberships.by_code(code)
    else:
        with pytest.raises(gift_memberships.GiftVoid):
            await gift_memberships.redeem(code, person_id=maya)
    assert ("Stopped 1 March 2027" in (await iris.get(GIFTS)).words) is (follows == "end")


@pytest.mark.parametrize("follows", ["keep", "end"])
async def test_49_a_term_whose_payment_the_bank_took_back(shop: Shop, follows: str) -> None:
    iris = await with_a_term(shop, DISPUTED)
    given = await evidence(iris)
    assert given["customer_name"] == "Maya" and "paid once. It does not renew" in given["product_description"]
    assert " to " in given["service_date"] and "gift" not in given["product_description"]
    assert "£50.00, for all of it" in given["uncategorized_text"]
    assert given["customer_email_address"] == "maya@kiln.test"
    (told,) = await database.fetch_values("SELECT text FROM email WHERE template = 'dispute'")
    assert "disputes £50.00 for Year pass of Maya." in told
    maya = await shop.signed_in("maya@kiln.test")
    assert "£50.00 £50.00 disputed with your bank" in (await maya.get("/account/membership")).words
    page = await lost(shop, iris)
    assert "Payment for Maya" in page.words and "it goes on until its end" in page.words
    await decide(iris, page, follows)
    await announced(shop)
    told = await maya.get("/account/membership")
    assert "£50.00 £50.00 returned by your bank" in told.words
    assert ("It ended early because your bank took back what you paid for it." in told.words) is (follows == "end")
    mails = await database.fetch_values("SELECT text FROM email WHERE template = 'membership_ended'")
    assert len(mails) == (follows == "end")
    assert all("because your bank took back what you paid" in text and "paid for it once" not in text for text in mails)
    standing = await entitlements.for_person(await join_members.person())
    assert standing.is_member is (follows == "keep")
