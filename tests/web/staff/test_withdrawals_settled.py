"""Marking a withdrawal as refunded gives nothing back: it is asked whether that is so, listed, and can be undone."""

import pytest

from components.foundation import database, ids
from components.foundation.shop_settings import setting_rows
from components.messaging.notices import settled_withdrawals, withdrawals
from components.orders.refunds import refund_requests, refunds
from components.people import customer_accounts
from tests.support import buy_products, join_members, make_plans, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.shop.test_withdrawing import says

LIST = "/staff/withdrawals"


@pytest.fixture
async def desk(goods: Shop) -> Browser:
    await make_products.product(on_hand=9)
    await setting_rows.change({"withdrawal_page": "on"}, by=None)
    await people.owner()
    return await goods.signed_in("iris@kiln.test")


async def test_what_was_not_refunded_is_marked_only_when_asked_once_more(goods: Shop, desk: Browser) -> None:
    maya = goods.browser()
    await buy_products.buy(goods, maya, email="maya@kiln.test")
    await goods.catch_up()
    order = await buy_products.the_order()
    await says(maya, email="maya@kiln.test", number=order.number)
    (one,) = await withdrawals.to_do()
    done, listed = f"{LIST}/{one.withdrawal.id}/done", await desk.get(LIST)
    assert f"/staff/orders/{order.number}/refunds/new" in listed.links()
    assert "You may wait until the goods are back" not in listed.words, "they were not sent"
    asked = await desk.submit(listed, done)
    assert asked.status == 409 and f"of order {order.number} has not been refunded." in asked.words
    assert len(await withdrawals.to_do()) == 1, "nothing has been marked"
    after = await desk.submit(asked, done)
    assert "Nothing waits." in after.words and "Marked as seen to." in after.words
    settled = await desk.get(f"{LIST}/settled")
    assert f"{LIST}/settled" in after.links() and order.number in settled.words and "refunded" in settled.words
    again = await desk.submit(settled, f"{LIST}/{one.withdrawal.id}/reopening")
    assert "It waits again." in again.words and len(await withdrawals.to_do()) == 1
    assert "None yet." in (await desk.get(f"{LIST}/settled")).words


async def test_what_was_refunded_is_marked_at_once(goods: Shop, desk: Browser) -> None:
    maya, iris = goods.browser(), await customer_accounts.by_email("iris@kiln.test")
    assert iris is not None
    await buy_products.buy(goods, maya, email="maya@kiln.test")
    await goods.catch_up()
    order = await buy_products.the_order()
    await says(maya, email="maya@kiln.test", number=order.number)
    await refunds.create(order.id, refund_requests.whole_order(order, restocks=True), by=iris.id, key=ids.new())
    await goods.catch_up()
    (one,) = await withdrawals.to_do()
    assert one.owed == ""
    after = await desk.submit(await desk.get(LIST), f"{LIST}/{one.withdrawal.id}/done")
    assert "Nothing waits." in after.words


async def test_of_what_nobody_knows_and_of_a_membership_that_ended_it_is_asked_too(goods: Shop, desk: Browser) -> None:
    await join_members.joins(goods, await make_plans.club())
    guest = goods.browser()
    await says(guest, email="nobody@kiln.test", number="S-1")
    await says(guest, email=join_members.MAYA, about="membership", number="Annual")
    strangers, mayas = await withdrawals.to_do()
    assert "Nothing with this number and address is known" in strangers.owed
    shown = await desk.get(f"/staff/members/{mayas.person_id}")
    assert "Their membership Annual: withdrawn from on" in shown.words
    assert mayas.subscription is not None and "of Annual has not been refunded." in mayas.owed
    for one in (strangers, mayas):
        assert (await desk.submit(await desk.get(LIST), f"{LIST}/{one.withdrawal.id}/done")).status == 409
    await database.execute("UPDATE subscription SET status = 'cancelled'")
    (_, ended) = await withdrawals.to_do()
    assert ended.plan == "Annual" and ended.sums is not None, "it is still known after its end"
    assert await settled_withdrawals.count_settled() == 0
