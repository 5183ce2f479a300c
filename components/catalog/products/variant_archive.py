"""Variants that are no longer offered, and offering them again."""

from uuid import UUID

from components.catalog.catalog_refusals import OptionsTaken, UnknownVariant
from components.catalog.tables import Variant
from components.foundation import audit, database


async def restore(variant_id: UUID, *, by: UUID | None = None) -> bool:
    """Offer it again; False when it was offered. Raises `OptionsTaken` if another variant has its options now."""
    async with database.transaction():
        row = await database.locked(Variant, Variant.id == variant_id)
        if row is None:
            raise UnknownVariant
        if not row.withdrawn_at:
            return False
        same = Variant.exists().where(
            Variant.product == row.product, Variant.options == row.options, Variant.withdrawn_at.is_null()
        )
        if await same:
            raise OptionsTaken(tuple(row.options))
        await Variant.update(withdrawn_at=None).where(Variant.id == variant_id)
        if by is not None:
            await audit.record(by, "variant restored", "variant", variant_id, after={"withdrawn": False})
    return True


async def archived(product_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """The archived variants of a product: id and name."""
    found = Variant.select(Variant.id, Variant.title).order_by(Variant.position, Variant.id)
    rows = await found.where(Variant.product == product_id, Variant.withdrawn_at.is_not_null())
    return tuple((row["id"], row["title"]) for row in rows)
