"""The variants of a product: added, changed and withdrawn, never deleted, for orders go on naming them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import asyncpg

from components.catalog.catalog_refusals import (
    NothingToSell,
    OptionsTaken,
    SkuTaken,
    StockInUse,
    UnknownProduct,
    UnknownVariant,
)
from components.catalog.prices import price_history
from components.catalog.product_details import (
    ProductDetails,
    VariantDetails,
    as_columns,
    check_dates_and_prices,
    differences,
)
from components.catalog.sales import sale_rules
from components.catalog.stock import stock
from components.catalog.tables import Variant
from components.foundation import audit, clock, database, ids, json

_OWN = ("on_hand",)


async def add(product_id: UUID, details: VariantDetails, *, by: UUID | None = None, checks_sale: bool = False) -> UUID:
    """One more variant of a product, with its opening stock; `checks_sale` as for `revise`."""
    async with database.transaction():
        await _check_beside_the_others(product_id, None, details)
        if checks_sale:
            await sale_rules.check_own(product_id, None, _wanted(details), {})
        sql = "SELECT coalesce(max(position) + 1, 0) FROM variant WHERE product = $1"
        position = await database.fetch_value(sql, product_id)
        return await insert(product_id, details, position=position, by=by)


async def insert(product_id: UUID, details: VariantDetails, *, position: int, by: UUID | None) -> UUID:
    """The row and its opening movement; the caller has checked it beside the product's other variants."""
    variant_id = ids.new()
    wanted = _wanted(details)
    try:
        async with database.transaction():
            await Variant.insert(
                Variant(id=variant_id, product=product_id, position=position, on_hand=details.on_hand, **wanted)
            )
    except asyncpg.UniqueViolationError:
        raise SkuTaken(details.sku or "") from None
    await price_history.record(variant_id, details)
    if details.on_hand:
        await stock.record_movement(variant_id, details.on_hand, "opening", by=by)
    await _note(by, "variant added", variant_id, None, {**wanted, "on_hand": details.on_hand})
    return variant_id


async def revise(
    variant_id: UUID,
    details: VariantDetails,
    *,
    position: int | None = None,
    by: UUID | None = None,
    checks_sale: bool = False,
) -> tuple[str, ...]:
    """Make the variant so, except its stock (see `stock.adjust`); names of what changed.

    With `checks_sale` new prices obey the rules of sales (`SaleRefused`). An import takes over what another shop had.
    """
    async with database.transaction():
        row = await database.fetch_one("SELECT * FROM variant WHERE id = $1 FOR UPDATE", variant_id)
        if row is None:
            raise UnknownVariant
        await _check_beside_the_others(row["product"], variant_id, details)
        if checks_sale:
            await sale_rules.check_own(row["product"], variant_id, _wanted(details), row)
        wanted = {**_wanted(details), "withdrawn_at": None}
        if position is not None:
            wanted["position"] = position
        changes = differences(row, wanted)
        if changes:
            await _write(variant_id, changes, details)
            if price_history.KEPT & changes.keys():
                await price_history.record(variant_id, details)
            await _note(by, "variant changed", variant_id, {name: row[name] for name in changes}, changes)
    return tuple(changes)


async def withdraw(variant_id: UUID, *, by: UUID | None = None) -> bool:
    """No longer offer it. Raises `NothingToSell` for the last variant of an active product."""
    async with database.transaction():
        row = await database.fetch_one("SELECT product, withdrawn_at FROM variant WHERE id = $1 FOR UPDATE", variant_id)
        if row is None:
            raise UnknownVariant
        if row["withdrawn_at"] is not None:
            return False
        others = """SELECT count(*) FROM variant v JOIN product p ON p.id = v.product
            WHERE p.id = $1 AND p.status = 'active' AND v.id <> $2 AND v.withdrawn_at IS NULL"""
        is_active = "SELECT status = 'active' FROM product WHERE id = $1 FOR UPDATE"
        if await database.fetch_value(is_active, row["product"]) and not await database.fetch_value(
            others, row["product"], variant_id
        ):
            raise NothingToSell
        await database.execute("UPDATE variant SET withdrawn_at = $2 WHERE id = $1", variant_id, clock.now())
        await _note(by, "variant withdrawn", variant_id, None, {"withdrawn": True})
    return True


async def by_options(product_id: UUID) -> dict[tuple[str, ...], UUID]:
    """The variants that are offered, by their options, in order."""
    sql = "SELECT id, options FROM variant WHERE product = $1 AND withdrawn_at IS NULL ORDER BY position, id"
    return {tuple(row["options"]): row["id"] for row in await database.fetch(sql, product_id)}


async def by_skus(skus: Iterable[str]) -> dict[str, UUID]:
    """The variants that go by these SKUs, of products of any status; an unknown SKU is left out."""
    sql = "SELECT sku, id FROM variant WHERE sku = ANY($1::varchar[]) AND withdrawn_at IS NULL"
    return {row["sku"]: row["id"] for row in await database.fetch(sql, list(skus))}


def _wanted(details: VariantDetails) -> dict[str, Any]:
    return {**as_columns(details, without=_OWN), "title": details.name, "sku": details.sku or None}


async def _write(variant_id: UUID, changes: dict[str, Any], details: VariantDetails) -> None:
    try:
        async with database.transaction():
            await Variant.update(**changes).where(Variant.id == variant_id)
    except asyncpg.UniqueViolationError:
        raise SkuTaken(details.sku or "") from None
    except asyncpg.CheckViolationError:
        raise StockInUse from None


async def _check_beside_the_others(product_id: UUID, variant_id: UUID | None, details: VariantDetails) -> None:
    names = await database.fetch_value("SELECT option_names FROM product WHERE id = $1 FOR UPDATE", product_id)
    if names is None:
        raise UnknownProduct
    check_dates_and_prices(ProductDetails(title="-", option_names=tuple(names)), (details,))
    sql = """SELECT EXISTS (SELECT FROM variant
        WHERE product = $1 AND id IS DISTINCT FROM $2 AND options = $3::varchar[] AND withdrawn_at IS NULL)"""
    if await database.fetch_value(sql, product_id, variant_id, list(details.options)):
        raise OptionsTaken(details.options)


async def _note(
    by: UUID | None, what: str, variant_id: UUID, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    if by is not None:
        before = None if before is None else json.to_plain(before)
        await audit.record(by, what, "variant", variant_id, before=before, after=json.to_plain(after))
