"""Products of every status as stored, with their variants, collections and pictures."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from components.catalog.catalog_refusals import UnknownProduct
from components.catalog.pictures.pictures import picture_view
from components.catalog.product_details import ProductDetails, VariantDetails, from_row
from components.catalog.products import collections
from components.catalog.tables import Picture, Product, Variant
from components.catalog.views import PictureView
from components.foundation.database import any_of

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredVariant:
    """`early_taken` of the `early_allotment` units (None: no limit) are sold or held before general sale."""

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
    rows = await Product.select().where(Product.slug == slug)
    if not rows:
        raise UnknownProduct
    return (await _whole(rows, [rows[0]["id"]]))[0]


async def details(product_ids: Sequence[UUID]) -> dict[UUID, ProductDetails]:
    """What is written about these products; those that are not here are left out."""
    rows = await Product.select().where(any_of(Product.id, product_ids))
    places = await collections.of_products([row["id"] for row in rows])
    return {row["id"]: _product_details(row, places.get(row["id"], ())) for row in rows}


async def page_after(product_id: UUID | None, *, limit: int) -> tuple[StoredProduct, ...]:
    """Whole products of every status in the order of creation; with an id, those after it."""
    products = Product.select().order_by(Product.id).limit(limit)
    rows = await (products if product_id is None else products.where(Product.id > product_id))
    return await _whole(rows, [row["id"] for row in rows]) if rows else ()


async def order() -> tuple[UUID, ...]:
    """Every product's id in the shop's order."""
    found = Product.select(Product.id).order_by(Product.position, Product.created_at, Product.id)
    return tuple(row["id"] for row in await found)


async def _whole(rows: list[Row], ids: list[UUID]) -> tuple[StoredProduct, ...]:
    """With everything that belongs to them, in three statements whatever their number."""
    variants = Variant.select().where(Variant.withdrawn_at.is_null()).order_by(Variant.position, Variant.id)
    pictures = Picture.select().order_by(Picture.position, Picture.id)
    variants_of = _by_product(await variants.where(Variant.product.is_in(ids)))
    pictures_of = _by_product(await pictures.where(Picture.product.is_in(ids)))
    places = await collections.of_products(ids)
    return tuple(
        StoredProduct(
            id=row["id"],
            slug=row["slug"],
            details=_product_details(row, places.get(row["id"], ())),
            variants=tuple(_variant(each) for each in variants_of[row["id"]]),
            pictures=tuple(picture_view(each) for each in pictures_of[row["id"]]),
        )
        for row in rows
    )


def _by_product(rows: list[Row]) -> defaultdict[UUID, list[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["product"]].append(row)
    return found


def _product_details(row: Row, slugs: tuple[str, ...]) -> ProductDetails:
    return from_row(ProductDetails, {**row, "collections": slugs})


def _variant(row: Row) -> StoredVariant:
    return StoredVariant(
        row["id"], from_row(VariantDetails, row), row["reserved"], row["early_allotment"], row["early_taken"]
    )
