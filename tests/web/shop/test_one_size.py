"""A product that comes in one size: which one is said wherever it is named, as of one that comes in several."""

from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import products
from components.catalog.snapshot import snapshot_refresh
from tests.support import buy_products, make_products, people
from tests.support.shops import Shop


async def jacket(*sizes: str) -> None:
    sold_as = [VariantDetails(price=12000, options=(size,), on_hand=5) for size in sizes]
    await products.create(ProductDetails(title="Rain jacket", option_names=("Size",)), sold_as)
    await snapshot_refresh.refresh()


async def test_its_size_is_said_from_the_product_page_to_the_confirmation(goods: Shop) -> None:
    await jacket("Medium")
    guest = goods.browser()
    page = await guest.get("/products/rain-jacket")
    assert "Size Medium" in page.words
    assert "Rain jacket, Medium" in (await guest.get("/products/rain-jacket/why")).words
    await buy_products.put_in(guest, "rain-jacket")
    assert "Rain jacket Medium" in (await guest.get("/basket")).words
    checkout = await guest.get("/checkout")
    assert "Rain jacket" in checkout.words and "Medium" in checkout.words
    paid = await goods.pay(await buy_products.check_out(guest))
    await goods.catch_up()
    assert "Rain jacket Medium" in (await guest.get(paid.url)).words
    assert "1 × Rain jacket, Medium" in await people.letter("order_confirmation")


async def test_what_has_no_size_has_none(goods: Shop) -> None:
    await make_products.product("Rain hat")
    guest = goods.browser()
    page = await guest.get("/products/rain-hat")
    assert page.text.count("option-1") == 0
    await buy_products.put_in(guest, "rain-hat")
    assert "line__more" not in (await guest.get("/basket")).text
