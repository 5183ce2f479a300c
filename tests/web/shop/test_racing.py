"""Many hands at once: the last pieces, the double click, the webhook racing the browser."""

import asyncio
from datetime import timedelta

from components.catalog.stock import stock
from components.checkout import schedule
from components.checkout.placement import payment_return
from components.foundation import clock, database
from components.orders import completion, order_links, order_list
from tests.support import buy_products, make_products
from tests.support.shops import Shop


async def test_fifty_buyers_of_the_last_five_make_exactly_five_orders(goods: Shop) -> None:
    await make_products.product(on_hand=5)
    buyers = [goods.browser() for _ in range(50)]
    forms = []
    for buyer in buyers:
        await buy_products.put_in(buyer)
        forms.append(await buyer.get("/checkout"))
    pages = await asyncio.gather(
        *(buyer.submit(form, "/checkout", **buy_products.TYPED) for buyer, form in zip(buyers, forms, strict=True))
    )
    through = [page for page in pages if buy_products.is_pay_page(page)]
    assert len(through) == 5
    assert all("sold out" in page.words.lower() for page in pages if page not in through)
    outcomes = [await goods.pay(page) for page in through]
    await asyncio.gather(*(buyers[pages.index(p)].get(o.url) for p, o in zip(through, outcomes, strict=True)))
    await goods.catch_up()
    assert await buy_products.count("orders", "paid_at IS NOT NULL") == 5
    assert await buy_products.count("orders") == 5
    assert await database.fetch_one("SELECT on_hand, reserved FROM variant") == {"on_hand": 0, "reserved": 0}
    assert await buy_products.is_sound()


async def test_a_double_click_is_one_order_and_one_payment_page(goods: Shop) -> None:
    await make_products.product()
    guest = goods.browser()
    await buy_products.put_in(guest)
    form = await guest.get("/checkout")
    pages = await asyncio.gather(*(guest.submit(form, "/checkout", **buy_products.TYPED) for _ in range(6)))
    assert {page.path for page in pages} == {pages[0].path} and buy_products.is_pay_page(pages[0])
    assert await buy_products.count("orders") == await buy_products.count("checkout_session") == 1
    assert await database.fetch_value("SELECT reserved FROM variant") == 1


async def test_a_changed_basket_closes_the_old_payment_and_opens_another(goods: Shop) -> None:
    await make_products.product()
    guest = goods.browser()
    await buy_products.put_in(guest)
    first = await buy_products.check_out(guest)
    await buy_products.put_in(guest)
    second = await buy_products.check_out(guest)
    assert first.path != second.path and buy_products.is_pay_page(second)
    assert (await goods.pay(first)).state == "declined"
    assert (await goods.pay(second)).state == "done"
    await goods.catch_up()
    assert await buy_products.count("orders", "cancelled_at IS NOT NULL") == 1
    assert await buy_products.count("orders", "paid_at IS NOT NULL") == 1
    assert await database.fetch_one("SELECT on_hand, reserved FROM variant") == {"on_hand": 3, "reserved": 0}
    assert await buy_products.is_sound()


async def test_going_back_and_on_again_keeps_the_last_piece(goods: Shop) -> None:
    """The units held for somebody's own payment are not sold out to her."""
    await make_products.product(on_hand=1)
    guest = goods.browser()
    await buy_products.put_in(guest)
    first = await buy_products.check_out(guest)
    await goods.refresh()
    basket = await guest.get("/basket")
    assert "Go to checkout" in basket.words and "Sold out" not in basket.words
    assert (await guest.get("/checkout")).form("/checkout").given["line1"] == "4 Mill Lane"
    assert (await buy_products.check_out(guest)).path == first.path


async def test_the_last_piece_goes_to_the_first_and_comes_back_when_she_does_not_pay(goods: Shop) -> None:
    await make_products.product(on_hand=1)
    first, second = goods.browser(), goods.browser()
    await buy_products.put_in(first)
    await buy_products.put_in(second)
    form = await second.get("/checkout")
    checkout_session = await buy_products.check_out(first)
    refused = await second.submit(form, "/checkout", **buy_products.TYPED)
    assert "sold out" in refused.words.lower() and await buy_products.count("checkout_session") == 1
    with clock.frozen(clock.now() + timedelta(hours=2)):
        await schedule.expire_orders()
        assert (await goods.pay(checkout_session)).state == "declined"
    assert await database.fetch_one("SELECT on_hand, reserved FROM variant") == {"on_hand": 1, "reserved": 0}
    await goods.refresh()
    assert buy_products.is_pay_page(await buy_products.check_out(second))
    assert await buy_products.is_sound()


async def test_the_webhook_before_the_browser_and_the_browser_after_it(goods: Shop) -> None:
    await make_products.product()
    guest = goods.browser()
    await buy_products.put_in(guest)
    outcome = await goods.pay(await buy_products.check_out(guest))
    await goods.catch_up()
    assert (await buy_products.the_order()).is_paid
    assert (await guest.get(outcome.url)).heading == "Thank you, Noor."
    assert await buy_products.count("announced_fact", "name = 'OrderPaid'") == 1
    assert await buy_products.is_sound()


async def test_the_browser_long_before_the_webhook_settles_by_itself(goods: Shop) -> None:
    await make_products.product()
    guest = goods.browser()
    thanks = await buy_products.buy(goods, guest)
    assert thanks.heading == "Thank you, Noor." and (await buy_products.the_order()).is_paid
    await goods.catch_up()
    assert await buy_products.count("announced_fact", "name = 'OrderPaid'") == 1


async def test_five_hands_settle_one_order_once(goods: Shop) -> None:
    await make_products.product()
    guest = goods.browser()
    await buy_products.put_in(guest)
    outcome = await goods.pay(await buy_products.check_out(guest))
    order = await buy_products.the_order()
    assert outcome.url is not None
    await asyncio.gather(
        *(guest.get(outcome.url) for _ in range(3)),
        *(payment_return.apply_paid(order.id) for _ in range(3)),
    )
    await goods.catch_up()
    assert await buy_products.count("announced_fact", "name = 'OrderPaid'") == 1
    assert await buy_products.count("stock_movement", "kind = 'sold'") == 1
    assert await buy_products.is_sound()


async def test_expired_and_completed_in_the_wrong_order_is_paid(goods: Shop) -> None:
    """The shop gave the order up although its money was on the way: the money wins."""
    await make_products.product()
    guest = goods.browser()
    await buy_products.put_in(guest)
    outcome = await goods.pay(await buy_products.check_out(guest))
    order = await buy_products.the_order()
    await database.execute("UPDATE orders SET cancelled_at = now() WHERE id = $1", order.id)
    await database.execute("UPDATE variant SET reserved = 0")
    await database.execute("UPDATE reservation SET ended_at = now(), ended_as = 'released'")
    assert (await guest.get(outcome.url)).heading == "Thank you, Noor."
    settled = await buy_products.the_order()
    assert settled.is_paid and settled.cancelled_at is None and settled.stock_taken_at
    assert await buy_products.is_sound()


async def test_paid_but_gone_is_flagged_for_the_staff_and_can_be_refunded(goods: Shop) -> None:
    mug = (await make_products.product(on_hand=1)).variants[0]
    guest = goods.browser()
    await buy_products.put_in(guest)
    outcome = await goods.pay(await buy_products.check_out(guest))
    await database.execute("UPDATE reservation SET ended_at = now(), ended_as = 'released'")
    await database.execute("UPDATE variant SET reserved = 0")
    await stock.set_on_hand(mug.id, to=0)
    await guest.get(outcome.url)
    order = await buy_products.the_order()
    assert order.is_paid and order.is_flagged and not order.may_ship
    listed = await order_list.for_staff(state="flagged")
    assert [row.number for row in listed.rows] == [order.number]
    await stock.set_on_hand(mug.id, to=3)
    await completion.take_stock(order.id, by=None)
    assert (await buy_products.the_order()).may_ship
    assert await buy_products.is_sound()


async def test_somebody_elses_session_or_token_opens_nothing(goods: Shop) -> None:
    await make_products.product()
    noor, theo = goods.browser(), goods.browser()
    await buy_products.buy(goods, noor)
    hers = await buy_products.the_order()
    await buy_products.buy(goods, theo)
    session = await database.fetch_value(
        "SELECT stripe_session_id FROM checkout_session WHERE reference_id = $1", hers.id
    )
    other = order_links.token(await database.fetch_value("SELECT id FROM orders WHERE id <> $1", hers.id))
    assert (await theo.get(f"/orders/{other}?session_id={session}")).status == 404
    assert (await theo.get(f"/orders/{other}?session_id=cs_unknown")).status == 404
    assert (await theo.get(f"/orders/{'a' * 43}")).status == 404
    assert (await theo.get(f"/orders/{other}")).status == 200
