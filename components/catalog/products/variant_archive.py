"""Variants that are no longer offered, and offering them again."""

from dataclasses import dataclass
from uuid import UUID

from components.catalog.catalog_refusals import OptionsTaken, UnknownVariant
from components.catalog.tables import Variant
from components.foundation import audit, database


@dataclass(frozen=True, slots=True)
class ArchivedVariant:
    """`is_replaced`: another variant has its options now, so it cannot be offered again."""

    id: UUID
    name: str
    is_replaced: bool


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


async def archived(product_id: UUID) -> tuple[ArchivedVariant, ...]:
    return tuple(await database.fetch_as(ArchivedVariant, _ARCHIVED, product_id))


_ARCHIVED = """
SELECT id, title AS name, EXISTS (SELECT FROM variant o WHERE o.product = v.product AND o.options = v.options
  AND o.withdrawn_at IS NULL) AS is_replaced
FROM variant v WHERE product = $1 AND withdrawn_at IS NOT NULL ORDER BY position, id"""
