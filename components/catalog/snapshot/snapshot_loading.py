"""Reading the active catalogue from its rows: everything, or some products after a change."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from components.catalog.prices import price_history, running_sales
from components.catalog.prices.running_sales import RunningSales
from components.catalog.views import CollectionView, PictureView, ProductView, VariantView
from components.foundation import database

Row = dict[str, Any]
History = price_history.History

_PRODUCTS = """
SELECT id, slug, title, description, vendor, kind, tags, option_names, public_from, members_only, position, created_at
FROM product p WHERE status = 'active' {among} ORDER BY position, created_at, id"""

# What belongs to products that are not active is read too, and left: joining costs more than a few rows too many.
_VARIANTS = """
SELECT v.id, v.product, v.sku, v.title, v.options, v.price, v.compare_at, v.sale_price, v.sale_from, v.sale_until,
  v.needs_delivery, v.is_taxable, v.barcode,
  CASE WHEN v.tracks_stock AND NOT v.sells_when_out THEN greatest(v.on_hand - v.reserved, 0) END AS available,
  v.early_allotment - v.early_taken AS early_left
FROM variant v WHERE v.withdrawn_at IS NULL {among} ORDER BY v.position, v.id"""

_PICTURES = """
SELECT i.id, i.product, i.variant, i.path, i.alt, i.width, i.height
FROM picture i WHERE true {among} ORDER BY i.position, i.id"""

_PLACES = "SELECT c.product, c.collection FROM collection_product c WHERE true {among}"

_COLLECTIONS = "SELECT id, slug, title, description, position, is_listed FROM collection ORDER BY position, title, id"


async def load_all(*, stamp: int) -> list[ProductView]:
    return await _loaded(None, stamp=stamp)


async def load_products(ids: Collection[UUID], *, stamp: int) -> dict[UUID, ProductView | None]:
    """Each of these products, or None for one that is not (or no longer) offered."""
    found = {product.id: product for product in await _loaded(list(ids), stamp=stamp)}
    return {id: found.get(id) for id in ids}


async def load_collections() -> tuple[CollectionView, ...]:
    return tuple(CollectionView(**row) for row in await database.fetch(_COLLECTIONS))


async def _loaded(ids: list[UUID] | None, *, stamp: int) -> list[ProductView]:
    products = await _rows(_PRODUCTS, "p.id", ids)
    variants = _by_product(await _rows(_VARIANTS, "v.product", ids))
    pictures = _by_product(await _rows(_PICTURES, "i.product", ids))
    places = _by_product(await _rows(_PLACES, "c.product", ids))
    sales = await running_sales.running_at()
    history = await price_history.for_reduced(ids)
    shared: dict[frozenset[UUID], frozenset[UUID]] = {}
    views = []
    for row in products:
        collection_ids = frozenset(place["collection"] for place in places[row["id"]])
        collection_ids = shared.setdefault(collection_ids, collection_ids)
        if rows := variants[row["id"]]:
            priced = [_variant(each, row, collection_ids, sales, history) for each in rows]
            views.append(_product(row, priced, pictures[row["id"]], collection_ids, stamp))
    return views


async def _rows(sql: str, column: str, ids: list[UUID] | None) -> list[Row]:
    """Two statements rather than one that suits both: each is planned for what it does."""
    if ids is None:
        return await database.fetch(sql.format(among=""))
    return await database.fetch(sql.format(among=f"AND {column} = ANY($1)"), ids)


def _by_product(rows: Iterable[Row]) -> defaultdict[UUID, list[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["product"]].append(row)
    return found


def _product(
    row: Row, variants: list[VariantView], pictures: list[Row], collection_ids: frozenset[UUID], stamp: int
) -> ProductView:
    row["tags"], row["option_names"] = tuple(row["tags"]), tuple(row["option_names"])
    return ProductView(
        **row,
        variants=tuple(variants),
        pictures=tuple(_picture(picture) for picture in pictures),
        collection_ids=collection_ids,
        stamp=stamp,
    )


def _variant(
    row: Row, product: Row, collection_ids: frozenset[UUID], running: RunningSales, history: History
) -> VariantView:
    values = len(product["option_names"])
    sales = running.of(row, collection_ids)
    past = history.get(row["id"], ()) if sales or row["compare_at"] is not None else ()
    return VariantView(
        id=row["id"],
        product_id=row["product"],
        sku=row["sku"],
        title=row["title"],
        options=(*row["options"], *("",) * values)[:values],
        price=row["price"],
        compare_at=row["compare_at"],
        sales=tuple(price_history.with_lowest(sale, past, sales, row["price"]) for sale in sales),
        available=row["available"],
        needs_delivery=row["needs_delivery"],
        is_taxable=row["is_taxable"],
        collection_ids=collection_ids,
        lowest_before=price_history.lowest_before_reduction(past, sales) if row["compare_at"] is not None else None,
        early_left=row["early_left"],
        barcode=row["barcode"],
        members_only=product["members_only"],
    )


def _picture(row: Row) -> PictureView:
    return PictureView(row["id"], row["path"], row["alt"], row["width"], row["height"], row["variant"])
