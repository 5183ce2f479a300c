"""The catalogue in memory is the catalogue in the rows, whoever changes them."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from components.catalog import product_list
from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.product_list import BrowseQuery
from components.catalog.products import collections, new_products, products
from components.catalog.products.new_products import NewProduct
from components.catalog.snapshot import snapshot_refresh
from components.catalog.snapshot.snapshots import Snapshot
from components.catalog.stock import stock
from components.catalog.visibility import Access
from components.foundation import clock, database, ids
from components.foundation.database.notifications import listener
from tests.support import make_products

pytestmark = pytest.mark.usefixtures("empty_shelves")


@pytest.fixture
async def listening(db: None) -> AsyncIterator[None]:
    await snapshot_refresh.start()
    await listener.start()
    yield
    await listener.stop()


async def until(condition: object, seconds: float = 2) -> float:
    """How long it took."""
    began = time.perf_counter()
    while not condition():  # type: ignore[operator]
        assert time.perf_counter() - began < seconds, "nothing was heard"
        await asyncio.sleep(0.002)
    return time.perf_counter() - began


async def test_a_change_by_any_program_is_seen_within_a_tenth_of_a_second(listening: None) -> None:
    mug = await make_products.product("Moon mug")
    await asyncio.sleep(0.1)
    await database.execute("UPDATE variant SET price = 2600 WHERE product = $1", mug.id)
    took = await until(lambda: snapshot_refresh.snapshot().variant(mug.variants[0].id).price == 2600)  # type: ignore[union-attr]
    assert took < 0.25


async def test_after_many_changes_the_next_are_taken_in_a_little_later_but_ones_own_at_once(listening: None) -> None:
    """An import goes on bringing products: nobody takes in each of its steps."""
    new = [NewProduct(ProductDetails(title=f"Mug {number}"), (VariantDetails(price=1),)) for number in range(25)]
    made = [id for id, _ in await new_products.create_all(new)]
    await until(lambda: len(snapshot_refresh.snapshot()) == 25, 10)
    for product_id in made[:2]:
        await database.execute("UPDATE product SET title = 'Cup' WHERE id = $1", product_id)
    await snapshot_refresh.catch_up(made[:1])
    assert title_of(made[0]) == "Cup"
    await snapshot_refresh.catch_up(made)
    await database.execute("UPDATE product SET title = 'Jug' WHERE id = $1", made[1])
    assert await until(lambda: title_of(made[1]) == "Jug", 10) > 0.3


def title_of(product_id: UUID) -> str:
    found = snapshot_refresh.snapshot().product_by_id(product_id)
    assert found is not None
    return found.title


async def test_a_collections_new_name_is_seen(listening: None) -> None:
    await collections.get_or_create("Mugs")
    await until(lambda: snapshot_refresh.snapshot().collection("mugs") is not None)
    await database.execute("UPDATE collection SET title = 'Cups'")
    await until(lambda: snapshot_refresh.snapshot().collections[0].title == "Cups")


async def test_nothing_is_missed_while_the_listener_was_away(listening: None) -> None:
    mug = await make_products.product("Moon mug")
    await database.fetch_value(
        """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE query ILIKE 'LISTEN %' AND pid <> pg_backend_pid()"""
    )
    await database.execute("UPDATE variant SET price = 2700 WHERE product = $1", mug.id)
    await until(lambda: snapshot_refresh.snapshot().variant(mug.variants[0].id).price == 2700, seconds=5)  # type: ignore[union-attr]


async def test_what_is_held_is_not_available_and_what_is_given_back_is(listening: None) -> None:
    mug = (await make_products.product("Moon mug", on_hand=5)).variants[0].id
    order = ids.new()
    await stock.reserve({mug: 3}, because_of=order, until=clock.in_days(1))
    await until(lambda: snapshot_refresh.snapshot().variant(mug).available == 2)  # type: ignore[union-attr]
    await stock.release(order)
    await until(lambda: snapshot_refresh.snapshot().variant(mug).available == 5)  # type: ignore[union-attr]


async def test_change_by_change_it_comes_to_the_same_as_reading_everything() -> None:
    """Two hundred random changes, each followed alone, against a fresh reading at the end."""
    chance = random.Random(27)
    await snapshot_refresh.refresh()
    slugs = [await collections.get_or_create(title) for title in ("Mugs", "Bowls", "Vases")]
    made = []
    for _ in range(200):
        kind = chance.choice(("new", "price", "move", "archive", "stock"))
        if kind == "new" or not made:
            details = ProductDetails(
                title=f"{chance.choice(('Moon', 'Ash', 'Salt'))} {chance.choice(('mug', 'bowl', 'vase'))}",
                collections=tuple(chance.sample(slugs, chance.randrange(3))),
                public_from=chance.choice((None, clock.now() + timedelta(days=chance.randrange(-9, 50)))),
            )
            variant = VariantDetails(price=chance.randrange(500, 9000), on_hand=chance.randrange(3))
            made.append(await products.create(details, [variant]))
            id = made[-1]
        else:
            id = chance.choice(made)
            await _change(kind, id, chance)
        await snapshot_refresh.catch_up([id])
        for sort in ("shelf", "price", "name"):
            snapshot_refresh.snapshot().shelf(None, sort)
    followed = snapshot_refresh.snapshot()
    await snapshot_refresh.refresh()
    assert _seen(followed) == _seen(snapshot_refresh.snapshot())


async def _change(kind: str, id: object, chance: random.Random) -> None:
    if kind == "price":
        await database.execute("UPDATE variant SET price = $2 WHERE product = $1", id, chance.randrange(500, 9000))
    elif kind == "move":
        await database.execute("UPDATE product SET position = $2 WHERE id = $1", id, chance.randrange(50))
    elif kind == "stock":
        row = await database.fetch_one("SELECT id FROM variant WHERE product = $1", id)
        assert row is not None
        await stock.set_on_hand(row["id"], to=chance.randrange(4))
    else:
        await products.archive(id)  # type: ignore[arg-type]


def _seen(snapshot: Snapshot) -> object:
    at = clock.now()
    asked = [BrowseQuery(sort=sort) for sort in ("shelf", "new", "price", "price-down", "name")]
    asked += [BrowseQuery(collection_id=each.id) for each in snapshot.collections]
    asked += [BrowseQuery(in_stock=True), BrowseQuery(least=2000, most=6000)]
    lists = [product_list.browse(snapshot, each, Access.NONE, at) for each in asked]
    found = [sorted(map(str, snapshot.found(words).ids())) for words in ("mug", "moon", "sal", "bolw")]
    return [[(p.slug, p.lead.price, p.lead.available) for p in page.products] for page in lists], found


async def test_a_page_past_the_end_is_the_last_page() -> None:
    for number in range(30):
        await make_products.product(f"Mug {number:02d}")
    found = product_list.browse(
        snapshot_refresh.snapshot(), BrowseQuery(sort="name", page=99), Access.NONE, clock.now()
    )
    assert (found.number, found.pages, found.total) == (2, 2, 30)
    assert [product.title for product in found.products][-1] == "Mug 29"


async def test_a_list_changes_at_the_very_instant_something_opens() -> None:
    opening = clock.now() + timedelta(days=31)
    await make_products.product("Moon mug", public_from=opening)
    announced = opening - timedelta(days=30)
    for at, total in ((announced - timedelta(seconds=1), 0), (announced, 1)):
        assert product_list.browse(snapshot_refresh.snapshot(), BrowseQuery(), Access.NONE, at).total == total


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("mug", ["Moon mug"]),
        ("MOO", ["Moon mug"]),
        ("mugg", ["Moon mug"]),
        ("café", ["Cafe bowl"]),
        ("moss", ["Cafe bowl"]),
        ("K-77", ["Moon mug"]),
        ("round bowl", ["Cafe bowl"]),
        ("mug bowl", []),
        ("  ", []),
        ("'; DROP TABLE product; --", []),
    ],
)
async def test_searching(words: str, titles: list[str]) -> None:
    await make_products.product("Moon mug", sku="K-77", description="As <b>heavy</b> as it looks")
    await make_products.product("Cafe bowl", description="A round thing", tags=("moss",))
    await make_products.product("Draft bowl", description="round")
    await database.execute("UPDATE product SET status = 'draft' WHERE title = 'Draft bowl'")
    await snapshot_refresh.refresh()
    found = product_list.search(snapshot_refresh.snapshot(), words, Access.NONE, clock.now()) if words.strip() else None
    assert [product.title for product in found.products] == titles if found else titles == []
