"""Inserting variants with their opening stock and first prices: all those of a product at once, which an import of many
thousands needs."""

import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

import asyncpg

from components.catalog.catalog_refusals import SkuTaken
from components.catalog.prices import price_history
from components.catalog.product_details import VariantDetails, as_columns
from components.catalog.stock import stock
from components.catalog.tables import Variant
from components.foundation import audit, database, ids, json

_FIELDS = tuple(field.name for field in fields(VariantDetails))
_COLUMNS = ("id", "product", "position", *_FIELDS)
_SKU_PLACE = _COLUMNS.index("sku") + 1
_VALUES = ", ".join(f"${n + 1}" + "::varchar" * (name == "sku") for n, name in enumerate(_COLUMNS))
_INSERT = f"""
INSERT INTO variant ({", ".join(_COLUMNS)}, shares_sku) VALUES ({_VALUES},
  ${len(_COLUMNS) + 1} AND EXISTS (SELECT FROM variant WHERE sku = ${_SKU_PLACE}::varchar AND NOT shares_sku))"""
_SKU = re.compile(r"\(sku\)=\((.*)\) already", re.DOTALL)


async def insert(
    product_id: UUID,
    sold_as: Sequence[VariantDetails],
    *,
    position: int = 0,
    by: UUID | None = None,
    shares_skus: bool = False,
) -> list[UUID]:
    """Within the caller's transaction, who has checked them against the product's other variants.

    With `shares_skus` a SKU that another variant has is repeated; without it raises `SkuTaken`.
    """
    if not sold_as:
        return []
    made = [(ids.new(), details) for details in sold_as]
    rows = []
    for place, (id, details) in enumerate(made, position):
        values = {**columns(details), "on_hand": details.on_hand}
        rows.append((id, product_id, place, *(values[name] for name in _FIELDS), shares_skus))
    try:
        await database.execute_many(_INSERT, rows)
    except asyncpg.UniqueViolationError as violation:
        found = _SKU.search(violation.detail or "")
        raise SkuTaken(found[1] if found else "") from None
    await price_history.record(*made)
    if openings := [(id, details.on_hand) for id, details in made if details.on_hand]:
        await stock.record_openings(openings, by=by)
    if by is not None:
        after = [(id, {**json.to_plain(columns(details)), "on_hand": details.on_hand}) for id, details in made]
        await audit.record_new(by, "variant added", "variant", after)
    return [id for id, _ in made]


def columns(details: VariantDetails) -> dict[str, Any]:
    """As stored, without what is on hand."""
    return {**as_columns(details, without=("on_hand",)), "title": details.name, "sku": details.sku or None}


async def taken(skus: Sequence[str | None]) -> set[str]:
    """Those of them that a variant has."""
    wanted = list({sku for sku in skus if sku})
    if not wanted:
        return set()
    found = Variant.select(Variant.sku).where(Variant.sku.is_in(wanted), Variant.shares_sku.eq(False))
    return set(await found.output(as_list=True))
