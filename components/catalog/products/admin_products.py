"""The catalogue as staff see it: products of every status, read directly from the rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from piccolo.query.functions.aggregate import Count

from components.catalog.catalog_refusals import UnknownCollection
from components.catalog.tables import Product, Variant
from components.foundation import database, paging
from components.foundation.database import any_of

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A product in the list. Prices in minor units; `on_hand` is None when no variant counts its stock."""

    slug: str
    title: str
    status: str
    public_from: datetime | None
    members_only: bool
    variants: int
    least: int | None
    most: int | None
    on_hand: int | None
    reserved: int


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[Item, ...]
    total: int
    page: int
    pages: int


_MATCHING = """
FROM product p WHERE ($1 = '' OR p.status = $1) AND ($2 = '' OR p.title ILIKE $2 OR p.slug ILIKE $2
  OR EXISTS (SELECT FROM variant v WHERE v.product = p.id AND v.sku ILIKE $2))"""

_HOW_MANY = f"SELECT count(*) {_MATCHING}"

_ITEMS = f"""
SELECT slug, title, status, public_from, members_only, s.* FROM (
  SELECT p.id, p.slug, p.title, p.status, p.public_from, p.members_only {_MATCHING}
  ORDER BY p.title, p.id LIMIT {PAGE} OFFSET $3) p
LEFT JOIN LATERAL (
  SELECT count(*) AS variants, min(price) AS least, max(price) AS most,
    sum(on_hand) FILTER (WHERE tracks_stock) AS on_hand, coalesce(sum(reserved), 0) AS reserved
  FROM variant v WHERE v.product = p.id AND v.withdrawn_at IS NULL) s ON true
ORDER BY title, p.id"""


@dataclass(frozen=True, slots=True)
class Named:
    """A variant named by its SKU, or by its id when it has none; a product by its slug."""

    id: UUID
    name: str
    is_on_sale: bool


_VARIANTS_NAMED = """
SELECT v.id, CASE WHEN v.sku IS NULL OR v.sku = '' OR v.shares_sku THEN v.id::text ELSE v.sku END AS name,
  p.status = 'active' AND v.withdrawn_at IS NULL AS is_on_sale
FROM variant v JOIN product p ON p.id = v.product WHERE v.id = ANY($1) ORDER BY 2"""


async def variants_named(ids: Collection[UUID]) -> tuple[Named, ...]:
    """Variants of every status, withdrawn ones included."""
    return tuple(await database.fetch_as(Named, _VARIANTS_NAMED, list(ids)))


async def products_named(ids: Collection[UUID]) -> tuple[Named, ...]:
    """Products of every status."""
    if not ids:
        return ()
    found = Product.select(Product.id, Product.slug, Product.status).where(Product.id.is_in(list(ids)))
    return tuple(Named(row["id"], row["slug"], row["status"] == "active") for row in await found.order_by(Product.slug))


async def product_page(*, words: str = "", status: str = "", page: int = 1) -> Items:
    """Products by title, fifty to a page; `words` are searched in titles, slugs and SKUs."""
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" if words else ""
    total = await database.fetch_value(_HOW_MANY, status, pattern)
    number = paging.within(page, total, PAGE)
    items = await database.fetch_as(Item, _ITEMS, status, pattern, (number - 1) * PAGE)
    return Items(tuple(items), total, number, paging.last(total, PAGE))


async def counts() -> dict[str, int]:
    """The number of products of each status."""
    rows = await Product.select(Product.status, Count()).group_by(Product.status)
    return {row["status"]: row["count"] for row in rows}


async def tax_categories() -> frozenset[str]:
    """Those that taxable variants of the shop have."""
    one = Variant
    rows = await one.select(one.tax_category).where(one.withdrawn_at.is_null(), one.is_taxable.eq(True)).distinct()
    return frozenset(row["tax_category"] for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCollection:
    id: UUID
    slug: str
    title: str
    description: str
    position: int
    is_listed: bool
    sort: str
    is_ruled: bool
    rule_tags: list[str]
    rule_kinds: list[str]
    rule_vendors: list[str]
    rule_least: int | None
    rule_most: int | None
    size: int


_COLLECTIONS = """
SELECT c.id, c.slug, c.title, c.description, c.position, c.is_listed, c.sort, c.is_ruled, c.rule_tags,
  c.rule_kinds, c.rule_vendors, c.rule_least, c.rule_most,
  (SELECT count(*) FROM collection_product p WHERE p.collection = c.id) AS size
FROM collection c WHERE $1 = '' OR c.slug = $1 ORDER BY c.position, c.title"""


async def all_collections() -> tuple[StoredCollection, ...]:
    return tuple(await database.fetch_as(StoredCollection, _COLLECTIONS, ""))


async def collection_by_id(slug: str) -> StoredCollection:
    """Raises `UnknownCollection`."""
    found = await database.fetch_one_as(StoredCollection, _COLLECTIONS, slug) if slug else None
    if found is None:
        raise UnknownCollection
    return found


async def not_archived(product_ids: list[UUID]) -> int:
    """How many of these are there and not archived."""
    return int(await Product.count().where(any_of(Product.id, product_ids), Product.status != "archived"))
