"""What units cost the shop. Used only for margins and order lines; never part of the snapshot or a shopper's page."""

from collections.abc import Iterable
from uuid import UUID

from piccolo.query import Select

from components.catalog.tables import Variant


async def of_variants(variant_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Today's cost of one unit of each, in minor units before tax; variants with an unknown cost are left out."""
    wanted = list(variant_ids)
    rows = await _known().where(Variant.id.is_in(wanted)) if wanted else ()
    return {row["id"]: row["cost"] for row in rows}


async def all_costs() -> dict[UUID, int]:
    """The same for all variants, withdrawn ones included."""
    return {row["id"]: row["cost"] for row in await _known()}


def _known() -> Select[Variant]:
    return Variant.select(Variant.id, Variant.cost).where(Variant.cost.is_not_null())
