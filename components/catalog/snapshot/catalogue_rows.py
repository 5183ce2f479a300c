"""The rows of the catalogue, and the views that are made of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from components.catalog.prices import price_history
from components.catalog.prices.running_sales import RunningSales
from components.catalog.views import PictureView, ProductView, Sale, VariantView

History = price_history.History
ProductRow = dict[str, Any]
Part = TypeVar("Part", "VariantRow", "ProductPictureRow", "PlaceRow")


class VariantRow(NamedTuple):
    id: UUID
    product: UUID
    sku: str | None
    shares_sku: bool
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
    on_shelf: int | None


class ProductPictureRow(NamedTuple):
    id: UUID
    product: UUID
    variant: UUID | None
    path: str
    alt: str
    width: int
    height: int


class PlaceRow(NamedTuple):
    product: UUID
    collection: UUID


@dataclass(frozen=True)
class CatalogueRows:
    """All rows; in a thread many are made into views while requests are answered."""

    products: list[ProductRow]
    variants: list[VariantRow]
    pictures: list[ProductPictureRow]
    places: list[PlaceRow]
    sales: RunningSales
    history: History

    def views(self, stamp: int) -> list[ProductView]:
        variants, pictures, places = _by_product(self.variants), _by_product(self.pictures), _by_product(self.places)
        shared: dict[frozenset[UUID], frozenset[UUID]] = {}
        found = []
        for row in self.products:
            collection_ids = frozenset(place.collection for place in places[row["id"]])
            collection_ids = shared.setdefault(collection_ids, collection_ids)
            if rows := variants[row["id"]]:
                priced = [_variant(each, row, collection_ids, self.sales, self.history) for each in rows]
                found.append(_product(row, priced, pictures[row["id"]], collection_ids, stamp))
        return found


def _by_product(rows: Iterable[Part]) -> defaultdict[UUID, list[Part]]:
    found: defaultdict[UUID, list[Part]] = defaultdict(list)
    for row in rows:
        found[row.product].append(row)
    return found


def _product(
    row: ProductRow,
    variants: list[VariantView],
    pictures: list[ProductPictureRow],
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
    row: VariantRow, product: ProductRow, collection_ids: frozenset[UUID], running: RunningSales, history: History
) -> VariantView:
    values = len(product["option_names"])
    own = None if row.sale_price is None else Sale(row.sale_price, row.sale_from, row.sale_until)
    sales = running.of(row.id, row.price, own, collection_ids)
    past = history.get(row.id, ()) if sales or row.compare_at is not None else ()
    return VariantView(
        id=row.id,
        product_id=row.product,
        sku=row.sku,
        shares_sku=row.shares_sku,
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
        on_shelf=row.on_shelf,
        members_only=product["members_only"],
    )


def _picture(row: ProductPictureRow) -> PictureView:
    return PictureView(row.id, row.path, row.alt, row.width, row.height, row.variant)
