"""Reads the active catalogue from its rows: everything, or some products after a change."""

import asyncio
from collections.abc import Collection as Many
from dataclasses import dataclass, fields
from typing import Generic, TypeVar
from uuid import UUID

from components.catalog.prices import price_history, running_sales
from components.catalog.snapshot.catalogue_rows import (
    CatalogueRows,
    PlaceRow,
    ProductPictureRow,
    ProductRow,
    VariantRow,
)
from components.catalog.tables import Collection
from components.catalog.views import CollectionView, ProductView
from components.foundation import database

Row = TypeVar("Row", "VariantRow", "ProductPictureRow", "PlaceRow")


_BESIDE = frozenset({"variants", "pictures", "collection_ids", "stamp"})
_PRODUCT_COLUMNS = tuple(field.name for field in fields(ProductView) if field.name not in _BESIDE)
"""A field of `ProductView` is the column of the same name, unless it is not read from the product's row."""
FEW = 20


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
    VariantRow,
    """SELECT v.id, v.product, v.sku, v.shares_sku, v.title, v.options, v.price, v.compare_at, v.sale_price,
      v.sale_from, v.sale_until, v.needs_delivery, v.is_taxable, v.tax_category, v.barcode,
      v.weight_grams,
      CASE WHEN v.tracks_stock AND NOT v.sells_when_out THEN greatest(v.on_hand - v.reserved, 0) END AS available,
      v.early_allotment - v.early_taken AS early_left,
      CASE WHEN v.tracks_stock THEN greatest(v.on_hand - v.reserved, 0) END AS on_shelf
    FROM variant v WHERE v.withdrawn_at IS NULL""",
    "v.product",
    "ORDER BY v.position, v.id",
)
_PICTURES = _Statement(
    ProductPictureRow,
    "SELECT i.id, i.product, i.variant, i.path, i.alt, i.width, i.height FROM picture i WHERE true",
    "i.product",
    "ORDER BY i.position, i.id",
)
_PLACES = _Statement(PlaceRow, "SELECT c.product, c.collection FROM collection_product c WHERE true", "c.product")


async def load_all(*, stamp: int) -> list[ProductView]:
    return await _loaded(None, stamp=stamp)


async def load_products(ids: Many[UUID], *, stamp: int) -> dict[UUID, ProductView | None]:
    """Each of these products, or None for one that is not (or no longer) active."""
    found = {product.id: product for product in await _loaded(list(ids), stamp=stamp)}
    return {id: found.get(id) for id in ids}


async def load_collections() -> tuple[CollectionView, ...]:
    shown = (Collection.id, Collection.slug, Collection.title, Collection.description)
    found = Collection.select(*shown, Collection.position, Collection.is_listed, Collection.sort)
    rows = await found.order_by(Collection.position, Collection.title, Collection.id)
    arranged = [row["id"] for row in rows if row["sort"] == "manual"]
    orders = dict(await database.fetch_rows(_ORDERS, arranged)) if arranged else {}
    return tuple(CollectionView(**row, order=tuple(orders.get(row["id"], ()))) for row in rows)


_ORDERS = """
SELECT collection, array_agg(product ORDER BY position, id) FROM collection_product
WHERE position > 0 AND collection = ANY($1) GROUP BY collection"""


async def _loaded(ids: list[UUID] | None, *, stamp: int) -> list[ProductView]:
    read = CatalogueRows(
        products=await _products(ids),
        variants=await _VARIANTS.rows(ids),
        pictures=await _PICTURES.rows(ids),
        places=await _PLACES.rows(ids),
        sales=await running_sales.running_at(),
        history=await price_history.for_reduced(ids),
    )
    return read.views(stamp) if len(read.products) <= FEW else await asyncio.to_thread(read.views, stamp)


async def _products(ids: list[UUID] | None) -> list[ProductRow]:
    if ids is None:
        return await database.fetch(f"{_PRODUCTS} {_PRODUCT_ORDER}")
    return await database.fetch(f"{_PRODUCTS} AND id = ANY($1) {_PRODUCT_ORDER}", ids)
