"""What things cost the shop. No snapshot holds it and no shopper's page asks: only margins and the order line do."""

from collections.abc import Iterable
from uuid import UUID

from piccolo.query import Select

from components.catalog.tables import Variant


async def of_variants(variant_ids: Iterable[UUID]) -> dict[UUID, int]:
    """What one of each costs today, in minor units before tax; a variant whose cost nobody has said is left out."""
    wanted = list(variant_ids)
    rows = await _known().where(Variant.id.is_in(wanted)) if wanted else ()
    return {row["id"]: row["cost"] for row in rows}


async def all_costs() -> dict[UUID, int]:
    """The same of all variants, those no longer sold too."""
    return {row["id"]: row["cost"] for row in await _known()}


def _known() -> Select[Variant]:
    return Variant.select(Variant.id, Variant.cost).where(Variant.cost.is_not_null())
