"""Deleting what was never ordered: a product, a collection. Orders keep the rest, which is archived."""

from collections.abc import Sequence
from uuid import UUID

from components.catalog.catalog_refusals import UnknownCollection, UnknownProduct
from components.catalog.tables import (
    Collection,
    CollectionProduct,
    EarlyUnits,
    Picture,
    PriceRecord,
    Product,
    Reservation,
    StockMovement,
    Variant,
)
from components.foundation import database
from components.foundation.database import any_of
from components.foundation.operations import deletions
from components.foundation.operations.deletions import RowsOf, StillUsed, Thing


async def was_ordered(product_id: UUID) -> bool:
    """Whether an order names it, paid or not."""
    ids = await _variants(product_id)
    return bool(ids) and (
        await Reservation.exists().where(Reservation.variant.is_in(ids))
        or await EarlyUnits.exists().where(EarlyUnits.variant.is_in(ids))
    )


async def existing(product_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these that have not been deleted."""
    return set(await Product.select(Product.id).where(any_of(Product.id, product_ids)).output(as_list=True))


async def delete_product(product_id: UUID, *, by: UUID | None) -> UUID:
    """With its variants, pictures and opening stock; what it is brought back by.

    Raises `UnknownProduct`, `StillUsed`.
    """
    async with database.transaction():
        product = await database.locked(Product, Product.id == product_id)
        if product is None:
            raise UnknownProduct
        ids = await _variants(product_id)
        if await was_ordered(product_id):
            raise StillUsed("This product has been ordered, so it can only be archived.")
        await refuse_sales(ids)
        parts = (
            RowsOf(Product, Product.id, [product_id]),
            RowsOf(Variant, Variant.product, [product_id]),
            RowsOf(PriceRecord, PriceRecord.variant, ids),
            RowsOf(StockMovement, StockMovement.variant, ids),
            RowsOf(CollectionProduct, CollectionProduct.product, [product_id]),
            RowsOf(Picture, Picture.product, [product_id]),
        )
        thing = Thing("product", product_id, product.title, "/staff/products")
        return await deletions.delete(thing, parts, by=by)


async def delete_collection(collection_id: UUID, *, by: UUID | None) -> UUID:
    """Its products stay. Raises `UnknownCollection`, `StillUsed`."""
    async with database.transaction():
        row = await database.locked(Collection, Collection.id == collection_id)
        if row is None:
            raise UnknownCollection
        await refuse_sales([collection_id])
        parts = (
            RowsOf(Collection, Collection.id, [collection_id]),
            RowsOf(CollectionProduct, CollectionProduct.collection, [collection_id]),
        )
        thing = Thing("collection", collection_id, row.title, "/staff/collections")
        return await deletions.delete(thing, parts, by=by)


async def delete_picture(picture_id: UUID, *, by: UUID | None) -> UUID | None:
    """Its files stay, because orders and e-mails may still show them; None when it is gone already."""
    async with database.transaction():
        row = await database.locked(Picture, Picture.id == picture_id)
        if row is None:
            return None
        of = (await Product.select(Product.slug, Product.title).where(Product.id == row.product))[0]
        name = f"{of['title']}: {row.alt or 'picture'}"
        thing = Thing("picture", picture_id, name, f"/staff/products/{of['slug']}")
        return await deletions.delete(thing, (RowsOf(Picture, Picture.id, [picture_id]),), by=by)


async def _variants(product_id: UUID) -> list[UUID]:
    return await Variant.select(Variant.id).where(Variant.product == product_id).output(as_list=True)


_NAMED_BY = """
SELECT string_agg(name, ', ' ORDER BY name) FROM sale_price
WHERE scope_ids && $1::uuid[] AND withdrawn_at IS NULL AND holds('-infinity', until_at, now())"""


async def refuse_sales(ids: Sequence[UUID]) -> None:
    """Raises `StillUsed`, naming the sales that are on or to come."""
    if named := await database.fetch_value(_NAMED_BY, list(ids)):
        raise StillUsed(f"A sale names it: {named}. End or change it first.")
