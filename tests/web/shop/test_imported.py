"""A product that came in with a file of another shop is sold like any other, at a member's price."""

from pathlib import Path

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
