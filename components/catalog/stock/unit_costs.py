"""What things cost the shop. No snapshot holds it and no shopper's page asks: only margins and the order line do."""

from collections.abc import Iterable
from uuid import UUID

from components.foundation import database


async def of_variants(variant_ids: Iterable[UUID]) -> dict[UUID, int]:
    """What one of each costs today, in minor units before tax; a variant whose cost nobody has said is left out."""
    rows = await database.fetch(
        "SELECT id, cost FROM variant WHERE id = ANY($1) AND cost IS NOT NULL", list(variant_ids)
    )
    return {row["id"]: row["cost"] for row in rows}


async def all_costs() -> dict[UUID, int]:
    """The same of all variants, those no longer sold too."""
    rows = await database.fetch("SELECT id, cost FROM variant WHERE cost IS NOT NULL")
    return {row["id"]: row["cost"] for row in rows}
