"""A piece that nobody but members may buy has one price, and saves nobody anything; a sale as low as theirs says so."""

from typing import TYPE_CHECKING

from components.foundation import database
from tests.support import buy_products, make_plans, make_products

if TYPE_CHECKING:
    from tests.support.shops import Shop


async def test_whoever_may_not_buy_it_reads_the_members_price_alone(goods: "Shop") -> None:
    await make_plans.club()
    await make_products.product("Moon jar", price=14500, members_only=True)
    browser = goods.browser()
    for address in ("/products", "/products/moon-jar", "/products/moon-jar/why"):
        page = await browser.get(address)
        assert "£130.50" in page.words
        assert "£145" not in page.words
    assert '"price":"130.50"' in (await browser.get("/products/moon-jar")).text.replace(" ", "")
    assert "£130.50 Members only" in (await browser.get("/products")).words


async def test_a_member_who_buys_it_has_saved_nothing_by_it(goods: "Shop") -> None:
    await make_products.product("Moon jar", price=14500, members_only=True)
    maya = await buy_products.member(goods)
    await buy_products.put_in(maya, "moon-jar")
    basket = await maya.get("/basket")
    assert "£130.50" in basket.words
    assert "14.50" not in basket.words, "no saving of £14.50"
    assert "£145" not in basket.words
    thanks = await buy_products.buy(goods, maya, "moon-jar")
    await goods.catch_up()
    assert "£145" not in thanks.words
    order = await buy_products.the_order()
    assert {(line.unit, line.regular_unit, line.saved) for line in order.lines} == {(13050, 13050, 0)}
    used = await database.fetch("SELECT words FROM benefit_use")
    assert "Moon jar" not in [row["words"] for row in used]
    assert await buy_products.is_sound()


async def test_a_sale_as_low_as_the_members_price_says_so_everywhere(goods: "Shop") -> None:
    await make_plans.club()
    browser = goods.browser()
    await make_products.product("Sale mug", price=1800, compare_at=2000)
    await buy_products.put_in(browser, "sale-mug")
    for address in ("/products/sale-mug", "/basket", "/products"):
        assert "No extra member discount" in (await browser.get(address)).words
    why = await browser.get("/products/sale-mug/why")
    assert "With the Kiln Club: the same price" in why.words
    assert "10% off" in why.words


async def test_the_sheet_tells_both_prices_and_nothing_of_other_products(goods: "Shop") -> None:
    await make_plans.club()
    other = await make_products.product("Other")
    elsewhere = {"covers": "product", "products": [str(other.id)]}
    await make_plans.benefit("member_price", "A third off", discount_type="percent", percent=3000, **elsewhere)
    await make_products.product("Moon mug", price=2000)
    page = await goods.browser().get("/products/moon-mug")
    assert "10% off" in page.words
    assert "It applies to other products" not in page.words
