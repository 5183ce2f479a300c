"""One purchase, told in every way its news can travel: one paid order, one sale, one letter."""

import asyncio

from components.foundation import database
from tests.scenarios.conftest import HOME, Kiln, session_of


async def sold_once(kiln: Kiln) -> None:
    (order,) = await kiln.orders()
    assert order["is_paid"] and order["cancelled_at"] is None
    assert await kiln.stock() == (4, 0) and await kiln.sales() == 1
    assert await kiln.letters("confirmation:" + str(order["id"])) == 1
    assert await kiln.broken() == []


async def test_01_the_same_event_five_times_in_parallel_is_one_paid_order(kiln: Kiln) -> None:
    session_id = await kiln.to_pay(kiln.shop.browser())
    await kiln.pay(session_id)
    posted = [await asyncio.gather(*(kiln.post(*each) for _ in range(5))) for each in await kiln.deliveries()]
    assert {status for statuses in posted for status in statuses} == {200}
    await kiln.workers(3)
    await kiln.work()
    await sold_once(kiln)


async def test_02_the_webhook_comes_before_the_browser(kiln: Kiln) -> None:
    browser = kiln.shop.browser()
    session_id = await kiln.to_pay(browser)
    await kiln.pay(session_id)
    await kiln.work()
    page = await kiln.come_back(browser, session_id)
    assert page.heading == "Thank you, Noor."
    await sold_once(kiln)


async def test_03_the_webhook_comes_ten_minutes_late_and_the_return_page_asks_for_itself(kiln: Kiln) -> None:
    browser = kiln.shop.browser()
    session_id = await kiln.to_pay(browser)
    await kiln.pay(session_id)
    page = await kiln.come_back(browser, session_id)
    assert page.heading == "Thank you, Noor."
    kiln.later(minutes=10)
    await kiln.work()
    await sold_once(kiln)


async def test_04_the_browser_never_comes_back(kiln: Kiln) -> None:
    await kiln.pay(await kiln.to_pay(kiln.shop.browser()))
    await kiln.work()
    await sold_once(kiln)


async def test_05_a_double_click_opens_one_session(kiln: Kiln) -> None:
    browser = kiln.shop.browser()
    checkout = await kiln.to_checkout(browser)
    first, second = await asyncio.gather(*(browser.submit(checkout, "/checkout", **HOME) for _ in range(2)))
    assert session_of(first) == session_of(second)
    await kiln.pay(session_of(first))
    await kiln.work()
    await sold_once(kiln)


async def test_06_a_basket_changed_meanwhile_closes_the_old_session(kiln: Kiln) -> None:
    browser = kiln.shop.browser()
    old = await kiln.to_pay(browser)
    assert await kiln.stock() == (5, 1)
    new = await kiln.to_pay(browser)
    assert new != old and await kiln.stock() == (5, 2)
    assert await kiln.pay(old) == "declined"
    assert await kiln.pay(new) == "done"
    await kiln.work()
    paid = [order for order in await kiln.orders() if order["is_paid"]]
    assert len(paid) == 1 and await kiln.stock() == (3, 0)
    assert (
        await database.fetch_value("SELECT amount FROM checkout_session WHERE paid_at IS NOT NULL") == paid[0]["total"]
    )
    assert await kiln.broken() == []
