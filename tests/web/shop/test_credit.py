"""Store credit at the checkout: shown, kept, spent, given back, and exact whoever else is paying."""

import asyncio
from datetime import timedelta

from components.catalog.snapshot import snapshot_refresh
from components.checkout import schedule
from components.checkout.basket import basket_context, priced_basket
from components.checkout.basket.priced_basket import Shopper
from components.checkout.placement import order_placement
from components.foundation import clock, ids
from components.foundation.refusals import Refusal
from components.insights.metrics import money_in
from components.ledger import balances, invariants, reservations
from components.orders import order_rewards
from components.orders.facts import OrderPaid
from components.orders.refunds import refund_requests, refunds
from tests.support import buy_products, fill_basket, give_benefits, make_products, people
from tests.support.shops import Shop

CASHBACK = ("cashback", "3% back", {"rate": 300, "cap": 2000, "each": "year", "days": 365})


async def test_credit_is_a_line_of_the_sum_and_the_rest_is_paid(goods: Shop) -> None:
    await make_products.product()
    await give_benefits.plan(CASHBACK)
    maya, browser = await give_benefits.member(goods)
    await give_benefits.credit(maya, 1000)
    await buy_products.put_in(browser)
    assert "Store credit used −£10.00" in (await browser.get("/basket")).words
    checkout = await browser.get("/checkout")
    assert "You have £10.00 in store credit" in checkout.words and "£17.95" in checkout.words
    outcome = await goods.pay(await buy_products.check_out(browser))
    order = await buy_products.the_order()
    assert (order.total, order.credit, order.to_pay) == (2795, 1000, 1795)
    thanks = await browser.get(outcome.url)
    assert thanks.heading.startswith("Thank you") and "Paid with store credit £10.00 Paid" in thanks.words
    assert "Store credit used" not in thanks.words
    await goods.catch_up()
    assert await give_benefits.spendable(maya) == 0
    assert await buy_products.is_sound() and await invariants.invariants() == []


async def test_an_order_that_leaves_nothing_to_pay_needs_no_payment_page(goods: Shop) -> None:
    await make_products.product()
    await give_benefits.plan(CASHBACK)
    maya, browser = await give_benefits.member(goods)
    await give_benefits.credit(maya, 5000)
    await buy_products.put_in(browser)
    last = (await browser.get("/checkout")).words
    assert "Place order There’s nothing left to pay" in last and "You’ll pay on the next page" not in last
    thanks = await buy_products.check_out(browser)
    assert thanks.heading == "Thank you, Noor." and thanks.path.startswith("/orders/")
    assert await buy_products.count("checkout_session") == 0 and await give_benefits.spendable(maya) == 5000 - 2795
    await goods.catch_up()
    assert (await balances.for_person(maya)).pending == 0, "what is paid with credit earns none"
    order = await buy_products.the_order()
    made = await refunds.create(order.id, refund_requests.whole_order(order, restocks=True), by=None, key=ids.new())
    await refunds.send(made.id)
    await goods.catch_up()
    assert (await buy_products.the_order()).state == "refunded" and await give_benefits.spendable(maya) == 5000
    page = (await browser.get(thanks.path)).words
    assert "Total £27.95 Paid with store credit £27.95 Paid £0.00" in page
    assert "Given back as store credit £27.95" in page and "Refunded £" not in page
    told = await people.letter("order_refunded")
    assert "as store credit." in told and "Banks" not in told
    assert await buy_products.is_sound() and await invariants.invariants() == []


async def test_what_is_left_to_pay_is_nothing_or_enough_for_a_card(goods: Shop) -> None:
    await make_products.product()
    await give_benefits.plan(CASHBACK)
    maya, browser = await give_benefits.member(goods)
    await give_benefits.credit(maya, 2794)
    await buy_products.put_in(browser)
    assert buy_products.is_pay_page(await buy_products.check_out(browser))
    assert (await buy_products.the_order()).to_pay == 50


async def test_credit_may_be_kept_for_another_time(goods: Shop) -> None:
    await make_products.product()
    await give_benefits.plan(CASHBACK)
    maya, browser = await give_benefits.member(goods)
    await give_benefits.credit(maya, 1000)
    await buy_products.put_in(browser)
    part = await browser.post_for_part("/checkout/choices", {"country": "GB", "keeps_credit": "on"})
    assert "£27.95" in part.words and "Store credit used" not in part.words
    await buy_products.check_out(browser, keeps_credit="on")
    assert (await buy_products.the_order()).credit == 0 and await give_benefits.spendable(maya) == 1000


async def test_it_is_kept_while_being_paid_and_free_again_when_it_is_not(goods: Shop) -> None:
    await make_products.product()
    await give_benefits.plan(CASHBACK)
    maya, browser = await give_benefits.member(goods)
    await give_benefits.credit(maya, 1000)
    await buy_products.put_in(browser)
    first = await buy_products.check_out(browser)
    assert await give_benefits.spendable(maya) == 0
    assert "Store credit used −£10.00" in (await browser.get("/basket")).words, "her own payment keeps it"
    assert (await buy_products.check_out(browser)).path == first.path
    with clock.frozen(clock.now() + timedelta(hours=2)):
        await schedule.expire_orders()
    assert await give_benefits.spendable(maya) == 1000
    assert await buy_products.is_sound() and await invariants.invariants() == []


async def test_a_changed_basket_takes_its_credit_along(goods: Shop) -> None:
    await make_products.product()
    await give_benefits.plan(CASHBACK)
    maya, browser = await give_benefits.member(goods)
    await give_benefits.credit(maya, 1000)
    await buy_products.put_in(browser)
    await buy_products.check_out(browser)
    await buy_products.put_in(browser)
    await goods.pay(await buy_products.check_out(browser))
    await goods.catch_up()
    assert await give_benefits.spendable(maya) == 0
    assert await buy_products.count("orders", "credit = 1000") == 2
    assert await buy_products.is_sound() and await invariants.invariants() == []


async def test_credit_spent_in_another_window_is_refused_in_words(goods: Shop) -> None:
    await make_products.product()
    await give_benefits.plan(CASHBACK)
    maya, browser = await give_benefits.member(goods)
    await give_benefits.credit(maya, 1000)
    await buy_products.put_in(browser)
    form = await browser.get("/checkout")
    await reservations.reserve(ids.new(), person_id=maya, amount=400, words="Order")
    refused = await browser.submit(form, "/checkout", **buy_products.TYPED)
    assert refused.status == 409 and "Something has changed" in refused.words and "£21.95" in refused.words


async def test_a_hundred_checkouts_spend_one_balance_exactly(goods: Shop) -> None:
    """A hundred baskets of one person, each worth her whole credit: it is spent once."""
    await make_products.product(on_hand=500)
    maya = await fill_basket.person("maya@kiln.test", "Maya")
    await give_benefits.credit(maya, 2795 * 7)
    variant = snapshot_refresh.snapshot().products[0].variants[0].id
    who = await fill_basket.shopper(maya)
    baskets = [await fill_basket.basket_of(variant) for _ in range(100)]
    details = [await seen(token, who) for token in baskets]

    async def check_out(token: str, form: order_placement.Details) -> bool:
        try:
            placed = await fill_basket.place(token, form, who)
        except Refusal:
            return False
        return placed.order.is_paid and placed.order.credit == 2795

    through = await asyncio.gather(*(check_out(t, d) for t, d in zip(baskets, details, strict=True)))
    credit = await buy_products.count("orders", "paid_at IS NOT NULL AND credit = 2795")
    assert sum(through) == credit == 7
    spent = 2795 * credit
    assert await give_benefits.spendable(maya) == 2795 * 7 - spent
    assert await buy_products.is_sound() and await invariants.invariants() == []


async def seen(token: str, who: Shopper) -> order_placement.Details:
    context = await basket_context.load(token, person_id=who.person_id, at=who.at)
    method = next(one for one in context.terms.methods if one.name == "Standard")
    shown = priced_basket.price(context, who, country="GB", method_id=method.id)
    return order_placement.Details(
        email="maya@kiln.test",
        address=fill_basket.HOME,
        method_id=method.id,
        form_key=ids.new(),
        seen=order_placement.fingerprint(shown),
    )


async def test_cashback_is_of_goods_paid_in_money_before_tax_and_delivery(goods: Shop) -> None:
    await make_products.product(price=12000)
    await give_benefits.plan(CASHBACK)
    maya, browser = await give_benefits.member(goods)
    await give_benefits.credit(maya, 6000)
    await buy_products.put_in(browser)
    await goods.pay(await buy_products.check_out(browser))
    await goods.catch_up()
    order = await buy_products.the_order()
    assert (order.total, order.delivery) == (12000, 0)
    assert (await balances.for_person(maya)).pending == 150, "3% of half of £100 before tax"
    page = await browser.get("/account/credit")
    assert "Cashback earned" in page.words and f"3% back on order {order.number}" in page.words
    assert "Reserved for an order" in page.words and "A kindness" in page.words


async def test_a_refund_gives_back_both_and_takes_cashback_back_by_its_share(goods: Shop) -> None:
    await make_products.product(price=12000, on_hand=3)
    await give_benefits.plan(CASHBACK)
    maya, browser = await give_benefits.member(goods)
    await give_benefits.credit(maya, 8000)
    await buy_products.put_in(browser, quantity=2)
    await goods.pay(await buy_products.check_out(browser))
    await goods.catch_up()
    pending = (await balances.for_person(maya)).pending
    assert pending == 400, "3% of two thirds of £200"
    order = await buy_products.the_order()
    for units, credit, left in ((1, 4000, 200), (1, 8000, 0)):
        order = await buy_products.the_order()
        wish = refund_requests.for_units(order, {order.lines[0].id: units}, restocks=True)
        made = await refunds.create(order.id, wish, by=None, key=ids.new())
        await refunds.send(made.id)
        await goods.catch_up()
        purse = await balances.for_person(maya)
        assert (purse.spendable, purse.pending) == (credit, left)
    order = await buy_products.the_order()
    assert order.state == "refunded" and [one.money for one in order.refunds] == [8000, 8000]
    assert await buy_products.is_sound() and await invariants.invariants() == []
    letters = await buy_products.count(
        "email", "text LIKE '%£40.00 as store credit and the rest to your original payment method%'"
    )
    assert letters == 2
    parts = {one.name: (one.count, one.amount) for one in await money_in.parts(30)}
    assert (parts["Orders"], parts["Refunds of orders"]) == ((1, 16000), (2, -16000)), "credit is no money, either way"


REFUND_FAILS = "4000000000005126"


async def test_a_refund_that_fails_after_all_takes_everything_back_and_may_be_made_again(goods: Shop) -> None:
    await make_products.product(price=12000, on_hand=3)
    await give_benefits.plan(CASHBACK)
    maya, browser = await give_benefits.member(goods)
    await give_benefits.credit(maya, 4000)
    await buy_products.put_in(browser)
    await goods.pay(await buy_products.check_out(browser), REFUND_FAILS)
    await goods.catch_up()
    before = await balances.for_person(maya)
    for _ in range(2):
        order = await buy_products.the_order()
        made = await refunds.create(
            order.id, refund_requests.whole_order(order, restocks=False), by=None, key=ids.new()
        )
        await refunds.send(made.id)
        await goods.catch_up()
        purse = await balances.for_person(maya)
        assert (purse.spendable, purse.pending) == (4000, 0)
        clock.set_everywhere(clock.now() + timedelta(days=10))
        await goods.catch_up()
        assert await balances.for_person(maya) == before
        assert await buy_products.is_sound() and await invariants.invariants() == []
    assert await buy_products.count("announced_fact", "name = 'RefundFailed'") == 2
    told = "template = 'refund_not_received' AND text LIKE '%The £40.00 of store credit that came with it%'"
    assert await buy_products.count("email", told) == 2


async def test_a_refund_heard_of_before_the_payment_ends_the_same(goods: Shop) -> None:
    await make_products.product()
    await give_benefits.plan(CASHBACK)
    maya, browser = await give_benefits.member(goods)
    await buy_products.put_in(browser)
    outcome = await goods.pay(await buy_products.check_out(browser))
    await browser.get(outcome.url)
    order = await buy_products.the_order()
    made = await refunds.create(order.id, refund_requests.whole_order(order, restocks=True), by=None, key=ids.new())
    await refunds.send(made.id)
    for _ in range(2):
        await order_rewards.order_paid(OrderPaid(order.id))
    purse = await balances.for_person(maya)
    assert purse.is_empty and await invariants.invariants() == []


async def test_credit_of_one_person_is_never_another_persons(goods: Shop) -> None:
    await make_products.product()
    await give_benefits.plan(CASHBACK)
    maya, _ = await give_benefits.member(goods)
    _, theo = await give_benefits.member(goods, "theo@kiln.test")
    await give_benefits.credit(maya, 1000)
    await buy_products.put_in(theo)
    for address in ("/basket", "/checkout", "/account/credit"):
        page = await theo.get(address)
        assert "£10.00" not in page.words and "A kindness" not in page.words
    assert (await goods.browser().get("/account/credit")).path.startswith("/sign-in")
