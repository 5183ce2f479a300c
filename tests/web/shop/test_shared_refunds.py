"""A refund made in Stripe, of a payment that goods and a membership shared: counted once, and never too much of one."""

from typing import Any

import pytest

from components.foundation import database, ids
from components.foundation.shop_settings import setting_rows
from components.insights.metrics import money_in
from components.orders.refunds import refunds
from components.orders.refunds.refund_requests import RefundRequest
from components.payments import stripe_connection
from components.payments.mirror.shared_refunds import Shared
from tests.support import buy_products, people
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes_paid_once import INVOICES
from tests.web.shop.test_fee_codes_with_orders import club, pays, shopping
from tests.web.shop.test_terms_with_orders import all_is_well, places, term_club

__all__ = ["club"]

FEES = {
    "once": "SELECT coalesce(sum(amount), 0)::bigint FROM paid_once_refund WHERE status <> 'failed'",
    "annual": "SELECT coalesce(sum(amount), 0)::bigint FROM fee_refund WHERE status <> 'failed'",
}


async def refunded_in_stripe(shop: Shop, amount: int) -> None:
    intent = await database.fetch_value("SELECT stripe_id FROM mirrored_payment WHERE received > 0")
    await stripe_connection.client().v1.refunds.create_async({"payment_intent": str(intent), "amount": amount})
    await shop.catch_up()


async def counted(plan: str) -> tuple[int, int]:
    """Of the goods, and of the fee: as rows, and in the figures."""
    of_order = await database.fetch_value(
        "SELECT coalesce(sum(amount), 0)::bigint FROM refund WHERE status <> 'failed'"
    )
    of_fee = await database.fetch_value(FEES[plan])
    parts = {one.name: -one.amount for one in await money_in.parts(30)}
    fees = parts["Refunds of membership fees"] + parts["Refunds of terms paid once"]
    assert (parts["Refunds of orders"], fees) == (of_order, of_fee)
    return of_order, of_fee


@pytest.mark.parametrize(("plan", "fee"), [("once", 2000), ("annual", 500)])
async def test_it_is_split_by_what_is_left_and_never_more_than_the_part(club: Shop, plan: str, fee: int) -> None:
    await setting_rows.change(INVOICES, by=None)
    await club.refresh()
    await term_club()
    maya = await shopping(club)
    await pays(club, maya, await places(maya, f"/checkout?join={plan}"))
    order, staff = await buy_products.the_order(), (await people.owner("iris@kiln.test")).id
    goods = order.total
    await refunded_in_stripe(club, 1000)
    of_order, of_fee = await counted(plan)
    assert of_order == round(1000 * goods / (goods + fee)) and of_order + of_fee == 1000
    flagged: Any = await buy_products.the_order()
    assert flagged.is_flagged and "£10.00 was refunded in Stripe, of a payment that a membership shared" in flagged.flag
    made = await refunds.create(order.id, RefundRequest(amount=200, reason=""), by=staff, key=ids.new())
    await refunds.send(made.id)
    await club.catch_up()
    assert await counted(plan) == (of_order + 200, of_fee)
    await refunded_in_stripe(club, goods + fee - 1200)
    assert await counted(plan) == (goods, fee), "all of both, and a penny of neither too much"
    await all_is_well()


async def test_what_is_left_of_one_is_of_that_one(club: Shop) -> None:
    await term_club()
    maya = await shopping(club)
    await pays(club, maya, await places(maya))
    await refunded_in_stripe(club, 2000)
    assert await counted("once") == (0, 2000) and not (await buy_products.the_order()).is_flagged
    await refunded_in_stripe(club, 60)
    assert await counted("once") == (60, 2000)
    await all_is_well()


@pytest.mark.parametrize("order", [0, 1, 300, 2160])
@pytest.mark.parametrize("fee", [0, 1, 500, 2000])
def test_no_part_is_more_than_is_left_of_it(order: int, fee: int) -> None:
    shared = Shared(ids.new(), order, fee)
    for amount in range(order + fee + 1):
        part = shared.of_order(amount)
        assert 0 <= part <= order and 0 <= amount - part <= fee
