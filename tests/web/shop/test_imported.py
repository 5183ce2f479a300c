"""A product that came in with a file of another shop is sold like any other, at a member's price."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from components.catalog.snapshot import snapshot_refresh
from components.product_files import import_file
from tests.support import buy_products
from tests.support.shops import Shop

FILES = Path(__file__).parents[2] / "data" / "imports"


@pytest.mark.parametrize(
    ("name", "slug", "pays"),
    [("shopify-apparel.csv", "ocean-blue-shirt", 4500), ("shopify-home-and-garden.csv", "clay-plant-pot", 899)],
)
async def test_a_member_buys_what_was_imported(goods: Shop, name: str, slug: str, pays: int) -> None:
    await import_file.run_import((FILES / name).read_bytes(), name=name)
    await snapshot_refresh.refresh()
    maya = await buy_products.member(goods)
    thanks = await buy_products.buy(goods, maya, slug)
    assert thanks.heading.startswith("Thank you")
    order = await buy_products.the_order()
    assert order.goods == pays and order.is_paid


CASES = FILES / "cases"


@pytest.mark.parametrize("name", ["14-shopify.csv", "14-woocommerce.csv"])
async def test_products_of_other_scripts_have_pages_where_the_lists_say(goods: Shop, name: str) -> None:
    source = (CASES / name).read_bytes().replace(b"shopify,0", b"shopify,3")
    await import_file.run_import(source, name=name)
    await snapshot_refresh.refresh()
    browser, snapshot = goods.browser(), snapshot_refresh.snapshot()
    lists = [(await browser.client.get(path)).text for path in ("/sitemap.xml", "/products/feed.xml")]
    assert all(line.isascii() for line in "".join(lists).splitlines() if "<loc>" in line or "<g:link>" in line)
    for collection in snapshot.collections:
        assert (await browser.get(f"/collections/{quote(collection.slug)}")).status == 200
    for product in snapshot.products:
        address = f"/products/{quote(product.slug)}"
        assert all(f"{address}<" in each for each in lists)
        page = await browser.get(address)
        assert page.status == 200 and f'{address}">' in page.text, "canonical"
        assert product.title in (await buy_products.put_in(browser, product.slug)).words


async def test_of_variants_with_one_sku_the_feed_calls_the_others_by_their_id(goods: Shop) -> None:
    name = "09-repeated-skus.csv"
    await import_file.run_import((CASES / name).read_bytes(), name=name)
    await snapshot_refresh.refresh()
    feed = (await goods.browser().client.get("/products/feed.xml")).text
    ids = re.findall("<g:id>([^<]*)</g:id>", feed)
    assert len(ids) == len(set(ids)) and ids.count("APRON-1") == 1
