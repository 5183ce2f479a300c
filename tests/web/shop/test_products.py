"""What somebody sees who has just come in."""

from typing import TYPE_CHECKING

from tests.components.catalog import making

if TYPE_CHECKING:
    from tests.support.shops import Shop


async def test_the_list_shows_each_thing_with_its_price(shop: "Shop") -> None:
    await making.product("Moon mug", price=2400)
    await making.product("Tea bowl", price=1800, on_hand=0)
    page = await shop.browser().get("/products")
    assert page.heading == "Everything"
    assert page.prices() == ["24.00", "18.00"]
    assert "Moon mug" in page.words
    assert "Sold out" in page.words


async def test_the_page_of_a_thing_says_what_it_is_and_costs(shop: "Shop") -> None:
    await making.product("Moon mug", price=2400, description="Round as the *moon*.")
    page = await shop.browser().get("/products/moon-mug")
    assert page.heading == "Moon mug"
    assert page.prices()[0] == "24.00"
    assert "Round as the moon" in page.words
    assert "5 left" in page.words


async def test_home_and_search_and_collections_answer(shop: "Shop") -> None:
    await making.product("Moon mug", price=2400)
    browser = shop.browser()
    assert "Moon mug" in (await browser.get("/")).words
    assert "Moon mug" in (await browser.get("/search?q=moo")).words
    assert (await browser.get("/collections")).status == 200
    assert (await browser.get("/products/none")).status == 404
