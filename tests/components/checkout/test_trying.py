"""A basket for trying out follows the rules of any basket, and lies in no row."""

import pytest

from components.catalog.visibility import Access
from components.checkout.basket import baskets, preview_basket
from components.foundation import database, ids
from tests.support import make_products

ANYBODY = Access.NONE


async def test_no_more_goes_in_than_there_is(db: None) -> None:
    mug = await make_products.variant_id(on_hand=3)
    units = preview_basket.with_added({}, mug, quantity=9, access=ANYBODY)
    assert units == {mug: 3}
    with pytest.raises(baskets.TooFew):
        preview_basket.with_added(units, mug, quantity=1, access=ANYBODY)
    assert preview_basket.with_changed(units, mug, quantity=8, access=ANYBODY) == {mug: 3}
    assert preview_basket.with_changed(units, mug, quantity=0, access=ANYBODY) == {}
    assert await database.fetch_value("SELECT count(*) FROM basket") == 0


async def test_what_has_sold_out_or_is_unknown_stays_out(db: None) -> None:
    with pytest.raises(baskets.SoldOut):
        preview_basket.with_added({}, await make_products.variant_id(on_hand=0), quantity=1, access=ANYBODY)
    with pytest.raises(baskets.NotOnSale):
        preview_basket.with_added({}, ids.new(), quantity=1, access=ANYBODY)


async def test_it_stays_small_enough_for_a_cookie(db: None) -> None:
    full = {ids.new(): 1 for _ in range(preview_basket.MOST_LINES)}
    with pytest.raises(preview_basket.TooMuch):
        preview_basket.with_added(full, await make_products.variant_id(), quantity=1, access=ANYBODY)
