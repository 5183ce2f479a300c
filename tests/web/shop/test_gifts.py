"""Gifts in the basket: claimed as a line that costs nothing, sent with the order, and given once."""

import asyncio
from datetime import timedelta

from components.catalog.snapshot import snapshot_refresh
from components.catalog.stock import stock
from components.checkout import schedule
from components.checkout.placement import order_placement
from components.foundation import clock, database, ids
from components.foundation.refusals import Refusal
from components.insights import reward_invariants
from components.ledger import invariants as ledger_invariants
from components.memberships.entitlements import savings
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.orders.refunds import refund_requests, refunds
from components.rewards import free_products
from tests.support import buy_products, fill_basket, give_benefits, make_products
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.shop.test_credit import seen


async def joined(goods: Shop, *, on_hand: int = 5) -> tuple[object, Browser]:
    """Maya, who has joined a plan that gives a cup for joining."""
    cup = await make_products.product("Little cup", price=900, on_hand=on_hand)
    await give_benefits.plan(
        ("gift", "A cup to begin with", {"occasion": "joining", "variants": [cup.lead.id], "days": 30})
    )
    return await give_benefits.member(goods)


async def claimed(browser: Browser) -> Page:
    basket = await browser.get("/basket")
    action = next(f.get("action") for f in basket.tree.iter("form") if "/basket/gifts/" in (f.get("action") or ""))
    return await browser.submit(basket, action)


async def test_a_gift_waits_in_the_basket_and_is_sent_for_nothing(goods: Shop) -> None:
    await make_products.product()
    maya, browser = await joined(goods)
    assert "A cup to begin with" in (await browser.get("/account/gifts")).words
    await buy_products.put_in(browser)
    basket = await claimed(browser)
    assert "Your gift: A cup to begin with" in basket.words and "Gifts −£9.00" in basket.words
    await goods.pay(await buy_products.check_out(browser))
    await goods.catch_up()
    order = await buy_products.the_order()
    gift = order.lines[1]
    assert (gift.title, gift.total, gift.saved, gift.why) == ("Little cup", 0, 900, "A cup to begin with")
    assert order.total == 2400 + 395 and order.member_savings == 900
    assert await database.fetch_value("SELECT on_hand FROM variant WHERE price = 900") == 4
    assert await savings.total(maya) == 900
    assert "Gifts you've received Little cup" in (await browser.get("/account/gifts")).words
    assert "Your gift:" not in (await browser.get("/basket")).words
    assert await buy_products.is_sound() and await reward_invariants.of_rewards() == []


async def test_a_gift_alone_may_be_ordered_for_its_delivery(goods: Shop) -> None:
    maya, browser = await joined(goods)
    await give_benefits.credit(maya, 395)
    await claimed(browser)
    assert (await buy_products.check_out(browser)).heading.startswith("Thank you")
    assert (await buy_products.the_order()).total == 395 and await reward_invariants.of_rewards() == []


async def test_a_gift_does_not_make_delivery_free(goods: Shop) -> None:
    cup = await make_products.product("Great vase", price=9000)
    await make_products.product()
    await give_benefits.plan(("gift", "A vase", {"occasion": "joining", "variants": [cup.lead.id], "days": 30}))
    _, browser = await give_benefits.member(goods)
    await buy_products.put_in(browser)
    assert "£27.95" in (await claimed(browser)).words


async def test_a_sold_out_gift_goes_on_waiting_and_does_not_hold_up_the_order(goods: Shop) -> None:
    await make_products.product()
    _, browser = await joined(goods, on_hand=1)
    await buy_products.put_in(browser)
    await claimed(browser)
    cup = next(one for one in snapshot_refresh.snapshot().products if one.title == "Little cup")
    await stock.set_on_hand(cup.lead.id, to=0)
    await goods.refresh()
    basket = await browser.get("/basket")
    assert "Currently sold out. We’ll keep it here for you." in basket.words and "Go to checkout" in basket.words
    await goods.pay(await buy_products.check_out(browser))
    await goods.catch_up()
    assert len((await buy_products.the_order()).lines) == 1


async def test_the_last_piece_is_not_both_bought_and_given(goods: Shop) -> None:
    _, browser = await joined(goods, on_hand=1)
    await buy_products.put_in(browser, "little-cup")
    assert "Currently sold out. We’ll keep it here for you." in (await browser.get("/basket")).words
    assert buy_products.is_pay_page(await buy_products.check_out(browser))


async def test_an_order_that_is_not_paid_leaves_the_gift_waiting(goods: Shop) -> None:
    await make_products.product()
    maya, browser = await joined(goods)
    await buy_products.put_in(browser)
    await claimed(browser)
    first = await buy_products.check_out(browser)
    assert "Your gift: A cup" in (await browser.get("/basket")).words, "her own payment keeps it"
    assert (await buy_products.check_out(browser)).path == first.path
    with clock.frozen(clock.now() + timedelta(hours=2)):
        await schedule.expire_orders()
    assert (await free_products.waiting_gifts(maya))[0].order_id is None
    assert await buy_products.is_sound() and await reward_invariants.of_rewards() == []


async def test_a_gift_that_came_back_waits_again(goods: Shop) -> None:
    await make_products.product()
    maya, browser = await joined(goods)
    await buy_products.put_in(browser)
    await claimed(browser)
    await goods.pay(await buy_products.check_out(browser))
    await goods.catch_up()
    order = await buy_products.the_order()
    made = await refunds.create(order.id, refund_requests.whole_order(order, restocks=True), by=None, key=ids.new())
    await refunds.send(made.id)
    await goods.catch_up()
    (again,) = await free_products.waiting_gifts(maya)
    assert again.chosen is None and await savings.total(maya) == 0
    assert await database.fetch_value("SELECT on_hand FROM variant WHERE price = 900") == 5
    assert await buy_products.is_sound() and await reward_invariants.of_rewards() == []


async def test_fifty_baskets_with_one_gift_and_one_order_has_it(goods: Shop) -> None:
    mug = await make_products.product(on_hand=100)
    maya, browser = await joined(goods, on_hand=50)
    await claimed(browser)
    await give_benefits.credit(maya, 2795 * 60)
    who = await fill_basket.shopper(maya)
    tokens = [await fill_basket.basket_of(mug.lead.id) for _ in range(50)]
    forms = [await seen(token, who) for token in tokens]

    async def check_out(token: str, form: order_placement.Details) -> None:
        try:
            await fill_basket.place(token, form, who)
        except Refusal:
            return

    await asyncio.gather(*(check_out(t, f) for t, f in zip(tokens, forms, strict=True)))
    assert await buy_products.count("order_line", "gift IS NOT NULL") == 1
    assert await buy_products.count("gift", "claimed_at IS NOT NULL") == 1
    assert (
        await buy_products.is_sound()
        and await reward_invariants.of_rewards() == []
        and await ledger_invariants.invariants() == []
    )


async def test_somebody_elses_gift_is_as_unknown_as_none(goods: Shop) -> None:
    maya, _ = await joined(goods)
    theo = await fill_basket.person("theo@kiln.test", "Theo")
    other = await goods.signed_in("theo@kiln.test")
    (gift,) = await free_products.waiting_gifts(maya)
    page = await other.post(f"/basket/gifts/{gift.id}", {"variant": str(gift.offered[0])})
    assert "has already been claimed" in page.words
    await other.post(f"/basket/gifts/{gift.id}/removal")
    assert (await free_products.waiting_gifts(maya))[0].chosen is None and await free_products.waiting_gifts(theo) == ()
    guest = goods.browser()
    assert (await guest.post(f"/basket/gifts/{gift.id}", {"variant": str(gift.offered[0])})).status == 401


async def test_joining_again_gives_no_second_gift(goods: Shop) -> None:
    maya, _ = await joined(goods)
    await database.execute("UPDATE membership SET ends_at = starts_at + interval '1 day'")
    await database.execute("UPDATE entitlement SET until_at = from_at + interval '1 day'")
    with clock.frozen(clock.now() + timedelta(days=3)):
        await complimentary.grant(maya, plan_catalogue.by_slug("annual"), until=None, by=maya)
        await goods.catch_up()
    assert await buy_products.count("gift") == 1


async def test_a_gift_takes_nothing_out_of_the_basket_but_itself(goods: Shop) -> None:
    _, browser = await joined(goods)
    await buy_products.put_in(browser, "little-cup")
    await claimed(browser)
    checkout_session = await buy_products.check_out(browser)
    await buy_products.put_in(browser, "little-cup")
    await goods.pay(checkout_session)
    await goods.catch_up()
    assert await database.fetch_value("SELECT quantity FROM basket_line") == 1
