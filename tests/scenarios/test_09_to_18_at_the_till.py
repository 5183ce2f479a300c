"""What can happen between the basket and the money."""

import asyncio

import pytest

from components.foundation import database
from tests.components.catalog import making
from tests.components.catalog.making import on_hand
from tests.scenarios.conftest import HOME, Kiln, session_of


async def test_09_of_two_buyers_of_the_last_piece_the_second_is_told_and_an_unpaid_one_goes_back(kiln: Kiln) -> None:
    await making.product("Moon jar", price=12000, on_hand=1)
    first, second = kiln.shop.browser(), kiln.shop.browser()
    await kiln.to_checkout(second, "moon-jar")
    ready = await second.get("/checkout")
    session_id = await kiln.to_pay(first, "moon-jar")
    refused = await second.submit(ready, "/checkout", **HOME)
    assert refused.status in (200, 409, 422) and "/offline-payments" not in refused.path
    assert await kiln.stock("moon-jar") == (1, 1)

    kiln.later(hours=1)
    await kiln.work()
    assert await kiln.stock("moon-jar") == (1, 0)
    assert await kiln.pay(session_id) == "declined"
    await kiln.shop.refresh()
    again = await kiln.to_pay(kiln.shop.browser(), "moon-jar")
    assert await kiln.pay(again) == "done"
    await kiln.work()
    assert await kiln.stock("moon-jar") == (0, 0)
    assert await kiln.broken() == []


async def test_09_two_buyers_at_once_one_session(kiln: Kiln) -> None:
    jar = await making.product("Moon jar", price=12000, on_hand=1)
    browsers = [kiln.shop.browser() for _ in range(4)]
    ready = [await kiln.to_checkout(browser, "moon-jar") for browser in browsers]
    answers = await asyncio.gather(
        *(browser.submit(page, "/checkout", **HOME) for browser, page in zip(browsers, ready, strict=True))
    )
    assert sum("/offline-payments" in answer.path for answer in answers) == 1
    assert await on_hand(jar.variants[0].id) == (1, 1)


async def test_12_declined_then_a_good_card(kiln: Kiln) -> None:
    session_id = await kiln.to_pay(kiln.shop.browser())
    assert await kiln.pay(session_id, "4000000000009995") == "declined"
    await kiln.work()
    assert not (await kiln.orders())[0]["is_paid"] and await kiln.stock() == (5, 1)
    assert await kiln.pay(session_id) == "done"
    await kiln.work()
    assert (await kiln.orders())[0]["is_paid"] and await kiln.stock() == (4, 0)
    assert await kiln.broken() == []


async def test_13_a_challenge_is_failed_then_passed(kiln: Kiln) -> None:
    session_id = await kiln.to_pay(kiln.shop.browser())
    assert await kiln.pay(session_id, "4000002500003155", challenge="fail") == "declined"
    await kiln.work()
    assert not (await kiln.orders())[0]["is_paid"]
    assert await kiln.pay(session_id, "4000002500003155", challenge="pass") == "done"
    await kiln.work()
    assert (await kiln.orders())[0]["is_paid"]


async def test_13_a_challenge_that_is_closed_gives_the_pieces_back(kiln: Kiln) -> None:
    browser = kiln.shop.browser()
    session_id = await kiln.to_pay(browser)
    await kiln.pay(session_id, "4000002760003184", challenge="fail")
    kiln.later(hours=1)
    await kiln.work()
    (order,) = await kiln.orders()
    assert order["cancelled_at"] is not None and await kiln.stock() == (5, 0)
    page = await kiln.come_back(browser, session_id)
    assert page.heading == "This order was not paid"
    assert await kiln.broken() == []


async def test_14_a_delayed_payment_is_fulfilled_only_when_it_arrives(kiln: Kiln) -> None:
    browser = kiln.shop.browser()
    session_id = await kiln.to_pay(browser)
    assert await kiln.pay(session_id, "10880000012345") == "done"
    page = await kiln.come_back(browser, session_id)
    assert page.heading == "Your payment is on its way"
    await kiln.work()
    kiln.later(hours=26)
    await kiln.work()
    (order,) = await kiln.orders()
    assert not order["is_paid"] and order["cancelled_at"] is None and await kiln.stock() == (5, 1)
    kiln.later(days=3)
    await kiln.work()
    assert (await kiln.orders())[0]["is_paid"] and await kiln.stock() == (4, 0)
    assert await kiln.broken() == []


async def test_14_a_delayed_payment_that_fails_gives_the_pieces_back(kiln: Kiln) -> None:
    session_id = await kiln.to_pay(kiln.shop.browser())
    await kiln.pay(session_id, "10880033333335")
    await kiln.work()
    kiln.later(days=4)
    await kiln.work()
    (order,) = await kiln.orders()
    assert not order["is_paid"] and order["cancelled_at"] is not None and await kiln.stock() == (5, 0)
    assert await kiln.broken() == []


@pytest.mark.parametrize("sent", ["theirs", "cs_test_unknown", "", "x" * 300, "'; DROP TABLE orders; --"])
async def test_15_somebody_elses_session_is_the_same_404_as_an_unknown_one(kiln: Kiln, sent: str) -> None:
    theirs = await kiln.to_pay(kiln.shop.browser())
    browser = kiln.shop.browser()
    await kiln.to_pay(browser)
    await kiln.pay(theirs)
    mine = (await kiln.orders())[1]["token"]
    answer = await browser.get(f"/orders/{mine}", params={"session_id": theirs if sent == "theirs" else sent})
    assert answer.status == 404
    assert [order["is_paid"] for order in await kiln.orders()] == [False, False]


async def test_15_somebody_elses_joining_opens_nothing(kiln: Kiln) -> None:
    maya, theo = kiln.shop.browser(), kiln.shop.browser()
    hers = session_of(await maya.submit(await maya.get("/join/monthly"), "/join/monthly", email="maya@example.org"))
    await theo.submit(await theo.get("/join/monthly"), "/join/monthly", email="theo@example.org")
    await kiln.pay(hers)
    answer = await theo.get("/account/membership/welcome", params={"session_id": hers})
    assert answer.status == 404
    await kiln.work()
    members = "SELECT email FROM membership JOIN person ON person.id = membership.holder"
    assert [row["email"] for row in await database.fetch(members)] == ["maya@example.org"]


async def test_18_what_costs_nothing_is_ordered_without_a_payment(kiln: Kiln) -> None:
    await making.product("Sample tile", price=0, on_hand=3, needs_delivery=False)
    browser = kiln.shop.browser()
    answer = await browser.submit(await kiln.to_checkout(browser, "sample-tile"), "/checkout", **HOME)
    assert answer.heading == "Thank you, Noor."
    await kiln.work()
    (order,) = await kiln.orders()
    assert order["is_paid"] and order["total"] == 0 and order["payment_reference"] is None
    assert await kiln.stock("sample-tile") == (2, 0)
    assert await database.fetch_value("SELECT count(*) FROM pay_page") == 0
    assert await kiln.broken() == []
