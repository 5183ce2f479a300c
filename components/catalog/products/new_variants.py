"""Inserting variants with their opening stock and first prices: all those of many products at once, which an import of
many thousands needs."""

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
from components.foundation.database import any_of

_FIELDS = tuple(field.name for field in fields(VariantDetails))
_COLUMNS = ("id", "product", "position", *_FIELDS, "shares_sku")
_SKU = re.compile(r"\(sku\)=\((.*)\) already", re.DOTALL)
Sold = Sequence[VariantDetails]


async def insert(
    product_id: UUID, sold_as: Sold, *, position: int = 0, by: UUID | None = None, shares_skus: bool = False
) -> list[UUID]:
    """Within the caller's transaction, who has checked them against the product's other variants.

    With `shares_skus` a SKU that another variant has is repeated; without it raises `SkuTaken`.
    """
    (made,) = await insert_all([(product_id, sold_as)], position=position, by=by, shares_skus=shares_skus)
    return made


async def insert_all(
    wanted: Sequence[tuple[UUID, Sold]], *, position: int = 0, by: UUID | None = None, shares_skus: bool = False
) -> list[list[UUID]]:
    """The same for several products: all rows of one kind at once."""
    made = [[(ids.new(), details) for details in sold_as] for _, sold_as in wanted]
    flat = [one for some in made for one in some]
    if not flat:
        return [[] for _ in wanted]
    known = await taken([details.sku for _, details in flat]) if shares_skus else set()
    rows = []
    for (product_id, _), some in zip(wanted, made, strict=True):
        for place, (id, details) in enumerate(some, position):
            values = {**columns(details), "on_hand": details.on_hand}
            rows.append((id, product_id, place, *(values[name] for name in _FIELDS), values["sku"] in known))
            if shares_skus and values["sku"]:
                known.add(values["sku"])
    try:
        await database.insert_rows(Variant, _COLUMNS, rows)
    except asyncpg.UniqueViolationError as violation:
        found = _SKU.search(violation.detail or "")
        raise SkuTaken(found[1] if found else "") from None
    await price_history.record(*flat)
    await stock.record_openings([(id, details.on_hand) for id, details in flat if details.on_hand], by=by)
    if by is not None:
        after = [(id, {**json.to_plain(columns(details)), "on_hand": details.on_hand}) for id, details in flat]
        await audit.record_new(by, "variant added", "variant", after)
    return [[id for id, _ in some] for some in made]


def columns(details: VariantDetails) -> dict[str, Any]:
    """As stored, without what is on hand."""
    return {**as_columns(details, without=("on_hand",)), "title": details.name, "sku": details.sku or None}


async def taken(skus: Sequence[str | None]) -> set[str]:
    """Those of them that a variant has."""
    their_own = any_of(Variant.sku, {sku for sku in skus if sku}) & Variant.shares_sku.eq(False)
    return set(await Variant.select(Variant.sku).where(their_own).output(as_list=True))
