"""Filling a collection: many products at once, in an order of its own; and what a rule would hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from components.catalog.catalog_refusals import UnknownCollection
from components.catalog.products.collections import CollectionDetails
from components.catalog.tables import Collection, CollectionProduct
from components.foundation import audit, database, ids, paging
from components.foundation.database import any_of
from components.foundation.refusals import Conflict, Refusal

PAGE = 50
MOST_AT_ONCE = 10_000


class FilledByRule(Conflict):
    message = "This collection fills itself. Change its rule instead."


class TooManyFound(Refusal):
    message = f"At most {MOST_AT_ONCE:,} products can be added at once. Narrow the search."


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionCandidate:
    """A product of any status; `place` counts from 1 where staff arranged it, `is_in` is whether it is in already."""

    id: UUID
    slug: str
    title: str
    status: str
    least: int | None
    is_in: bool
    place: int


@dataclass(frozen=True, slots=True)
class CollectionCandidatePage:
    products: tuple[CollectionCandidate, ...]
    total: int
    page: int
    pages: int


_PLACES = "LEFT JOIN collection_product c ON c.product = p.id AND c.collection = $1"
_MATCHING = """
WHERE p.status <> 'archived' AND (SELECT coalesce(bool_and(p.title ILIKE word OR p.slug ILIKE word OR p.kind ILIKE word
    OR p.vendor ILIKE word OR EXISTS (SELECT FROM unnest(p.tags) tag WHERE tag ILIKE word)
    OR EXISTS (SELECT FROM variant v WHERE v.product = p.id AND v.sku ILIKE word)), true)
  FROM unnest($2::text[]) word)"""
_SHOWN = """SELECT p.id, p.slug, p.title, p.status, c.id IS NOT NULL AS is_in, coalesce(c.position, 0) AS place,
  (SELECT min(v.price) FROM variant v WHERE v.product = p.id AND v.withdrawn_at IS NULL) AS least"""
_FOUND = f"{_SHOWN} FROM product p {_PLACES} {_MATCHING} ORDER BY p.title, p.id LIMIT {PAGE} OFFSET $3"
_HOW_MANY = f"SELECT count(*) FROM product p {_MATCHING.replace('$2', '$1')}"
_INSIDE = f"""{_SHOWN} FROM product p JOIN collection_product c ON c.product = p.id AND c.collection = $1
ORDER BY c.position = 0, c.position, p.position, lower(p.title), p.id LIMIT {PAGE} OFFSET $2"""


async def found(collection_id: UUID, words: str, *, page: int = 1) -> CollectionCandidatePage:
    """Products that say every word in title, address, type, brand, tag or SKU; archived ones are left out."""
    patterns = _patterns(words)
    total = await database.fetch_value(_HOW_MANY, patterns)
    number = paging.within(page, total, PAGE)
    products = await database.fetch_as(CollectionCandidate, _FOUND, collection_id, patterns, (number - 1) * PAGE)
    return CollectionCandidatePage(tuple(products), total, number, paging.last(total, PAGE))


async def inside(collection_id: UUID, *, page: int = 1) -> CollectionCandidatePage:
    """What it has, in its order; of every status."""
    total = await CollectionProduct.count().where(CollectionProduct.collection == collection_id)
    number = paging.within(page, total, PAGE)
    products = await database.fetch_as(CollectionCandidate, _INSIDE, collection_id, (number - 1) * PAGE)
    return CollectionCandidatePage(tuple(products), total, number, paging.last(total, PAGE))


async def add(collection_id: UUID, product_ids: Sequence[UUID], *, by: UUID | None) -> tuple[UUID, ...]:
    """Those that were not in it yet. Raises `UnknownCollection`, `FilledByRule`."""
    return await _add(collection_id, product_ids, by)


async def add_all_found(collection_id: UUID, words: str, *, by: UUID | None) -> tuple[UUID, ...]:
    """Everything `found` lists, on all its pages. Raises `TooManyFound` too."""
    chosen = f"SELECT p.id FROM product p {_MATCHING.replace('$2', '$1')} ORDER BY p.id LIMIT {MOST_AT_ONCE + 1}"
    product_ids = await database.fetch_values(chosen, _patterns(words))
    if len(product_ids) > MOST_AT_ONCE:
        raise TooManyFound
    return await _add(collection_id, product_ids, by)


async def remove(collection_id: UUID, product_ids: Sequence[UUID], *, by: UUID | None) -> tuple[UUID, ...]:
    """Those that were in it. Raises `UnknownCollection`, `FilledByRule`."""
    async with database.transaction():
        await _by_hand(collection_id)
        one = CollectionProduct
        its = (one.collection == collection_id) & any_of(one.product, product_ids)
        gone = tuple([row["product"] for row in await one.delete().where(its).returning(one.product)])
        if gone:
            await audit.record(by, "products removed", "collection", collection_id, after={"products": len(gone)})
    return gone


async def arrange(collection_id: UUID, places: Mapping[UUID, int], *, by: UUID | None) -> bool:
    """Give these products their places, counted from 1; those with 0 come after. The list then begins with this order.

    Raises `UnknownCollection`.
    """
    async with database.transaction():
        row = await _locked(collection_id)
        changed = await database.fetch_values(_ARRANGE, collection_id, list(places), list(places.values()))
        if row.sort != "manual":
            await row.update_self({Collection.sort: "manual"})
        if changed or row.sort != "manual":
            await audit.record(by, "products arranged", "collection", collection_id, after={"products": len(changed)})
    return bool(changed)


async def fitting(details: CollectionDetails, collection_id: UUID | None = None) -> tuple[int, int]:
    """How many products fit this rule, archived ones aside; and how many of those in the collection do not."""
    rule = details.columns
    said = [rule[name] for name in ("rule_tags", "rule_kinds", "rule_vendors", "rule_least", "rule_most")]
    rows = await database.fetch_rows(_FITTING, *said, collection_id)
    return rows[0][0], rows[0][1]


_PUT_ALL_IN = """
INSERT INTO collection_product (id, collection, product, position)
SELECT wanted.id, $1, p.id, 0 FROM unnest($2::uuid[], $3::uuid[]) wanted(id, product)
JOIN product p ON p.id = wanted.product ORDER BY p.id ON CONFLICT DO NOTHING RETURNING product"""
_ARRANGE = """
UPDATE collection_product c SET position = wanted.place FROM unnest($2::uuid[], $3::int[]) wanted(product, place)
WHERE c.collection = $1 AND c.product = wanted.product AND c.position <> wanted.place RETURNING c.product"""
_FITTING = """
SELECT count(*) FILTER (WHERE fits AND status <> 'archived'), count(*) FILTER (WHERE is_in AND NOT fits) FROM (
  SELECT p.status, fits_collection(p, $1::varchar[], $2::varchar[], $3::varchar[], $4, $5) AS fits,
    EXISTS (SELECT FROM collection_product c WHERE c.collection = $6 AND c.product = p.id) AS is_in
  FROM product p) known"""


async def _add(collection_id: UUID, product_ids: Sequence[UUID], by: UUID | None) -> tuple[UUID, ...]:
    async with database.transaction():
        await _by_hand(collection_id)
        places = [ids.new() for _ in product_ids]
        added = tuple(await database.fetch_values(_PUT_ALL_IN, collection_id, places, list(product_ids)))
        if added:
            await audit.record(by, "products added", "collection", collection_id, after={"products": len(added)})
    return added


async def _by_hand(collection_id: UUID) -> None:
    if (await _locked(collection_id)).is_ruled:
        raise FilledByRule


async def _locked(collection_id: UUID) -> Collection:
    row = await database.locked(Collection, Collection.id == collection_id)
    if row is None:
        raise UnknownCollection
    return row


def _patterns(words: str) -> list[str]:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return [f"%{word}%" for word in escaped.split()]
