"""Stripe does not answer, or says no: nothing is charged twice, nothing is lost, and words say what happened."""

from datetime import timedelta

import pytest

from components.foundation import clock, database, ids
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from components.orders.refunds import refund_requests, refunds
from components.orders.refunds.refund_requests import RefundRequest
from components.payments.payment_refusals import OutcomeUnknown
from tests.support import buy_products, make_products, patience, people
from tests.support.shops import Shop
from web.standin.http.faults import Kind as FaultKind


@pytest.mark.parametrize("fault", ["unavailable", "rate_limit"])
async def test_the_shopper_tries_again_and_pays_the_same_order(goods: Shop, fault: FaultKind) -> None:
    await make_products.product()
    guest = goods.browser()
    await buy_products.put_in(guest)
    goods.stand_in.fault(fault, times=9)
    refused = await buy_products.check_out(guest)
    assert refused.status == 503 and "no payment was taken by this attempt" in refused.alerts()
    goods.stand_in.fault(fault, times=0)
    checkout_session = await guest.submit(refused, "/checkout")
    assert buy_products.is_pay_page(checkout_session)
    outcome = await goods.pay(checkout_session)
    assert (await guest.get(outcome.url)).heading == "Thank you, Noor."
    assert await buy_products.count("orders") == 1
    await goods.catch_up()
    assert await buy_products.is_sound()


async def test_a_declined_card_is_followed_by_a_good_one(goods: Shop) -> None:
    await make_products.product()
    guest = goods.browser()
    await buy_products.put_in(guest)
    checkout_session = await buy_products.check_out(guest)
    assert (await goods.pay(checkout_session, card="4000000000000002")).state == "declined"
    outcome = await goods.pay(checkout_session)
    assert (await guest.get(outcome.url)).heading == "Thank you, Noor."
    await goods.catch_up()
    assert await buy_products.is_sound()


async def test_the_order_page_before_any_payment_leads_back_to_it(goods: Shop) -> None:
    await make_products.product()
    guest = goods.browser()
    await buy_products.put_in(guest)
    checkout_session = await buy_products.check_out(guest)
    page = await guest.get(f"/orders/{(await buy_products.the_order()).token}")
    assert page.heading == "Not paid yet"
    assert any(link.endswith(checkout_session.path) for link in page.links())


@pytest.mark.parametrize("fault", ["unavailable", "silent"])
async def test_whoever_has_paid_while_stripe_cannot_be_asked_is_not_told_that_they_have_not(
    goods: Shop, fault: FaultKind
) -> None:
    await make_products.product()
    guest = goods.browser()
    await buy_products.put_in(guest)
    outcome = await goods.pay(await buy_products.check_out(guest))
    goods.stand_in.fault(fault, times=99, amount=0.5)
    with patience.of(reads=0.2, per_read=0.2):
        page = await guest.get(outcome.url)
        assert page.heading == "We’re checking your payment" and "please don’t pay again" in page.words
        assert "been charged" not in page.words and "Not paid" not in page.words
        again = await guest.post(f"{page.path.split('?')[0]}/payment")
        assert again.heading == "We’re checking your payment", "no second page is opened beside it"
    goods.stand_in.fault(fault, times=0)
    assert (await guest.get(page.path)).heading == "Thank you, Noor."
    assert await buy_products.count("checkout_session") == 1


@pytest.mark.parametrize("is_once", [False, True])
async def test_whoever_has_joined_while_stripe_cannot_be_asked_is_not_told_to_pay(shop: Shop, is_once: bool) -> None:
    await plans.create(
        slug="season",
        name="Season",
        summary="",
        price=2500,
        interval="month",
        interval_count=6,
        is_once=is_once,
        by=None,
    )
    plan = plan_catalogue.by_slug("season")
    await people.customer("maya@kiln.test")
    maya = await shop.signed_in("maya@kiln.test")
    outcome = await shop.pay(await maya.submit(await maya.get(f"/join/{plan.slug}"), f"/join/{plan.slug}"))
    shop.stand_in.fault("unavailable", times=99)
    with patience.of(reads=0.2, per_read=0.2):
        page = await maya.get(outcome.url)
    assert page.heading == "We’re checking your payment" and "haven't finished" not in page.words
    assert not any("offline-payments/pay" in link for link in page.links())
    shop.stand_in.fault("unavailable", times=0)
    welcome = await maya.get("/account/membership/welcome")
    assert welcome.heading.startswith("Welcome to") and "Your benefits" not in welcome.words, "the plan has none"
    assert ("It lasts until 1 September 2027 and doesn’t renew." in welcome.words) is is_once


async def test_a_refund_waits_for_stripe_and_is_made_once(goods: Shop) -> None:
    await make_products.product()
    await buy_products.buy(goods, goods.browser())
    order = await buy_products.the_order()
    goods.stand_in.fault("unavailable", times=1000)
    made = await refunds.create(order.id, refund_requests.whole_order(order, restocks=False), by=None, key=ids.new())
    with patience.of(writes=0.1, first_pause=0.01), pytest.raises(OutcomeUnknown):
        await refunds.send(made.id)
    goods.stand_in.fault("unavailable", times=0)
    assert (await buy_products.the_order()).left == 0
    await refunds.send(made.id)
    await goods.catch_up()
    assert [one.status for one in (await buy_products.the_order()).refunds] == ["succeeded"]
    assert await buy_products.count("mirrored_refund") == 1
    assert await buy_products.is_sound()


async def test_a_refund_that_fails_later_may_be_made_again(goods: Shop) -> None:
    await make_products.product()
    guest = goods.browser()
    await buy_products.put_in(guest)
    outcome = await goods.pay(await buy_products.check_out(guest), card="4000000000005126")
    await guest.get(outcome.url)
    order = await buy_products.the_order()
    made = await refunds.create(order.id, RefundRequest(amount=order.total), by=None, key=ids.new())
    await refunds.send(made.id)
    await goods.catch_up()
    await people.owner()
    clock.set_everywhere(clock.now() + timedelta(days=10))
    await goods.catch_up()
    again = await buy_products.the_order()
    assert [one.status for one in again.refunds] == ["failed"] and again.left == order.total
    assert "the money did not move" in again.flag
    (told,) = await database.fetch("SELECT recipient, text FROM email WHERE template = 'refund_not_received'")
    assert told["recipient"] == again.email and f"for your order {again.number}" in told["text"]
    assert "store credit" not in told["text"]
    (staff,) = await database.fetch("SELECT recipient, text FROM email WHERE template = 'order_refund_failed'")
    assert staff["recipient"] == "iris@kiln.test" and "The customer has been told so." in staff["text"]
    assert await buy_products.is_sound()
