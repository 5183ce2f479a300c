"""Named sets of products, and which products belong to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from components.catalog.catalog_refusals import AddressTaken, BadDetail, UnknownCollection
from components.catalog.positions import next_position
from components.catalog.tables import Collection, CollectionProduct
from components.foundation import audit, database, ids, json, text
from components.foundation.database import any_of
from components.foundation.refusals import Refusal

ORDERS = (
    ("shelf", "As in the whole shop"),
    ("manual", "As arranged here"),
    ("new", "Newest first"),
    ("price", "Price, low to high"),
    ("price-down", "Price, high to low"),
    ("name", "By name"),
)
MOST_IN_A_RULE = 50
_LISTS = ("rule_tags", "rule_kinds", "rule_vendors")


class RuleSaysNothing(Refusal):
    message = "Say at least one thing that the products have in common."


@dataclass(frozen=True, kw_only=True)
class CollectionDetails:
    """With `is_ruled` it holds the products that fit: one of the tags, types and brands named, and a lowest price
    within the bounds. `sort` is the order its list begins with."""

    title: str
    description: str = ""
    position: int = 0
    is_listed: bool = True
    sort: str = "shelf"
    is_ruled: bool = False
    rule_tags: tuple[str, ...] = ()
    rule_kinds: tuple[str, ...] = ()
    rule_vendors: tuple[str, ...] = ()
    rule_least: int | None = None
    rule_most: int | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """As they are stored: tags, types and brands in lower case, for they are compared so."""
        lists = {name: sorted({one.strip().lower() for one in getattr(self, name)} - {""}) for name in _LISTS}
        return {**vars(self), **lists}

    def check(self) -> None:
        if self.is_ruled:
            self._check_rule()
        if not self.title.strip():
            raise BadDetail("A collection needs a title.")
        if len(self.title) > 255:
            raise BadDetail("A title can have at most 255 characters.")

    def _check_rule(self) -> None:
        if not any(getattr(self, name) for name in _LISTS) and self.rule_least is None and self.rule_most is None:
            raise RuleSaysNothing
        if any(len(getattr(self, name)) > MOST_IN_A_RULE for name in _LISTS):
            raise BadDetail(f"A rule can name at most {MOST_IN_A_RULE} tags, types or brands each.")
        if self.rule_least is not None and self.rule_most is not None and self.rule_least > self.rule_most:
            raise BadDetail("The highest price can’t be below the lowest.")


async def create(details: CollectionDetails, *, slug: str = "", by: UUID | None = None) -> UUID:
    details.check()
    address = slug or text.slug(details.title)[:200] or "collection"
    collection_id = ids.new()
    async with database.transaction():
        try:
            async with database.transaction():
                await Collection.insert(Collection(id=collection_id, slug=address, **details.columns))
        except asyncpg.UniqueViolationError:
            raise AddressTaken(address) from None
        if by is not None:
            after = {"slug": address, **details.columns}
            await audit.record(by, "collection created", "collection", collection_id, after=after)
    return collection_id


async def revise(collection_id: UUID, details: CollectionDetails, *, by: UUID | None = None) -> tuple[str, ...]:
    """Save these details; returns the names of the changed fields."""
    details.check()
    async with database.transaction():
        row = await database.locked(Collection, Collection.id == collection_id)
        if row is None:
            raise UnknownCollection
        changes = {name: value for name, value in details.columns.items() if getattr(row, name) != value}
        if changes:
            await Collection.update(**changes).where(Collection.id == collection_id)
        if changes and by is not None:
            before = json.to_plain({name: getattr(row, name) for name in changes})
            await audit.record(by, "collection changed", "collection", collection_id, before=before, after=changes)
    return tuple(changes)


async def get_or_create(title: str, *, slug: str = "", by: UUID | None = None) -> str:
    """The slug of the collection with this title, created when there is none yet."""
    address = slug or text.slug(title)[:200] or "collection"
    if not await exists(address):
        position = await next_position(Collection.position)
        await create(CollectionDetails(title=title, position=position), slug=address, by=by)
    return address


_PUT_IN = "INSERT INTO collection_product (id, collection, product) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"


async def exists(slug: str) -> bool:
    return await Collection.exists().where(Collection.slug == slug)


async def set_products(product_id: UUID, slugs: tuple[str, ...]) -> bool:
    """Put the product in exactly these collections, those aside that fill themselves; True when something changed.

    Raises `UnknownCollection`.
    """
    found = await database.fetch_rows(_NAMED_OR_HOLDING, list(slugs), product_id)
    if sum(is_named for _, is_named, _, _ in found) != len(set(slugs)):
        raise UnknownCollection
    wanted = {id for id, is_named, _, is_ruled in found if is_named and not is_ruled}
    standing = {id for id, _, is_in, is_ruled in found if is_in and not is_ruled}
    if gone := standing - wanted:
        await CollectionProduct.delete().where(
            CollectionProduct.product == product_id, CollectionProduct.collection.is_in(list(gone))
        )
    for collection_id in sorted(wanted - standing):
        await database.execute(_PUT_IN, ids.new(), collection_id, product_id)
    return standing != wanted


_NAMED_OR_HOLDING = """
SELECT * FROM (SELECT c.id, c.slug = ANY($1::text[]) AS is_named,
  EXISTS (SELECT FROM collection_product p WHERE p.collection = c.id AND p.product = $2) AS is_in, c.is_ruled
  FROM collection c) known WHERE is_named OR is_in"""


async def fill(places: Mapping[UUID, Iterable[str]]) -> None:
    """Put new products in these collections, those aside that fill themselves. Raises `UnknownCollection`."""
    slugs = {slug for some in places.values() for slug in some}
    if not slugs:
        return
    found = await Collection.select(Collection.slug, Collection.id, Collection.is_ruled).where(
        any_of(Collection.slug, slugs)
    )
    if len(found) < len(slugs):
        raise UnknownCollection
    by_hand = {row["slug"]: row["id"] for row in found if not row["is_ruled"]}
    rows = [
        (ids.new(), by_hand[slug], product)
        for product, some in places.items()
        for slug in sorted(by_hand.keys() & set(some))
    ]
    await database.insert_rows(CollectionProduct, ("id", "collection", "product"), rows)


async def of(product_id: UUID) -> tuple[str, ...]:
    """Slugs of the collections that contain a product."""
    return (await of_products([product_id])).get(product_id, ())


_SELECT_SLUGS = """SELECT p.product, array_agg(c.slug ORDER BY c.slug) AS slugs
FROM collection_product p JOIN collection c ON c.id = p.collection"""
_SLUGS_OF_ALL = f"{_SELECT_SLUGS} GROUP BY p.product"
_SLUGS_OF_SOME = f"{_SELECT_SLUGS} WHERE p.product = ANY($1) GROUP BY p.product"


async def of_products(product_ids: Iterable[UUID] | None) -> dict[UUID, tuple[str, ...]]:
    """The same for several products (None: for all); products in no collection are left out."""
    if product_ids is None:
        rows = await database.fetch_rows(_SLUGS_OF_ALL)
    else:
        rows = await database.fetch_rows(_SLUGS_OF_SOME, list(product_ids))
    return {product: tuple(slugs) for product, slugs in rows}


async def titles() -> dict[str, str]:
    """The title of every collection, by its slug."""
    rows = await Collection.select(Collection.slug, Collection.title)
    return {row["slug"]: row["title"] for row in rows}


async def add_product(product_id: UUID, slug: str) -> bool:
    """Add the product to this collection too; False when it was already in it."""
    standing = await of(product_id)
    return slug not in standing and await set_products(product_id, (*standing, slug))
