"""Sales over variants and collections, and the lowest price of the 30 days before one."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from components.catalog.product_details import VariantDetails
from components.catalog.products import collections, variants
from components.catalog.products.collections import CollectionDetails
from components.catalog.sales import sales
from components.catalog.sales.sale_rules import SaleDetails, SaleRefused
from components.catalog.scopes import Scope
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView, VariantView
from components.foundation import clock, database
from components.pricing import prices
from components.pricing.price_context import PriceContext
from tests.support import make_products
from tests.support.cells import every_cell

pytestmark = pytest.mark.usefixtures("empty_shelves")
DAY = timedelta(days=1)


def details(*ids: UUID, kind: str = "variant", **rest: Any) -> SaleDetails:
    given: dict[str, Any] = {"name": "Autumn firing", "discount_type": "percent", "value": 2500, **rest}
    return SaleDetails(scope=Scope(kind, frozenset(ids)), **given)  # type: ignore[arg-type]


def seen(product: ProductView) -> VariantView:
    found = snapshot_refresh.snapshot().product_by_id(product.id)
    assert found is not None
    return found.variants[0]


async def on_sale(*ids: UUID, **rest: Any) -> UUID:
    made = await sales.create(details(*ids, **rest))
    await snapshot_refresh.refresh()
    return made


async def in_a_collection(title: str = "Mugs") -> tuple[UUID, ProductView]:
    collection = await collections.create(CollectionDetails(title=title))
    slug = await database.fetch_value("SELECT slug FROM collection WHERE id = $1", collection)
    return collection, await make_products.product(collections=(slug,))


@pytest.mark.parametrize(("passed", "asked"), [(-1, 2400), (0, 1800), (86_399, 1800), (86_400, 2400)])
async def test_a_sale_is_half_open(passed: int, asked: int, at: datetime) -> None:
    mug = await make_products.product()
    await on_sale(mug.variants[0].id, from_at=at + DAY, until_at=at + 2 * DAY)
    assert seen(mug).price_at(at + DAY + timedelta(seconds=passed)) == asked
    assert snapshot_refresh.snapshot().product_by_id(mug.id).boundaries == {at + DAY, at + 2 * DAY}  # type: ignore[union-attr]


async def test_a_sale_over_a_collection_reaches_what_lies_in_it_and_nothing_else() -> None:
    collection, mug = await in_a_collection()
    bowl = await make_products.product("Bowl")
    await on_sale(collection, kind="collection")
    assert (seen(mug).price_at(clock.now()), seen(bowl).price_at(clock.now())) == (1800, 2400)


async def test_the_trace_names_the_sale_and_says_until_when(at: datetime) -> None:
    mug = await make_products.product()
    await on_sale(mug.variants[0].id, until_at=at + DAY)
    price = prices.resolve(seen(mug), PriceContext.GUEST, at)
    applied = next(step for step in price.trace if step.applied).said()
    assert (applied.words, applied.amount) == ("Autumn firing", 1800)
    assert applied.reason.endswith("It ends on 2 March 2027.")


async def test_this_process_hears_of_a_sale_without_being_told(at: datetime) -> None:
    collection, mug = await in_a_collection()
    await sales.create(details(collection, kind="collection"))
    await snapshot_refresh.on_notification(f"collection:{collection}")
    await snapshot_refresh.catch_up()
    assert seen(mug).price_at(at) == 1800


@every_cell(
    ("changes", "field", "words"),
    [
        ({"value": 10_000}, "percent", "below 100"),
        ({"value": -1}, "percent", "above 0"),
        ({"discount_type": "explicit", "value": 0}, "amount", "above zero"),
        ({"discount_type": "explicit", "value": 2400}, "amount", "lower than the price of Moon mug"),
        ({"name": " "}, "name", "name"),
        ({"from_at": -DAY}, "from_at", "passed"),
        ({"from_at": DAY, "until_at": DAY}, "until_at", "must end after it starts"),
    ],
)
async def test_what_cannot_be_is_refused_at_its_field(changes: Any, field: str, words: str, at: datetime) -> None:
    mug = await make_products.product()
    given = {name: at + value if isinstance(value, timedelta) else value for name, value in changes.items()}
    with pytest.raises(SaleRefused, match=words) as refused:
        await sales.create(details(mug.variants[0].id, **given))
    assert refused.value.field == field


async def test_an_empty_collection_cannot_be_put_on_sale() -> None:
    collection = await collections.create(CollectionDetails(title="Nothing yet"))
    with pytest.raises(SaleRefused, match="no products here") as refused:
        await sales.create(details(collection, kind="collection"))
    assert refused.value.field == "collections"


async def test_two_sales_over_the_same_variant_at_the_same_time_are_refused_by_name(at: datetime) -> None:
    collection, mug = await in_a_collection()
    await on_sale(collection, kind="collection", until_at=at + DAY)
    with pytest.raises(SaleRefused, match="“Autumn firing” already covers Moon mug at that time"):
        await sales.create(details(mug.variants[0].id, name="Other", from_at=at + DAY / 2))
    await sales.create(details(mug.variants[0].id, name="Next", from_at=at + DAY))


async def test_a_variants_own_sale_is_in_the_way_too(at: datetime) -> None:
    mug = await make_products.product(sale_price=2000, sale_until=at + DAY)
    with pytest.raises(SaleRefused, match="already has its own sale price"):
        await sales.create(details(mug.variants[0].id))


async def test_of_a_sale_that_has_begun_only_the_end_moves(at: datetime) -> None:
    mug = await make_products.product()
    made = await on_sale(mug.variants[0].id)
    with pytest.raises(SaleRefused, match="only its end"):
        await sales.revise(made, details(mug.variants[0].id, value=5000))
    await sales.revise(made, details(mug.variants[0].id, until_at=at + DAY))
    with clock.frozen(at + DAY / 2):
        await sales.end(made)
    await snapshot_refresh.refresh()
    assert seen(mug).price_at(at + DAY / 2 - timedelta(seconds=1)) == 1800
    assert seen(mug).price_at(at + DAY / 2) == 2400


async def repriced(product: ProductView, price: int, at: datetime, **rest: Any) -> None:
    with clock.frozen(at):
        await variants.revise(product.variants[0].id, VariantDetails(price=price, **rest))


async def test_beside_a_sale_stands_the_lowest_price_of_thirty_days(at: datetime) -> None:
    mug = await make_products.product()
    await repriced(mug, 1900, at + 5 * DAY)
    await repriced(mug, 2600, at + 10 * DAY)
    with clock.frozen(at + 10 * DAY):
        await on_sale(mug.variants[0].id, from_at=at + 20 * DAY, name="Soon")
    assert seen(mug).sales[0].lowest_before == 1900
    price = prices.resolve(seen(mug), PriceContext.GUEST, at + 20 * DAY)
    assert (price.now, price.was, price.lowest_before) == (1950, 2600, 1900)
    assert prices.resolve(seen(mug), PriceContext.GUEST, at + 12 * DAY).lowest_before is None


@pytest.mark.parametrize(("days", "lowest"), [(39, 1900), (40, 2600), (41, 2600)])
async def test_a_price_that_ended_thirty_days_before_no_longer_counts(days: int, lowest: int, at: datetime) -> None:
    mug = await make_products.product()
    await repriced(mug, 1900, at + 5 * DAY)
    await repriced(mug, 2600, at + 10 * DAY)
    with clock.frozen(at + 11 * DAY):
        await on_sale(mug.variants[0].id, from_at=at + days * DAY)
    assert seen(mug).sales[0].lowest_before == lowest


async def test_an_earlier_sale_counts_for_the_lowest_price(at: datetime) -> None:
    mug = await make_products.product()
    await on_sale(mug.variants[0].id, value=5000, until_at=at + DAY)
    with clock.frozen(at + 2 * DAY):
        await on_sale(mug.variants[0].id, value=1000, name="Second")
    assert seen(mug).sales[-1].lowest_before == 1200


async def test_a_price_marked_down_for_good_shows_its_lowest_price_too(at: datetime) -> None:
    mug = await make_products.product()
    await repriced(mug, 1900, at + 2 * DAY, compare_at=2400)
    await snapshot_refresh.refresh()
    price = prices.resolve(seen(mug), PriceContext.GUEST, at + 3 * DAY)
    assert (price.now, price.was, price.lowest_before) == (1900, 2400, 2400)


async def test_every_change_of_a_price_is_kept_and_nothing_else_is(at: datetime) -> None:
    mug = await make_products.product()
    await repriced(mug, 2400, at + DAY)
    await repriced(mug, 2500, at + 2 * DAY, barcode="1")
    await repriced(mug, 2500, at + 3 * DAY, barcode="2")
    rows = await database.fetch("SELECT at, price FROM price_record ORDER BY at")
    assert [(row["at"], row["price"]) for row in rows] == [(at, 2400), (at + 2 * DAY, 2500)]
