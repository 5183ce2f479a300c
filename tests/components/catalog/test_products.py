"""The verbs that make and change products refuse what cannot be, and write nothing when nothing is new."""

from uuid import UUID

import pytest

from components.catalog.catalog_refusals import (
    AddressTaken,
    BadDetail,
    NothingToSell,
    OptionsTaken,
    OutOfStock,
    SkuTaken,
    WrongOptions,
)
from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import products, variants
from components.catalog.snapshot import snapshot_refresh
from components.catalog.stock import stock
from components.foundation import audit, clock, database, ids
from tests.support import make_products
from tests.support.cells import every_cell

pytestmark = pytest.mark.usefixtures("empty_shelves")
MUG = ProductDetails(title="Moon mug", option_names=("Glaze",))
MOSS, SALT = VariantDetails(price=2400, options=("Moss",)), VariantDetails(price=2600, options=("Salt",))


async def written() -> int:
    """How many rows of the catalogue have ever been written."""
    tables = ("product", "variant", "picture", "collection", "collection_product", "stock_movement")
    await database.execute("SELECT pg_stat_force_next_flush()")
    sql = """SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)
        FROM pg_stat_xact_user_tables WHERE relname = ANY($1)"""
    return int(await database.fetch_value(sql, list(tables)))


async def test_two_products_of_the_same_title_have_two_addresses() -> None:
    first, second = [await products.create(MUG, [MOSS]) for _ in range(2)]
    assert [await products.address(id) for id in (first, second)] == ["moon-mug", "moon-mug-2"]
    with pytest.raises(AddressTaken):
        await products.create(MUG, [MOSS], slug="moon-mug")


@every_cell(
    ("details", "sold_as", "refusal"),
    [
        (ProductDetails(title=" "), [VariantDetails(price=1)], BadDetail),
        (ProductDetails(title="Mug"), [VariantDetails(price=-1)], BadDetail),
        (ProductDetails(title="Mug"), [VariantDetails(price=1, on_hand=-1)], BadDetail),
        (ProductDetails(title="Mug", status="lost"), [VariantDetails(price=1)], BadDetail),
        (
            ProductDetails(title="Mug", option_names=("A", "A")),
            [VariantDetails(price=1, options=("x", "y"))],
            BadDetail,
        ),
        (ProductDetails(title="Mug"), [], NothingToSell),
        (MUG, [VariantDetails(price=1)], WrongOptions),
        (MUG, [MOSS, MOSS], OptionsTaken),
    ],
)
async def test_what_cannot_be_is_refused_and_leaves_nothing(
    details: ProductDetails, sold_as: list[VariantDetails], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await products.create(details, sold_as)
    assert await database.fetch_value("SELECT count(*) FROM product") == 0


async def test_a_taken_sku_leaves_no_half_product() -> None:
    await make_products.product("Tea bowl", sku="K-1")
    with pytest.raises(SkuTaken):
        await products.create(MUG, [VariantDetails(price=2400, options=("Moss",), sku="K-1")])
    assert await database.fetch_value("SELECT count(*) FROM product") == 1


async def test_saying_the_same_again_writes_nothing() -> None:
    id = await products.create(MUG, [MOSS])
    by = ids.new()
    (variant,) = (await variants.by_options(id)).values()
    async with database.transaction():
        before = await written()
        assert await products.revise(id, MUG, by=by) == ()
        assert await variants.revise(variant, MOSS, by=by) == ()
        assert await written() == before
    assert await audit.entries() == []


async def test_every_change_by_the_staff_leaves_a_row_with_before_and_after() -> None:
    id, by = await products.create(MUG, [MOSS], by=ids.new()), ids.new()
    (variant,) = (await variants.by_options(id)).values()
    assert await variants.revise(variant, VariantDetails(price=2500, options=("Moss",)), by=by) == ("price",)
    (entry,) = await audit.entries(actor=by)
    assert (entry["before"], entry["after"]) == ('{"price":2400}', '{"price":2500}')


async def test_the_last_variant_of_an_active_product_stays() -> None:
    id = await products.create(MUG, [MOSS, SALT])
    moss, salt = (await variants.by_options(id)).values()
    assert await variants.withdraw(moss)
    with pytest.raises(NothingToSell):
        await variants.withdraw(salt)
    await products.archive(id)
    assert await variants.withdraw(salt)
    await snapshot_refresh.catch_up([id])
    assert snapshot_refresh.snapshot().product_by_id(id) is None


async def test_a_withdrawn_variant_is_neither_shown_nor_sold() -> None:
    id = await products.create(MUG, [VariantDetails(price=1, options=("Moss",), on_hand=5), SALT])
    moss: UUID = (await variants.by_options(id))[("Moss",)]
    await variants.withdraw(moss)
    await snapshot_refresh.catch_up([id])
    assert snapshot_refresh.snapshot().variant(moss) is None
    with pytest.raises(OutOfStock):
        await stock.reserve({moss: 1}, because_of=ids.new(), until=clock.in_days(1))
