"""Scenario 43: what is said while an answer is awaited, and what came of it: true of the wish, and for who reads it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_42_43_55_56_not_known_yet import HERE, act, member, settled, told_in_the_end
from tests.scenarios.test_owing import FAILS, new_card
from tests.support import join_members, patience, people
from tests.support.pages import Browser
from tests.support.shops import Shop

PROVIDER = "We’re waiting for our payment provider’s answer about your membership."
MEANWHILE = "our payment provider’s answer to the previous request for this membership"


@pytest.fixture(autouse=True)
def tenth() -> Iterator[None]:
    with patience.scaled(0.1):
        yield


async def iris(shop: Shop) -> tuple[Browser, str]:
    await people.owner()
    return await shop.signed_in("iris@kiln.test"), f"/staff/members/{await join_members.person()}"


@pytest.mark.parametrize("what", ["pause", "cancel"])
async def test_no_bank_is_named_where_none_is_asked(shop: Shop, kiln: Kiln, what: str) -> None:
    browser = await member(shop, kiln)
    staff, theirs = await iris(shop)
    asked = await staff.get(f"{theirs}/cancellation")
    shop.stand_in.fault("slow", amount=4)
    assert (await act(browser, what)).path.startswith("/account/waiting")
    page = await browser.get(HERE)
    assert PROVIDER in page.words and "your bank" not in page.words
    if what == "pause":
        page = await staff.submit(asked, f"{theirs}/cancellation")
    else:
        page = await act(browser, "pause")
    assert MEANWHILE in page.alerts(), page.words
    await settled(shop)


async def test_each_wish_is_told_by_its_own_name(shop: Shop, kiln: Kiln) -> None:
    browser, told = await member(shop, kiln), {}
    for what in ("pause", "resume"):
        shop.stand_in.fault("slow", amount=0.9)
        told[what] = (await told_in_the_end(browser, await act(browser, what))).words
        await settled(shop)
        clock.set_everywhere(clock.now() + timedelta(days=3))
    assert "Your pause is set." in told["pause"] and "The pause is off." in told["resume"], told


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("cancellation", "The membership is cancelled. It won’t renew."),
        ("cancellation/now", "The membership has ended."),
    ],
)
async def test_staff_read_it_of_the_member(shop: Shop, kiln: Kiln, path: str, words: str) -> None:
    await member(shop, kiln)
    staff, theirs = await iris(shop)
    shown = await staff.get(f"{theirs}/{path}")
    shop.stand_in.fault("slow", amount=0.9)
    page = await told_in_the_end(staff, await staff.submit(shown, f"{theirs}/{path}"))
    assert words in page.words and words.replace("The", "Your", 1) not in page.words, page.words
    await settled(shop)


async def test_staff_read_of_a_card_that_was_declined_whose_it_is(shop: Shop, kiln: Kiln) -> None:
    browser = await member(shop, kiln)
    shown = await browser.get(f"{HERE}/plan/annual")
    await new_card(shop, browser, FAILS)
    shown = await browser.get(f"{HERE}/plan/annual")
    shop.stand_in.fault("slow", amount=0.9)
    page = await told_in_the_end(browser, await browser.submit(shown, f"{HERE}/plan/annual"))
    assert page.heading == "That didn’t go through" and "Your card was declined." in page.words
    staff, theirs = await iris(shop)
    read = (await staff.get(f"{page.path}?back={theirs}")).words
    assert "The card was declined. The membership is as it was" in read and "Your card" not in read


async def test_43_who_kept_their_membership_has_not_cancelled_it(shop: Shop, kiln: Kiln) -> None:
    """A renewal that fails later is then no cancellation, for figures and e-mails."""
    browser = await member(shop, kiln)
    await act(browser, "cancel")
    await shop.catch_up()
    shop.stand_in.fault("slow", amount=0.9)
    page = await told_in_the_end(browser, await browser.post(f"{HERE}/cancellation/withdrawal"))
    assert "no longer cancelled" in page.words
    await settled(shop)
    assert await reason() is None


async def test_43_what_was_surely_not_ended_has_no_reason_to_have_ended(shop: Shop, kiln: Kiln) -> None:
    await member(shop, kiln)
    staff, theirs = await iris(shop)
    shop.stand_in.fault("rate_limit", times=1000)
    with patience.of(reads=0.1, per_read=0.1, writes=0.1, first_pause=0.02):
        page = await staff.post(f"{theirs}/cancellation/now", {})
    shop.stand_in.fault("rate_limit", times=0)
    assert "We can’t reach our payment provider" in page.alerts(), page.words
    assert await reason() is None and await database.fetch_value("SELECT ended_at FROM subscription") is None


async def reason() -> Any:
    return await database.fetch_value("SELECT cancel_reason FROM subscription")


@pytest.mark.parametrize("what", ["price", "cancel", "keep"])
async def test_43_the_page_is_no_older_than_the_answer(shop: Shop, kiln: Kiln, what: str) -> None:
    """Who goes on from “Done” reads of the same, before any job has followed the answer."""
    browser = await member(shop, kiln)
    if what == "keep":
        await act(browser, "cancel")
        await shop.catch_up()
    shown = await browser.get(f"{HERE}/plan/annual")
    shop.stand_in.fault("slow", amount=0.9)
    if what == "price":
        page = await browser.submit(shown, f"{HERE}/plan/annual")
    else:
        page = await (act(browser, "cancel") if what == "cancel" else browser.post(f"{HERE}/cancellation/withdrawal"))
    assert (await told_in_the_end(browser, page)).heading == "Done"
    words = (await browser.get(HERE)).words
    true = {
        "price": "£39.00 on 11 March 2028",
        "cancel": "Ends 1 April 2027",
        "keep": "Next charge £4.50 on 1 April 2027",
    }
    assert true[what] in words, words
    assert ("Ends 1 April" in words) == (what == "cancel")
    await settled(shop)


async def test_staff_read_what_the_member_reads_of_what_is_to_come(shop: Shop, kiln: Kiln) -> None:
    browser = await join_members.joins(shop, kiln.annual)
    staff, theirs = await iris(shop)
    await browser.submit(await browser.get(f"{HERE}/plan/monthly"), f"{HERE}/plan/monthly")
    shop.stand_in.fault("slow", amount=4)
    page = await act(browser, "cancel")
    assert page.path.startswith("/account/waiting")
    mine, seen = (await browser.get(HERE)).words, (await staff.get(theirs)).words
    for said in (PROVIDER, "Your plan changes to Monthly, £4.50 a month, on 1 March 2028. Nothing changes until then."):
        assert said in mine and said in seen, said
    assert (await told_in_the_end(browser, await browser.get(page.path))).heading == "Done"
    await settled(shop)
    assert PROVIDER not in (await staff.get(theirs)).words
