"""Reads the active catalogue from its rows: everything, or some products after a change."""

from collections import defaultdict
from collections.abc import Collection as Many
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from components.catalog.prices import price_history, running_sales
from components.catalog.prices.running_sales import RunningSales
from components.catalog.tables import Collection
from components.catalog.views import CollectionView, PictureView, ProductView, Sale, VariantView
from components.foundation import database

Row = TypeVar("Row", "_VariantRow", "_PictureRow", "_PlaceRow")
Part = TypeVar("Part", "_VariantRow", "_PictureRow", "_PlaceRow")
History = price_history.History


_BESIDE = frozenset({"variants", "pictures", "collection_ids", "stamp"})
_PRODUCT_COLUMNS = tuple(field.name for field in fields(ProductView) if field.name not in _BESIDE)
"""A field of `ProductView` is the column of the same name, unless it is not read from the product's row."""
_Product = dict[str, Any]


class _VariantRow(NamedTuple):
    id: UUID
    product: UUID
    sku: str | None
    title: str
    options: list[str]
    price: int
    compare_at: int | None
    sale_price: int | None
    sale_from: datetime | None
    sale_until: datetime | None
    needs_delivery: bool
    is_taxable: bool
    tax_category: str
    barcode: str
    weight_grams: int
    available: int | None
    early_left: int | None


class _PictureRow(NamedTuple):
    id: UUID
    product: UUID
    variant: UUID | None
    path: str
    alt: str
    width: int
    height: int


class _PlaceRow(NamedTuple):
    product: UUID
    collection: UUID


@dataclass(frozen=True)
class _Statement(Generic[Row]):
    """Two statements rather than one for both cases, so that each has its own query plan."""

    kind: type[Row]
    select: str
    column: str
    order: str = ""

    async def rows(self, ids: list[UUID] | None) -> list[Row]:
        if ids is None:
            return await database.fetch_as(self.kind, f"{self.select} {self.order}")
        return await database.fetch_as(self.kind, f"{self.select} AND {self.column} = ANY($1) {self.order}", ids)


_PRODUCTS = f"SELECT {', '.join(_PRODUCT_COLUMNS)} FROM product WHERE status = 'active'"
_PRODUCT_ORDER = "ORDER BY position, created_at, id"

# Rows of inactive products are read too and then ignored: joining costs more than a few extra rows.
_VARIANTS = _Statement(
    _VariantRow,
    """SELECT v.id, v.product, v.sku, v.title, v.options, v.price, v.compare_at, v.sale_price, v.sale_from,
      v.sale_until, v.needs_delivery, v.is_taxable, v.tax_category, v.barcode,
      v.weight_grams,
      CASE WHEN v.tracks_stock AND NOT v.sells_when_out THEN greatest(v.on_hand - v.reserved, 0) END AS available,
      v.early_allotment - v.early_taken AS early_left
    FROM variant v WHERE v.withdrawn_at IS NULL""",
    "v.product",
    "ORDER BY v.position, v.id",
)
_PICTURES = _Statement(
    _PictureRow,
    "SELECT i.id, i.product, i.variant, i.path, i.alt, i.width, i.height FROM picture i WHERE true",
    "i.product",
    "ORDER BY i.position, i.id",
)
_PLACES = _Statement(_PlaceRow, "SELECT c.product, c.collection FROM collection_product c WHERE true", "c.product")


async def load_all(*, stamp: int) -> list[ProductView]:
    return await _loaded(None, stamp=stamp)


async def load_products(ids: Many[UUID], *, stamp: int) -> dict[UUID, ProductView | None]:
    """Each of these products, or None for one that is not (or no longer) active."""
    found = {product.id: product for product in await _loaded(list(ids), stamp=stamp)}
    return {id: found.get(id) for id in ids}


async def load_collections() -> tuple[CollectionView, ...]:
    shown = (Collection.id, Collection.slug, Collection.title, Collection.description)
    found = Collection.select(*shown, Collection.position, Collection.is_listed)
    rows = await found.order_by(Collection.position, Collection.title, Collection.id)
    return tuple(CollectionView(**row) for row in rows)


async def _loaded(ids: list[UUID] | None, *, stamp: int) -> list[ProductView]:
    products = await _products(ids)
    variants = _by_product(await _VARIANTS.rows(ids))
    pictures = _by_product(await _PICTURES.rows(ids))
    places = _by_product(await _PLACES.rows(ids))
    sales = await running_sales.running_at()
    history = await price_history.for_reduced(ids)
    shared: dict[frozenset[UUID], frozenset[UUID]] = {}
    views = []
    for row in products:
        collection_ids = frozenset(place.collection for place in places[row["id"]])
        collection_ids = shared.setdefault(collection_ids, collection_ids)
        if rows := variants[row["id"]]:
            priced = [_variant(each, row, collection_ids, sales, history) for each in rows]
            views.append(_product(row, priced, pictures[row["id"]], collection_ids, stamp))
    return views


async def _products(ids: list[UUID] | None) -> list[_Product]:
    if ids is None:
        return await database.fetch(f"{_PRODUCTS} {_PRODUCT_ORDER}")
    return await database.fetch(f"{_PRODUCTS} AND id = ANY($1) {_PRODUCT_ORDER}", ids)


def _by_product(rows: Iterable[Part]) -> defaultdict[UUID, list[Part]]:
    found: defaultdict[UUID, list[Part]] = defaultdict(list)
    for row in rows:
        found[row.product].append(row)
    return found


def _product(
    row: _Product,
    variants: list[VariantView],
    pictures: list[_PictureRow],
    collection_ids: frozenset[UUID],
    stamp: int,
) -> ProductView:
    return ProductView(
        **row | {"tags": tuple(row["tags"]), "option_names": tuple(row["option_names"])},
        variants=tuple(variants),
        pictures=tuple(_picture(picture) for picture in pictures),
        collection_ids=collection_ids,
        stamp=stamp,
    )


def _variant(
    row: _VariantRow, product: _Product, collection_ids: frozenset[UUID], running: RunningSales, history: History
) -> VariantView:
    values = len(product["option_names"])
    own = None if row.sale_price is None else Sale(row.sale_price, row.sale_from, row.sale_until)
    sales = running.of(row.id, row.price, own, collection_ids)
    past = history.get(row.id, ()) if sales or row.compare_at is not None else ()
    return VariantView(
        id=row.id,
        product_id=row.product,
        sku=row.sku,
        title=row.title,
        options=(*row.options, *("",) * values)[:values],
        price=row.price,
        compare_at=row.compare_at,
        sales=tuple(price_history.with_lowest(sale, past, sales, row.price) for sale in sales),
        available=row.available,
        needs_delivery=row.needs_delivery,
        is_taxable=row.is_taxable,
        tax_category=row.tax_category,
        collection_ids=collection_ids,
        lowest_before=price_history.lowest_before_reduction(past, sales) if row.compare_at is not None else None,
        early_left=row.early_left,
        barcode=row.barcode,
        weight_grams=row.weight_grams,
        members_only=product["members_only"],
    )


def _picture(row: _PictureRow) -> PictureView:
    return PictureView(row.id, row.path, row.alt, row.width, row.height, row.variant)
