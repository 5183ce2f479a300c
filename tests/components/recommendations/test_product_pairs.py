"""Pairs of products: the measure worked out by hand and a second time from raw rows, and what makes no pair."""

import math
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID

import asyncpg
import pytest

from components.catalog.views import ProductView
from components.foundation import clock, database, ids
from components.people.privacy import erasure
from components.recommendations import product_pairs
from tests.support import make_products, past_orders, people
from tests.support.shops import Shop

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    product_pairs._known.clear()
    yield


async def score(one: ProductView, other: ProductView) -> float | None:
    found: float | None = await database.fetch_value(
        "SELECT score FROM product_pair WHERE product = $1 AND other = $2", one.id, other.id
    )
    return found


async def three() -> tuple[ProductView, ProductView, ProductView]:
    return (
        await make_products.product("Mug"),
        await make_products.product("Bowl"),
        await make_products.product("Vase"),
    )


async def test_the_score_is_the_cosine_over_orders(db: None, at: datetime) -> None:
    """Four orders of the mug, nine of the bowl, three of both: 3 / sqrt(4 · 9)."""
    mug, bowl, _ = await three()
    for _ in range(6):
        await past_orders.bought(None, bowl)
    await past_orders.bought(None, mug)
    await past_orders.together(mug, bowl)
    assert await score(mug, bowl) == pytest.approx(0.5) == await score(bowl, mug)
    assert await product_pairs.others(mug.id) == (bowl.id,)


async def test_what_fewer_than_three_people_bought_is_no_pair(db: None, at: datetime) -> None:
    """However often one of them did."""
    mug, bowl, vase = await three()
    noor = await people.customer()
    for _ in range(9):
        await past_orders.bought(noor.id, mug, bowl)
    await past_orders.bought(None, mug, bowl, email="THEO@example.org")
    await past_orders.bought(None, mug, bowl, email="theo@example.org")
    await past_orders.together(vase, mug)
    assert (await score(mug, bowl), await score(bowl, mug)) == (None, None)
    assert await score(mug, vase)


async def test_one_person_with_an_account_and_as_a_guest_is_one_buyer(db: None, at: datetime) -> None:
    """Whatever they typed at checkout while they were signed in."""
    mug, bowl, vase = await three()
    noor = await people.customer()
    for email in (noor.email, "elsewhere@kiln.test", ""):
        await past_orders.bought(noor.id, mug, bowl, email=email)
    await past_orders.bought(None, mug, bowl, email="Noor@kiln.test")
    await past_orders.bought(None, mug, bowl, email="theo@kiln.test")
    await past_orders.together(vase, mug)
    assert await score(mug, bowl) is None and await score(mug, vase)
    await past_orders.bought(None, mug, bowl, email="maya@kiln.test")
    await product_pairs.count_all()
    assert await score(mug, bowl)


@pytest.mark.parametrize("has_account", [True, False])
async def test_erased_people_are_no_buyers_however_many_orders_are_left_of_them(shop: Shop, has_account: bool) -> None:
    """One pair was theirs alone; of another they were the third buyer."""
    mug, bowl, vase = await three()
    noor = await people.customer()
    for _ in range(4):
        order = await past_orders.bought(noor.id if has_account else None, mug, bowl, email=noor.email)
        await database.execute("UPDATE orders SET fulfilled_at = paid_at WHERE id = $1", order)
    await past_orders.together(mug, vase, times=2)
    await past_orders.bought(noor.id, mug, vase, email=noor.email)
    await database.execute("UPDATE orders SET fulfilled_at = paid_at WHERE email = $1", noor.email)
    await product_pairs.count_all()
    assert await score(mug, bowl) is None and await score(mug, vase)
    await erasure.erase(noor.id)
    await product_pairs.count_all()
    assert await score(mug, bowl) is None, "their orders are not anonymous yet"
    await shop.catch_up()
    await product_pairs.count_all()
    assert (await score(mug, bowl), await score(mug, vase)) == (None, None)
    assert await database.fetch_value("SELECT count(*) FROM orders WHERE email = ''") == 5


async def test_the_database_holds_that_too(db: None, at: datetime) -> None:
    mug, bowl, _ = await three()
    row = "INSERT INTO product_pair (id, product, other, together, buyers, score) VALUES ($1, $2, $3, 2, 2, 0.5)"
    with pytest.raises(asyncpg.CheckViolationError, match="product_pair_is_of_two"):
        await database.execute(row, ids.new(), mug.id, bowl.id)


async def test_what_is_older_than_a_year_not_paid_or_a_gift_does_not_count(db: None, at: datetime) -> None:
    mug, bowl, vase = await three()
    for _ in range(3):
        await past_orders.bought(None, mug, bowl, at=clock.now() - product_pairs.DAYS * DAY)
    gifts = [await past_orders.bought(None, mug, vase) for _ in range(3)]
    await database.execute(
        'UPDATE order_line SET gift = $2, total = 0 WHERE "order" = ANY($1) AND product_id = $3',
        gifts,
        ids.new(),
        vase.id,
    )
    unpaid = [await past_orders.bought(None, bowl, vase) for _ in range(3)]
    await database.execute("UPDATE orders SET paid_at = NULL WHERE id = ANY($1)", unpaid)
    await product_pairs.count_all()
    assert await database.fetch_value("SELECT count(*) FROM product_pair") == 0
    assert await database.fetch_values("SELECT orders FROM sold_product WHERE product = $1", mug.id) == [3]


async def test_counting_again_is_the_same_and_what_sells_no_more_goes(db: None, at: datetime) -> None:
    mug, bowl = await past_orders.mug_and_bowl()
    await product_pairs.count_all()
    assert await database.fetch_value("SELECT count(*) FROM product_pair") == 2
    clock.set_everywhere(clock.now() + (product_pairs.DAYS + 4) * DAY)
    await product_pairs.count_all()
    assert await database.fetch_value("SELECT count(*) FROM product_pair") == 0
    assert await database.fetch_value("SELECT count(*) FROM sold_product") == 0
    assert await product_pairs.others(mug.id) == ()
    assert bowl


async def test_one_that_fails_keeps_nobody_waiting_and_its_pairs_of_before(
    db: None, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    mug, bowl = await past_orders.mug_and_bowl()
    vase = await make_products.product("Vase")
    for _ in range(3):
        await past_orders.bought(None, bowl, vase)
    broken = product_pairs._PAIR.replace(
        "WHERE product_id = $1", f"WHERE product_id = $1 AND 1 / ($1 <> '{mug.id}')::int = 1"
    )
    monkeypatch.setattr(product_pairs, "_PAIR", broken)
    with pytest.raises(ExceptionGroup, match="pairs of a product: 1 failed"):
        await product_pairs.count_all()
    assert await score(mug, bowl) and await score(vase, bowl)


async def test_of_a_very_popular_product_the_latest_orders_are_looked_at(
    db: None, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its share of them stands for all: half of the latest six are with the bowl, of twelve in all."""
    mug, bowl, _ = await three()
    now = clock.now()
    for day in range(12):
        await past_orders.bought(None, mug, *([bowl] if day < 3 else []), at=now - (day + 1) * DAY)
    monkeypatch.setattr(product_pairs, "MOST_ORDERS", 6)
    await product_pairs.count_all()
    assert await score(mug, bowl) == pytest.approx(3 / 6 * math.sqrt(12 / 3))


async def test_pairs_of_a_made_up_shop_are_those_of_a_second_reading(db: None, at: datetime) -> None:
    chance = random.Random(7)
    products = [await make_products.product(f"P{number}") for number in range(6)]
    orders: list[tuple[str, set[UUID]]] = []
    for _ in range(60):
        chosen, email = chance.sample(products, chance.randint(1, 4)), f"p{chance.randint(1, 12)}@example.org"
        await past_orders.bought(None, *chosen, email=email)
        orders.append((email, {one.id for one in chosen}))
    await product_pairs.count_all()
    wanted = {}
    for one, other in permutations((each.id for each in products), 2):
        both = [email for email, inside in orders if {one, other} <= inside]
        if len(set(both)) >= 3:
            times = [sum(id in inside for _, inside in orders) for id in (one, other)]
            wanted[one, other] = pytest.approx(len(both) / math.sqrt(times[0] * times[1]))
    rows = await database.fetch_rows("SELECT product, other, score FROM product_pair")
    assert {(one, other): found for one, other, found in rows} == wanted and len(wanted) > 10


async def test_they_are_read_once_until_they_are_counted_anew(db: None, at: datetime) -> None:
    mug, bowl = await past_orders.mug_and_bowl()
    with database.counted() as tally:
        assert await product_pairs.others(mug.id) == (bowl.id,)
        assert await product_pairs.others_of([mug.id, bowl.id, mug.id]) == [(bowl.id,), (mug.id,), (bowl.id,)]
        assert await product_pairs.others(bowl.id) == (mug.id,)
    assert tally.count == 2
    vase = await make_products.product("Vase")
    await past_orders.together(mug, vase, times=9)
    assert await product_pairs.others(mug.id) == (vase.id, bowl.id)
