"""Named sets of products, and which product stands in which."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from components.catalog.catalog_refusals import AddressTaken, BadDetail, UnknownCollection
from components.catalog.tables import Collection
from components.foundation import audit, database, ids, json, text


@dataclass(frozen=True, kw_only=True)
class CollectionDetails:
    title: str
    description: str = ""
    position: int = 0
    is_listed: bool = True

    def check(self) -> None:
        if not self.title.strip():
            raise BadDetail("A collection needs a title.")
        if len(self.title) > 255:
            raise BadDetail("A title can have at most 255 characters.")


async def create(details: CollectionDetails, *, slug: str = "", by: UUID | None = None) -> UUID:
    details.check()
    address = slug or text.slug(details.title)[:200] or "collection"
    collection_id = ids.new()
    async with database.transaction():
        try:
            async with database.transaction():
                await Collection.insert(Collection(id=collection_id, slug=address, **vars(details)))
        except asyncpg.UniqueViolationError:
            raise AddressTaken(address) from None
        if by is not None:
            after = {"slug": address, **vars(details)}
            await audit.record(by, "collection created", "collection", collection_id, after=after)
    return collection_id


async def revise(collection_id: UUID, details: CollectionDetails, *, by: UUID | None = None) -> tuple[str, ...]:
    """Make the collection so; names of what changed."""
    details.check()
    async with database.transaction():
        row = await database.fetch_one("SELECT * FROM collection WHERE id = $1 FOR UPDATE", collection_id)
        if row is None:
            raise UnknownCollection
        changes = {name: value for name, value in vars(details).items() if row[name] != value}
        if changes:
            await Collection.update(**changes).where(Collection.id == collection_id)
        if changes and by is not None:
            before = json.to_plain({name: row[name] for name in changes})
            await audit.record(by, "collection changed", "collection", collection_id, before=before, after=changes)
    return tuple(changes)


async def get_or_create(title: str, *, slug: str = "", by: UUID | None = None) -> str:
    """The slug of the collection with this title, made when there is none yet."""
    address = slug or text.slug(title)[:200] or "collection"
    if not await database.fetch_value("SELECT true FROM collection WHERE slug = $1", address):
        position = await database.fetch_value("SELECT coalesce(max(position) + 1, 0) FROM collection")
        await create(CollectionDetails(title=title, position=position), slug=address, by=by)
    return address


async def set_products(product_id: UUID, slugs: tuple[str, ...]) -> bool:
    """Have it stand in exactly these collections; whether that changed anything. Raises `UnknownCollection`."""
    wanted = {row["id"] for row in await database.fetch("SELECT id FROM collection WHERE slug = ANY($1)", list(slugs))}
    if len(wanted) != len(set(slugs)):
        raise UnknownCollection
    rows = await database.fetch("SELECT collection FROM collection_product WHERE product = $1", product_id)
    standing = {row["collection"] for row in rows}
    if gone := standing - wanted:
        sql = "DELETE FROM collection_product WHERE product = $1 AND collection = ANY($2)"
        await database.execute(sql, product_id, list(gone))
    for collection_id in sorted(wanted - standing):
        await database.execute(_STAND, ids.new(), collection_id, product_id)
    return standing != wanted


async def of(product_id: UUID) -> tuple[str, ...]:
    """Slugs of the collections that a product stands in."""
    return (await of_products([product_id])).get(product_id, ())


async def of_products(product_ids: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The same for several products; those that stand in none are left out."""
    rows = await database.fetch(
        """SELECT p.product, array_agg(c.slug ORDER BY c.slug) AS slugs
        FROM collection_product p JOIN collection c ON c.id = p.collection
        WHERE p.product = ANY($1) GROUP BY p.product""",
        list(product_ids),
    )
    return {row["product"]: tuple(row["slugs"]) for row in rows}


async def add_product(product_id: UUID, slug: str) -> bool:
    """Have the product stand in this collection too; whether it did not before."""
    standing = await of(product_id)
    return slug not in standing and await set_products(product_id, (*standing, slug))


_STAND = "INSERT INTO collection_product (id, collection, product) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
