"""What can happen between the basket and the money."""

import asyncio

import pytest

from components.catalog.product_details import VariantDetails
from components.catalog.products import variants
from components.catalog.snapshot import snapshot_refresh
from components.catalog.stock import stock
from components.foundation import database
from components.foundation.refusals import Refusal
from components.orders import completion, order_links, queries
from components.orders.refunds import refund_requests, refunds
from components.pricing import invariants
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails
from tests.scenarios.conftest import HOME, Kiln, session_of
from tests.support import make_products, people
from tests.support.make_products import on_hand


async def repriced(kiln: Kiln, price: int) -> None:
    mug = snapshot_refresh.snapshot().product("moon-mug")
    assert mug is not None
    await variants.revise(mug.lead.id, VariantDetails(price=price, on_hand=5))
    await kiln.shop.refresh()


async def test_07_a_price_changed_before_paying_is_shown_before_there_is_a_session(kiln: Kiln) -> None:
    browser = kiln.shop.browser()
    ready = await kiln.to_checkout(browser)
    assert "27.95" in ready.prices()
    await repriced(kiln, 2600)
    answer = await browser.submit(ready, "/checkout", **HOME)
    assert (
        answer.status == 409
        and "29.95" in answer.prices()
        and "Please check it again before you pay" in answer.alerts()
    )
    assert await database.fetch_value("SELECT count(*) FROM checkout_session") == 0 and await kiln.orders() == []
    session_id = session_of(await browser.submit(answer, "/checkout", **HOME))
    assert await kiln.pay(session_id) == "done"
    await kiln.work()
    (order,) = await kiln.orders()
    assert order["is_paid"] and order["total"] == 2995
    assert await kiln.broken() == []


@pytest.mark.parametrize("price", [2600, 2000])
async def test_07_an_open_session_keeps_what_was_agreed(kiln: Kiln, price: int) -> None:
    browser = kiln.shop.browser()
    session_id = await kiln.to_pay(browser)
    await repriced(kiln, price)
    assert await kiln.pay(session_id) == "done"
    page = await kiln.come_back(browser, session_id)
    assert page.heading.startswith("Thank you") and "27.95" in page.prices()
    await kiln.work()
    (order,) = await kiln.orders()
    assert order["is_paid"] and order["total"] == 2795 and not order["flag"]
    assert await database.fetch_value("SELECT received FROM mirrored_payment") == 2795
    assert await kiln.broken() == []


async def test_07_back_from_an_open_session_the_new_price_closes_it(kiln: Kiln) -> None:
    browser = kiln.shop.browser()
    old = await kiln.to_pay(browser)
    await repriced(kiln, 2600)
    page = await browser.get("/checkout")
    assert "29.95" in page.prices()
    new = session_of(await browser.submit(page, "/checkout", **HOME))
    assert new != old and await kiln.pay(old) == "declined" and await kiln.pay(new) == "done"
    await kiln.work()
    assert [order["total"] for order in await kiln.orders() if order["is_paid"]] == [2995]
    assert await kiln.broken() == []


async def test_09_of_two_buyers_of_the_last_piece_the_second_is_told_and_an_unpaid_one_goes_back(kiln: Kiln) -> None:
    await make_products.product("Moon jar", price=12000, on_hand=1)
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
    jar = await make_products.product("Moon jar", price=12000, on_hand=1)
    browsers = [kiln.shop.browser() for _ in range(4)]
    ready = [await kiln.to_checkout(browser, "moon-jar") for browser in browsers]
    answers = await asyncio.gather(
        *(browser.submit(page, "/checkout", **HOME) for browser, page in zip(browsers, ready, strict=True))
    )
    assert sum("/offline-payments" in answer.path for answer in answers) == 1
    assert await on_hand(jar.variants[0].id) == (1, 1)


async def test_11_stock_counted_down_to_nothing_while_somebody_pays_keeps_her_piece(kiln: Kiln) -> None:
    """A piece that is being paid for is not on the shelf any more: a count cannot take it away."""
    jar = await make_products.product("Moon jar", price=12000, on_hand=1)
    session_id = await kiln.to_pay(kiln.shop.browser(), "moon-jar")
    with pytest.raises(Refusal):
        await stock.set_on_hand(jar.lead.id, to=0)
    assert await kiln.pay(session_id) == "done"
    await kiln.work()
    assert (await kiln.orders())[0]["is_paid"] and await kiln.stock("moon-jar") == (0, 0)
    assert await kiln.broken() == []


async def test_11_paid_with_nothing_left_is_one_task_and_one_refund(kiln: Kiln) -> None:
    """Her time to pay ran out, the shelf was counted to nothing, and then the news of her payment came."""
    jar = await make_products.product("Moon jar", price=12000, on_hand=1)
    session_id = await kiln.to_pay(kiln.shop.browser(), "moon-jar")
    assert await kiln.pay(session_id) == "done"
    (order,) = await kiln.orders()
    await stock.release(order["id"])
    await stock.set_on_hand(jar.lead.id, to=0)
    await asyncio.gather(*(completion.complete(order["id"]) for _ in range(3)))
    for _ in range(2):
        await kiln.work()
    (order,) = await kiln.orders()
    assert order["is_paid"] and order["stock_taken_at"] is None
    assert "out of stock" in order["flag"] and await announced("OrderFlagged") == 1
    assert await kiln.stock("moon-jar") == (0, 0)

    whole = await queries.by_id(order["id"])
    assert whole is not None
    refund = refund_requests.whole_order(whole, restocks=False)
    await asyncio.gather(*(refunds.create(whole.id, refund, by=None, key=whole.id) for _ in range(3)))
    await kiln.work()
    assert await database.fetch("SELECT amount FROM mirrored_refund") == [{"amount": whole.total}]
    assert await kiln.stock("moon-jar") == (0, 0) and await kiln.broken() == []


async def announced(name: str) -> int:
    return int(await database.fetch_value("SELECT count(*) FROM announced_fact WHERE name = $1", name))


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
    browser = kiln.shop.browser()
    session_id = await kiln.to_pay(browser)
    await kiln.pay(session_id, "10880033333335")
    page = await kiln.come_back(browser, session_id)
    await kiln.work()
    kiln.later(days=4)
    await kiln.work()
    (order,) = await kiln.orders()
    assert not order["is_paid"] and order["cancelled_at"] is not None and await kiln.stock() == (5, 0)
    page = await browser.get(page.path.split("?")[0])
    assert page.heading == "This order was not paid" and "Your bank didn’t make the payment" in page.words
    assert "time to pay ran out" not in page.words
    (told,) = await database.fetch("SELECT recipient, text FROM email WHERE template = 'payment_not_made'")
    await people.owner("iris@kiln.test")
    staff = await kiln.shop.signed_in("iris@kiln.test")
    seen = (await staff.get(f"/staff/orders/{order['number']}")).words
    assert "The customer’s bank did not make the payment; stock released" in seen and "paid in time" not in seen
    assert f"for your order {order['number']}. You haven't been charged" in " ".join(told["text"].split())
    assert "The order is cancelled" in told["text"] and "/orders/" in told["text"]
    assert await kiln.broken() == []


async def test_14_money_on_its_way_and_what_the_bank_does_not_know_keep_no_other_order_from_expiring(
    kiln: Kiln, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Orders that wait for a bank's debit do so for days, and are the oldest: those behind them give back units."""
    monkeypatch.setattr(completion, "A_LOT", 1)
    for _ in range(2):
        assert await kiln.pay(await kiln.to_pay(kiln.shop.browser()), "10880000012345") == "done"
    await kiln.work()
    unknown = await kiln.to_pay(kiln.shop.browser())
    lost = "UPDATE checkout_session SET stripe_session_id = 'cs_gone' WHERE stripe_session_id = $1"
    await database.execute(lost, unknown)
    await kiln.to_pay(kiln.shop.browser())
    assert await kiln.stock() == (5, 4)
    kiln.later(hours=1)
    assert await completion.expire_overdue() == 4
    assert await kiln.stock() == (5, 3)
    kiln.later(days=4)
    await kiln.work()
    assert await kiln.stock() == (3, 1) and [row["is_paid"] for row in await kiln.orders()].count(True) == 2


@pytest.mark.parametrize("sent", ["theirs", "cs_test_unknown", "", "x" * 300, "'; DROP TABLE orders; --"])
async def test_15_somebody_elses_session_is_the_same_404_as_an_unknown_one(kiln: Kiln, sent: str) -> None:
    theirs = await kiln.to_pay(kiln.shop.browser())
    browser = kiln.shop.browser()
    await kiln.to_pay(browser)
    await kiln.pay(theirs)
    mine = order_links.token((await kiln.orders())[1]["id"])
    answer = await browser.get(f"/orders/{mine}", params={"session_id": theirs if sent == "theirs" else sent})
    assert answer.status == 404
    assert [order["is_paid"] for order in await kiln.orders()] == [False, False]


async def test_15_somebody_elses_joining_opens_nothing(kiln: Kiln) -> None:
    maya, theo = kiln.shop.browser(), kiln.shop.browser()
    to_pay = []
    for browser, email in ((maya, "maya@example.org"), (theo, "theo@example.org")):
        asked = await browser.submit(await browser.get("/join/monthly"), "/join/monthly", email=email)
        page = await people.enters_code(kiln.shop, browser, asked)
        to_pay.append(session_of(await browser.submit(page, "/join/monthly")))
    hers = to_pay[0]
    await kiln.pay(hers)
    answer = await theo.get("/account/membership/welcome", params={"session_id": hers})
    assert answer.status == 404
    await kiln.work()
    members = "SELECT email FROM membership JOIN person ON person.id = membership.holder"
    assert [row["email"] for row in await database.fetch(members)] == ["maya@example.org"]


async def test_17_of_two_at_once_one_gets_the_last_use_of_a_coupon(kiln: Kiln) -> None:
    await editing.create(
        CouponDetails(code="FIRSTFIRE", words="£5 off", discount_type="amount", value=500, limit_total=1)
    )
    browsers = [kiln.shop.browser() for _ in range(2)]
    ready = []
    for number, browser in enumerate(browsers):
        await kiln.to_checkout(browser)
        await browser.submit(await browser.get("/basket"), "/basket/coupon", coupon="firstfire")
        ready.append((browser, await browser.get("/checkout"), {**HOME, "email": f"buyer{number}@example.org"}))
    answers = await asyncio.gather(*(browser.submit(page, "/checkout", **typed) for browser, page, typed in ready))
    paying = [answer for answer in answers if "/offline-payments" in answer.path]
    refused = [answer for answer in answers if answer not in paying]
    assert len(paying) == len(refused) == 1 and refused[0].status in (409, 422)
    assert "27.95" in refused[0].prices() and "22.95" in paying[0].text
    assert await kiln.pay(session_of(paying[0])) == "done"
    await kiln.work()
    assert [order["coupon"] for order in await kiln.orders()] == [500]
    assert await database.fetch_value("SELECT used FROM coupon") == 1
    assert await kiln.broken() == [] and await invariants.invariants() == []


async def test_18_what_costs_nothing_is_ordered_without_a_payment(kiln: Kiln) -> None:
    await make_products.product("Sample tile", price=0, on_hand=3, needs_delivery=False)
    browser = kiln.shop.browser()
    answer = await browser.submit(await kiln.to_checkout(browser, "sample-tile"), "/checkout", **HOME)
    assert answer.heading == "Thank you, Noor."
    await kiln.work()
    (order,) = await kiln.orders()
    assert order["is_paid"] and order["total"] == 0 and order["payment_reference"] is None
    assert await kiln.stock("sample-tile") == (2, 0)
    assert await database.fetch_value("SELECT count(*) FROM checkout_session") == 0
    assert await kiln.broken() == []
