"""A shopper types a code in the basket or at the checkout, and pays less for it."""

from typing import TYPE_CHECKING, Any

import pytest

from components.foundation import clock, database
from components.people import customer_accounts
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails
from components.pricing.invariants import invariants
from tests.support import buy_products, make_products, people

if TYPE_CHECKING:
    from tests.support.pages import Browser, Page
    from tests.support.shops import Shop


@pytest.fixture(autouse=True)
async def mug(goods: "Shop") -> None:
    """One at £24.00, ten of them."""
    await make_products.product(on_hand=10)


async def coupon(**rest: Any) -> None:
    given: dict[str, Any] = {
        "code": "FIRSTFIRE", "words": "a tenth off your first order", "discount_type": "percent", "value": 1000, **rest
    }  # fmt: skip
    await editing.create(CouponDetails(**given))


async def enter(browser: "Browser", code: str = "firstfire") -> "Page":
    return await browser.submit(await browser.get("/basket"), "/basket/coupon", coupon=code)


async def test_from_the_code_to_the_paid_order(shop: "Shop") -> None:
    await coupon()
    browser = shop.browser()
    await buy_products.put_in(browser, quantity=2)
    page = await enter(browser)
    assert page.status == 200 and "FIRSTFIRE has been applied" in page.words
    assert "Coupon FIRSTFIRE" in page.words and "£4.80" in page.words
    outcome = await shop.pay(await buy_products.check_out(browser))
    await browser.get(outcome.url)
    order = await buy_products.the_order()
    assert (order.coupon, order.coupon_code, order.goods, order.lines[0].coupon) == (480, "FIRSTFIRE", 4320, 480)
    assert order.is_paid and order.lines[0].trace[-1].said().words == "Coupon FIRSTFIRE, off the line total"
    assert await database.fetch_value("SELECT state FROM coupon_use") == "used"
    assert await database.fetch_value("SELECT coupon FROM basket") is None
    assert await invariants() == [] and await buy_products.is_sound()


@pytest.mark.parametrize(
    ("given", "typed", "words"),
    [
        ({}, "SECONDFIRE", "We don’t recognise the code “SECONDFIRE”"),
        ({"limit_total": 1}, "FIRSTFIRE", "reached its usage limit"),
        ({"plans": ("annual",)}, "FIRSTFIRE", "FIRSTFIRE is for members"),
    ],
)
async def test_a_code_that_cannot_be_used_is_refused_at_the_field(
    shop: "Shop", given: dict[str, Any], typed: str, words: str
) -> None:
    await coupon(**given)
    await database.execute("UPDATE coupon SET used = coalesce(limit_total, 0)")
    browser = shop.browser()
    await buy_products.put_in(browser)
    page = await enter(browser, typed)
    assert page.status == 422 and words in page.words
    assert f'value="{typed}"' in page.text and "Moon mug" in page.words


async def test_it_can_be_taken_out_again(shop: "Shop") -> None:
    await coupon()
    browser = shop.browser()
    await buy_products.put_in(browser)
    page = await enter(browser)
    page = await browser.submit(page, "/basket/coupon/removal")
    assert "Coupon code" in page.words and "Coupon FIRSTFIRE" not in page.words


async def test_a_minimum_is_told_and_counts_as_soon_as_it_is_reached(shop: "Shop") -> None:
    await coupon(minimum=3000)
    browser = shop.browser()
    await buy_products.put_in(browser)
    page = await enter(browser)
    assert "FIRSTFIRE applies from £30.00: add £6.00 more." in page.words and "has been applied" not in page.words
    await buy_products.put_in(browser)
    assert "Coupon FIRSTFIRE" in (await browser.get("/basket")).words


async def test_at_the_checkout_nothing_typed_is_lost(shop: "Shop") -> None:
    await coupon()
    browser = shop.browser()
    await buy_products.put_in(browser)
    page = await browser.get("/checkout")
    typed = {**buy_products.TYPED, "coupon": "nofire"}
    page = await browser.submit(page, "/checkout", **typed)
    assert page.status == 422 and "We don’t recognise the code “nofire”" in page.words and "4 Mill Lane" in page.text
    page = await browser.submit(page, "/checkout", coupon="FIRSTFIRE")
    assert page.status == 200 and "Coupon FIRSTFIRE" in page.words and "4 Mill Lane" in page.text
    assert buy_products.is_pay_page(await browser.submit(page, "/checkout"))


async def test_a_first_order_is_known_by_a_confirmed_e_mail_and_told_to_nobody_else(shop: "Shop") -> None:
    """Guests, and whoever signs up under an e-mail that is not theirs, read the same words about every e-mail."""
    await buy_products.buy(shop, shop.browser())
    await coupon(first_order_only=True)
    noor = await people.newcomer("noor@example.org")
    stranger = await shop.signed_in("noor@example.org")
    for browser in (shop.browser(), stranger):
        await buy_products.put_in(browser)
        page = await enter(browser)
        assert page.status == 422 and "is limited for each person. Sign in" in page.words
        for email in ("noor@example.org", "nobody@kiln.test"):
            page = await browser.post("/checkout/coupon", {"coupon": "FIRSTFIRE", "email": email})
            assert page.status == 422 and "is limited for each person. Sign in" in page.words
    await customer_accounts.confirm(noor.id)
    assert "you have ordered before" in (await enter(stranger)).text
    await people.customer("maya@kiln.test")
    maya = await shop.signed_in("maya@kiln.test")
    await buy_products.put_in(maya)
    assert (await enter(maya)).status == 200
    checkout = await maya.get("/checkout")
    assert buy_products.is_pay_page(await maya.submit(checkout, "/checkout", **buy_products.TYPED))
    assert await database.fetch_value("SELECT email FROM coupon_use") == "maya@kiln.test"


async def test_the_last_use_goes_to_one_of_two(shop: "Shop") -> None:
    await coupon(limit_total=1)
    first, second = shop.browser(), shop.browser()
    for browser in (first, second):
        await buy_products.put_in(browser)
        await enter(browser)
    page = await second.get("/checkout")
    assert buy_products.is_pay_page(await buy_products.check_out(first))
    refused = await second.submit(page, "/checkout", **buy_products.TYPED)
    assert refused.status == 422 and "reached its usage limit" in refused.words
    assert await invariants() == []
    with clock.frozen(clock.now()):
        assert "Coupon FIRSTFIRE" in (await first.get("/checkout")).words


async def test_guessing_codes_is_slowed_down(shop: "Shop") -> None:
    await coupon()
    browser = shop.browser()
    await buy_products.put_in(browser)
    for _ in range(12):
        assert (await enter(browser, "WRONG")).status == 422
    assert (await enter(browser)).status == 429


async def test_a_member_price_and_a_coupon_that_does_not_stack(shop: "Shop") -> None:
    await coupon(value=500)
    maya = await buy_products.member(shop)
    await buy_products.put_in(maya)
    page = await enter(maya)
    assert (
        "FIRSTFIRE can’t be combined with member prices. Yours are lower on these items, so you pay those."
        in page.words
    )
    assert "FIRSTFIRE is kept with your basket, but takes nothing off at the moment." in page.alerts()
    assert "has been applied" not in page.words
    outcome = await shop.pay(await buy_products.check_out(maya))
    await maya.get(outcome.url)
    order = await buy_products.the_order()
    assert (order.coupon, order.coupon_code, order.goods) == (0, "", 2160)
    assert await database.fetch_value("SELECT used FROM coupon") == 0
