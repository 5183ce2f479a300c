"""The current catalogue in the form of an import, so that it can be compared with a file."""

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from components.catalog.product_details import ProductDetails, VariantDetails
from components.foundation import database

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ExistingPicture:
    path: str
    alt: str
    width: int
    variant: UUID | None


@dataclass(frozen=True, slots=True)
class ExistingProduct:
    """A product of any status; its variants in order, without archived ones."""

    id: UUID
    slug: str
    details: ProductDetails
    variants: dict[UUID, VariantDetails]
    pictures: tuple[ExistingPicture, ...]


@dataclass(frozen=True, slots=True)
class ExistingCatalogue:
    """`titles` of collections by slug."""

    products: dict[UUID, ExistingProduct]
    titles: dict[str, str]


async def load() -> ExistingCatalogue:
    products = await database.fetch("SELECT * FROM product ORDER BY position, created_at, id")
    variants = _grouped("SELECT * FROM variant WHERE withdrawn_at IS NULL ORDER BY position, id")
    pictures = _grouped("SELECT * FROM picture ORDER BY position, id")
    places = _grouped(
        "SELECT p.product, c.slug FROM collection_product p JOIN collection c ON c.id = p.collection ORDER BY c.slug"
    )
    titles = await database.fetch("SELECT slug, title FROM collection")
    of = (await variants, await pictures, await places)
    found = (_product(row, *(rows[row["id"]] for rows in of)) for row in products)
    return ExistingCatalogue({product.id: product for product in found}, {row["slug"]: row["title"] for row in titles})


async def _grouped(sql: str) -> defaultdict[UUID, list[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in await database.fetch(sql):
        found[row["product"]].append(row)
    return found


def _product(row: Row, variants: list[Row], pictures: list[Row], places: list[Row]) -> ExistingProduct:
    collections = tuple(place["slug"] for place in places)
    return ExistingProduct(
        id=row["id"],
        slug=row["slug"],
        details=_details(ProductDetails, {**row, "collections": collections}),
        variants={variant["id"]: _details(VariantDetails, variant) for variant in variants},
        pictures=tuple(ExistingPicture(each["path"], each["alt"], each["width"], each["variant"]) for each in pictures),
    )


def _details(kind: Any, row: Row) -> Any:
    values = {field.name: row[field.name] for field in fields(kind)}
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})
