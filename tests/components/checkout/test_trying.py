"""A basket for trying out follows the rules of any basket, and lies in no row."""

import pytest

from components.catalog.visibility import Access
from components.checkout import baskets, trying
from components.foundation import database, ids
from tests.components.catalog import making

ANYBODY = Access.NONE


async def test_no_more_goes_in_than_there_is(db: None) -> None:
    mug = await making.variant_id(on_hand=3)
    units = trying.added({}, mug, quantity=9, access=ANYBODY)
    assert units == {mug: 3}
    with pytest.raises(baskets.TooFew):
        trying.added(units, mug, quantity=1, access=ANYBODY)
    assert trying.changed(units, mug, quantity=8, access=ANYBODY) == {mug: 3}
    assert trying.changed(units, mug, quantity=0, access=ANYBODY) == {}
    assert await database.fetch_value("SELECT count(*) FROM basket") == 0


async def test_what_has_sold_out_or_is_unknown_stays_out(db: None) -> None:
    with pytest.raises(baskets.SoldOut):
        trying.added({}, await making.variant_id(on_hand=0), quantity=1, access=ANYBODY)
    with pytest.raises(baskets.NotOnSale):
        trying.added({}, ids.new(), quantity=1, access=ANYBODY)


async def test_it_stays_small_enough_for_a_cookie(db: None) -> None:
    full = {ids.new(): 1 for _ in range(trying.MOST_LINES)}
    with pytest.raises(trying.TooMuch):
        trying.added(full, await making.variant_id(), quantity=1, access=ANYBODY)
