"""Many people want the last pieces."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from components.catalog import invariants
from components.catalog.catalog_refusals import OutOfStock, StockInUse
from components.catalog.stock import stock
from components.foundation import clock, database, ids
from tests.support import make_products

pytestmark = pytest.mark.usefixtures("db")


async def hold(variant: UUID, quantity: int = 1) -> UUID:
    order = ids.new()
    await stock.reserve({variant: quantity}, because_of=order, until=clock.now() + timedelta(minutes=30))
    return order


async def test_of_fifty_buyers_of_the_last_five_exactly_five_get_one() -> None:
    mug = await make_products.variant_id(on_hand=5)
    answers = await asyncio.gather(*(hold(mug) for _ in range(50)), return_exceptions=True)
    orders = [answer for answer in answers if isinstance(answer, UUID)]
    assert len(orders) == 5
    assert sum(isinstance(answer, OutOfStock) for answer in answers) == 45
    await asyncio.gather(*(stock.sell(order) for order in orders))
    assert await make_products.on_hand(mug) == (0, 0)
    assert await invariants.invariants() == []


async def test_a_basket_of_two_is_held_whole_or_not_at_all() -> None:
    mug, bowl = await make_products.variant_id(on_hand=5), await make_products.variant_id(title="Tea bowl", on_hand=1)
    with pytest.raises(OutOfStock) as refused:
        await stock.reserve({mug: 2, bowl: 3}, because_of=ids.new(), until=clock.in_days(1))
    assert refused.value.words == "Only 1 of Tea bowl left."
    assert await make_products.on_hand(mug) == (5, 0)


async def test_baskets_with_the_same_things_in_another_order_do_not_wait_for_each_other() -> None:
    mug, bowl = await make_products.variant_id(on_hand=40), await make_products.variant_id(title="Tea bowl", on_hand=40)
    both, reverse = {mug: 1, bowl: 1}, {bowl: 1, mug: 1}
    until = clock.in_days(1)
    held = (stock.reserve(both if n % 2 else reverse, because_of=ids.new(), until=until) for n in range(40))
    await asyncio.gather(*held)
    assert await make_products.on_hand(mug) == (40, 40)


async def test_what_is_not_paid_is_given_back_once() -> None:
    mug = await make_products.variant_id(on_hand=5)
    order = await hold(mug, 3)
    await asyncio.gather(*(stock.release(order) for _ in range(5)))
    assert await make_products.on_hand(mug) == (5, 0)
    assert await invariants.invariants() == []


async def test_the_same_order_is_sold_once_however_often_it_is_told() -> None:
    mug = await make_products.variant_id(on_hand=5)
    order = await hold(mug, 2)
    await asyncio.gather(*(stock.sell(order) for _ in range(5)))
    assert await make_products.on_hand(mug) == (3, 0)
    assert await invariants.invariants() == []


async def test_selling_and_giving_back_at_once_ends_as_one_of_them() -> None:
    mug = await make_products.variant_id(on_hand=1)
    order = await hold(mug)
    await asyncio.gather(stock.sell(order), stock.release(order), return_exceptions=True)
    await stock.sell(order)
    assert await make_products.on_hand(mug) == (0, 0)
    assert await invariants.invariants() == []


async def test_a_hold_that_lapsed_is_sold_all_the_same_while_there_is_some() -> None:
    mug = await make_products.variant_id(on_hand=1)
    late, later = await hold(mug), None
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert await stock.release_expired() == 1
        later = await hold(mug)
    with pytest.raises(OutOfStock):
        await stock.sell(late)
    await stock.release(later)
    await asyncio.gather(*(stock.sell(late) for _ in range(3)))
    assert await make_products.on_hand(mug) == (0, 0)
    assert await invariants.invariants() == []


async def test_an_order_held_twice_is_sold_once() -> None:
    mug = await make_products.variant_id(on_hand=5)
    order = await hold(mug, 2)
    await stock.release(order)
    await stock.reserve({mug: 2}, because_of=order, until=clock.in_days(1))
    await stock.sell(order)
    await stock.sell(order)
    assert await make_products.on_hand(mug) == (3, 0)


async def test_a_hold_lasts_until_its_instant_and_not_beyond() -> None:
    mug = await make_products.variant_id(on_hand=1)
    order = await hold(mug)
    with clock.frozen(clock.now() + timedelta(minutes=30) - timedelta(seconds=1)):
        assert await stock.release_expired() == 0
    assert await stock.extend(order, until=clock.now() + timedelta(minutes=45))
    with clock.frozen(clock.now() + timedelta(minutes=30)):
        assert await stock.release_expired() == 0
    with clock.frozen(clock.now() + timedelta(minutes=45)):
        assert await stock.release_expired() == 1


async def test_uncounted_stock_never_runs_out_and_never_moves() -> None:
    song = await make_products.variant_id(tracks_stock=False, on_hand=0)
    await stock.sell(await hold(song, 100))
    assert await make_products.on_hand(song) == (0, 0)
    assert await invariants.invariants() == []


async def test_what_may_be_sold_when_out_goes_below_nothing_and_says_so() -> None:
    vase = await make_products.variant_id(sells_when_out=True, on_hand=1)
    await stock.sell(await hold(vase, 3))
    assert await make_products.on_hand(vase) == (-2, 0)
    assert await invariants.invariants() == []


async def test_the_shelf_cannot_hold_less_than_is_promised() -> None:
    mug = await make_products.variant_id(on_hand=5)
    await hold(mug, 3)
    with pytest.raises(StockInUse):
        await stock.set_on_hand(mug, to=2)
    await stock.set_on_hand(mug, to=3)
    await stock.restock(mug, 4, because_of=ids.new())
    assert await make_products.on_hand(mug) == (7, 3)
    assert await invariants.invariants() == []


async def test_the_check_finds_each_kind_of_damage() -> None:
    mug = await make_products.variant_id(sku="MUG", on_hand=5)
    order = await hold(mug)
    await database.execute("UPDATE variant SET on_hand = 4 WHERE id = $1", mug)
    assert await invariants.invariants() == ["SKU MUG: movements add up to 5, but 4 are on hand"]
    await database.execute("UPDATE variant SET on_hand = 5, reserved = 2 WHERE id = $1", mug)
    assert await invariants.invariants() == ["SKU MUG: 2 reserved, but running reservations hold 1"]
    await database.execute("UPDATE variant SET reserved = 1 WHERE id = $1", mug)
    await stock.sell(order)
    assert await invariants.invariants() == []
    await stock.record_movement(mug, -1, "sold", because_of=order)
    await database.execute("UPDATE variant SET on_hand = 3 WHERE id = $1", mug)
    assert await invariants.invariants() == ["SKU MUG: sold 2 for orders that held 1"]
