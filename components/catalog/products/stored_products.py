"""Products of every status as the rows have them, each with all that belongs to it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from components.catalog.catalog_refusals import UnknownProduct
from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import collections
from components.catalog.views import PictureView
from components.foundation import database

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredVariant:
    """Of `early_allotment` units (None: no end) `early_taken` are sold or held before the product is open to all."""

    id: UUID
    details: VariantDetails
    reserved: int
    early_allotment: int | None
    early_taken: int


@dataclass(frozen=True, slots=True)
class StoredProduct:
    id: UUID
    slug: str
    details: ProductDetails
    variants: tuple[StoredVariant, ...]
    pictures: tuple[PictureView, ...]

    def variant(self, id: UUID) -> StoredVariant | None:
        return next((variant for variant in self.variants if variant.id == id), None)


async def by_id(slug: str) -> StoredProduct:
    """Raises `UnknownProduct`."""
    row = await database.fetch_one("SELECT * FROM product WHERE slug = $1", slug)
    if row is None:
        raise UnknownProduct
    return (await _whole([row]))[0]


async def page_after(product_id: UUID | None, *, limit: int) -> tuple[StoredProduct, ...]:
    """Products of every status in the order of their making, whole; those after one of them when it is named."""
    sql = "SELECT * FROM product WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2"
    rows = await database.fetch(sql, product_id, limit)
    return await _whole(rows)


async def _whole(rows: list[Row]) -> tuple[StoredProduct, ...]:
    """With everything that belongs to them, in three statements however many they are."""
    ids = [row["id"] for row in rows]
    variants = _by_product(
        await database.fetch(
            "SELECT * FROM variant WHERE product = ANY($1) AND withdrawn_at IS NULL ORDER BY position, id", ids
        )
    )
    pictures = _by_product(
        await database.fetch("SELECT * FROM picture WHERE product = ANY($1) ORDER BY position, id", ids)
    )
    places = await collections.of_products(ids)
    return tuple(
        StoredProduct(
            id=row["id"],
            slug=row["slug"],
            details=_product_details(row, places.get(row["id"], ())),
            variants=tuple(_variant(each) for each in variants[row["id"]]),
            pictures=tuple(_picture(each) for each in pictures[row["id"]]),
        )
        for row in rows
    )


def _by_product(rows: list[Row]) -> defaultdict[UUID, list[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["product"]].append(row)
    return found


def _picture(row: Row) -> PictureView:
    return PictureView(row["id"], row["path"], row["alt"], row["width"], row["height"], row["variant"])


def _product_details(row: Row, slugs: tuple[str, ...]) -> ProductDetails:
    values = _values(ProductDetails, {**row, "collections": slugs})
    return ProductDetails(**values)


def _variant(row: Row) -> StoredVariant:
    details = VariantDetails(**_values(VariantDetails, row))
    return StoredVariant(row["id"], details, row["reserved"], row["early_allotment"], row["early_taken"])


def _values(kind: type[ProductDetails] | type[VariantDetails], row: Row) -> Row:
    found = {name: row[name] for name in kind.__dataclass_fields__}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
