"""Thresholds of free delivery are what staff typed, and hold at just that price."""

from typing import TYPE_CHECKING

from components.foundation.shop_settings import setting_rows
from components.memberships.editing import plan_benefits, plans
from tests.support import make_plans, make_products

if TYPE_CHECKING:
    from tests.support.shops import Shop


async def test_the_page_says_the_price_from_which_delivery_is_free(goods: "Shop") -> None:
    await make_products.product("Moon mug", price=6000)
    page = await goods.browser().get("/products/moon-mug")
    assert "Free on orders from £60.00" in page.words


async def test_at_that_very_price_it_is_free_and_a_penny_below_it_is_not(goods: "Shop") -> None:
    for title, price, words in (
        ("At", 6000, "is free for a basket of this size"),
        ("Below", 5999, "more and standard delivery is free"),
    ):
        product = await make_products.product(title, price=price)
        browser = goods.browser()
        await browser.post("/basket", {"variant": str(product.variants[0].id)})
        assert words in (await browser.get("/basket")).words


async def test_a_benefits_threshold_reads_the_same_whatever_the_tax(goods: "Shop") -> None:
    plan_id = await plans.create(slug="annual", name="Annual", summary="", price=3900, interval="year", by=None)
    await plan_benefits.attach(
        plan_id, await make_plans.benefit("free_delivery", "Free delivery", threshold=3000), by=None
    )
    assert "Free delivery on orders of £30.00 or more" in (await goods.browser().get("/join")).words
    await setting_rows.change({"prices_include_tax": "no"}, by=None)
    assert "Free delivery on orders of £30.00 or more" in (await goods.browser().get("/join")).words
