"""A discount code on the fee of a membership that is joined together with an order: told line by line, and charged so."""

from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database
from components.memberships import invariants as membership_invariants
from components.memberships.discounts import discount_upkeep
from components.payments import invariants as payment_invariants
from components.pricing import invariants as coupon_invariants
from tests.support import buy_products, join_members, make_plans, make_products
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes import code, states, visits

MAYA = {**buy_products.TYPED, "email": join_members.MAYA}
FEE_PAID = """SELECT i.amount_paid - coalesce((SELECT s.along_amount FROM checkout_session s
  WHERE s.reference_id = i.local_id AND s.along IS NOT NULL AND i.reason = 'subscription_create' LIMIT 1), 0)
FROM mirrored_invoice i WHERE i.status = 'paid' ORDER BY i.created_at"""


@pytest.fixture
async def club(goods: Shop) -> Shop:
    await make_products.product(on_hand=20)
    await make_plans.club(price=500, interval="month")
    return goods


async def enters(browser: Browser, typed: str) -> Page:
    return await browser.submit(await browser.get("/basket"), "/basket/coupon", coupon=typed)


async def shopping(shop: Shop, typed: str = "", email: str = join_members.MAYA) -> Browser:
    """Somebody with a mug in the basket, and a code for a fee."""
    browser = await visits(shop, email)
    await buy_products.put_in(browser)
    if typed:
        page = await enters(browser, typed)
        assert page.status == 200, page.alerts()
    return browser


async def places(browser: Browser, **typed: Any) -> Page:
    return await browser.submit(await browser.get("/checkout?join=annual"), "/checkout", **{**MAYA, **typed})


async def pays(shop: Shop, browser: Browser, page: Page) -> Page:
    assert buy_products.is_pay_page(page), page.alerts()
    thanks = await browser.get((await shop.pay(page, "4242424242424242")).url)
    await shop.catch_up()
    return thanks


async def later(shop: Shop, days: int = 31) -> None:
    for hours in (days * 24, 2):
        clock.set_everywhere(clock.now() + timedelta(hours=hours))
        await shop.catch_up()
    await discount_upkeep.keep_promises()
    await shop.catch_up()


async def all_is_well() -> None:
    assert await buy_products.is_sound()
    for rules in (membership_invariants, payment_invariants, coupon_invariants):
        assert await rules.invariants() == []


TERMS: dict[str, tuple[dict[str, Any], list[int]]] = {
    "off one payment": ({"value": 2000}, [400, 500, 500]),
    "off N payments": ({"discount_type": "amount", "value": 150, "fee_payments": 2}, [350, 350, 500]),
    "off every payment": ({"value": 2000, "fee_payments": None}, [400, 400, 400]),
}


@pytest.mark.parametrize("terms", TERMS)
async def test_it_is_told_line_by_line_and_charged_as_told(club: Shop, terms: str) -> None:
    given, wanted = TERMS[terms]
    await code("SPRING", **given)
    maya = await shopping(club, "spring")
    first, off = f"£{wanted[0] / 100:.2f}", f"£{5 - wanted[0] / 100:.2f}"
    total = f"{21.6 + wanted[0] / 100:.2f}"
    page = await maya.get("/checkout?join=annual")
    assert f"Annual, £5.00 a month £5.00 Coupon SPRING −{off}" in page.words and total in page.prices(), page.words
    paying = await places(maya)
    assert total in paying.text
    thanks = await pays(club, maya, paying)
    assert f"Coupon SPRING −{off}" in thanks.words and total in thanks.prices()
    order = await buy_products.the_order()
    assert (order.total, order.joining_fee, order.joining_off, order.joining_code) == (
        2160, wanted[0], 500 - wanted[0], "SPRING",
    )  # fmt: skip
    assert order.is_paid and await states() == ["used"] and not order.is_flagged
    for _ in range(2):
        await later(club)
    assert await database.fetch_values(FEE_PAID) == wanted, first
    await all_is_well()
