"""A payment page that was paid before the shop had heard of it, while another code was typed in another window: what
was paid with is used, and nothing else is."""

import pytest

from components.foundation import database
from tests.support import buy_products, join_members, make_plans
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes import charged, code, states, visits
from tests.web.shop.test_fee_codes_with_orders import FEE_PAID, all_is_well, club, later, places, shopping

__all__ = ["club"]
PAYMENTS = {"one payment": 1, "two payments": 2, "every payment": None}
OF = "SELECT u.state FROM coupon_use u JOIN coupon c ON c.id = u.coupon WHERE c.code = $1"


@pytest.mark.parametrize("second", ["TWO", ""])
@pytest.mark.parametrize("payments", PAYMENTS)
async def test_the_code_it_was_paid_with_is_used_and_the_second_one_is_not(
    shop: Shop, payments: str, second: str
) -> None:
    await make_plans.club(price=500, interval="month")
    await code("ONE", value=2000, fee_payments=PAYMENTS[payments])
    await code("TWO", value=5000, fee_payments=PAYMENTS[payments])
    maya = await visits(shop, join_members.MAYA)
    page = await maya.submit(await maya.get("/join/annual?code=ONE"), "/join/annual")
    await shop.pay(page, "4242424242424242")
    await maya.post("/join/annual", {"code": second})
    await shop.catch_up()
    await later(shop, 1)
    assert await database.fetch_values(OF, "ONE") == ["used"]
    assert await database.fetch_values(OF, "TWO") == (["returned"] if second else [])
    await later(shop, 31)
    assert await charged() == [400, 500 if payments == "one payment" else 400]
    row = await database.fetch_one("SELECT * FROM fee_discount WHERE code = 'ONE'")
    assert row is not None and row["begun_at"] is not None
    await all_is_well()


async def test_a_page_without_a_code_leaves_none_reserved(shop: Shop) -> None:
    await make_plans.club(price=500, interval="month")
    await code("ONE")
    maya = await visits(shop, join_members.MAYA)
    page = await maya.post("/join/annual", {})
    await shop.pay(page, "4242424242424242")
    await maya.post("/join/annual", {"code": "ONE"})
    await shop.catch_up()
    assert await states() == ["returned"] and await charged() == [500]
    await all_is_well()


@pytest.mark.parametrize("second", ["TWO", ""])
async def test_an_order_paid_with_a_code_while_the_plans_page_asks_for_another(club: Shop, second: str) -> None:
    await code("ONE", value=2000, fee_payments=2)
    await code("TWO", value=5000)
    maya = await shopping(club, "ONE")
    page = await places(maya)
    await club.pay(page, "4242424242424242")
    await maya.post("/join/annual", {"code": second})
    await club.catch_up()
    await later(club, 1)
    assert await database.fetch_values(OF, "ONE") == ["used"]
    assert await database.fetch_values(OF, "TWO") == (["returned"] if second else [])
    assert (await buy_products.the_order()).is_paid
    for _ in range(2):
        await later(club)
    assert await database.fetch_values(FEE_PAID) == [400, 400, 500]
    await all_is_well()


async def test_another_code_in_the_basket_is_another_order(club: Shop) -> None:
    await code("ONE", value=2000)
    await code("TWO", value=5000)
    maya = await shopping(club, "ONE")
    first = await places(maya)
    await maya.submit(await maya.get("/basket"), "/basket/coupon/fee/removal")
    await maya.submit(await maya.get("/basket"), "/basket/coupon", coupon="TWO")
    second = await places(maya)
    assert (await club.pay(first)).state == "declined" and "24.10" in second.text
    assert await database.fetch_values(OF, "ONE") == ["returned"]
    await club.pay(second, "4242424242424242")
    await club.catch_up()
    assert await database.fetch_values(OF, "TWO") == ["used"] and await database.fetch_values(FEE_PAID) == [250]
    await all_is_well()
