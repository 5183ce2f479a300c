"""The variants of a product: added, changed and withdrawn, but never deleted, because orders still name them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
from components.catalog.positions import next_position
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
from components.catalog.tables import Product, Variant
from components.foundation import audit, clock, database, ids, json

_OWN = ("on_hand",)


async def add(product_id: UUID, details: VariantDetails, *, by: UUID | None = None, checks_sale: bool = False) -> UUID:
    """Add a variant to a product, with its opening stock; `checks_sale` as for `revise`."""
    async with database.transaction():
        await _check_beside_the_others(product_id, None, details)
        if checks_sale:
            await sale_rules.check_own(product_id, None, _wanted(details), {})
        position = await next_position(Variant.position, Variant.product == product_id)
        return await insert(product_id, details, position=position, by=by)


async def insert(product_id: UUID, details: VariantDetails, *, position: int, by: UUID | None) -> UUID:
    """Insert the row and its opening movement; the caller has checked it against the product's other variants."""
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
    """Save the variant's details, except its stock (see `stock.set_on_hand`); returns the names of the changed fields.

    With `checks_sale` new prices must follow the rules of sales (`SaleRefused`). An import takes over another shop's
    prices.
    """
    async with database.transaction():
        row = await database.locked(Variant, Variant.id == variant_id)
        if row is None:
            raise UnknownVariant
        await _check_beside_the_others(row.product, variant_id, details)
        if checks_sale:
            await sale_rules.check_own(row.product, variant_id, _wanted(details), row.to_dict())
        wanted = {**_wanted(details), "withdrawn_at": None}
        if position is not None:
            wanted["position"] = position
        changes = differences(row, wanted)
        if changes:
            await _write(variant_id, changes, details)
            if price_history.KEPT & changes.keys():
                await price_history.record(variant_id, details)
            await _note(by, "variant changed", variant_id, {name: getattr(row, name) for name in changes}, changes)
    return tuple(changes)


async def withdraw(variant_id: UUID, *, by: UUID | None = None) -> bool:
    """Stop offering it. Raises `NothingToSell` for the last variant of an active product."""
    async with database.transaction():
        row = await database.locked(Variant, Variant.id == variant_id)
        if row is None:
            raise UnknownVariant
        if row.withdrawn_at:
            return False
        others = Variant.exists().where(
            Variant.product == row.product, Variant.id != variant_id, Variant.withdrawn_at.is_null()
        )
        product = await database.locked(Product, Product.id == row.product)
        if product is not None and product.status == "active" and not await others:
            raise NothingToSell
        await Variant.update(withdrawn_at=clock.now()).where(Variant.id == variant_id)
        await _note(by, "variant archived", variant_id, None, {"withdrawn": True})
    return True


async def by_options(product_id: UUID) -> dict[tuple[str, ...], UUID]:
    """The offered variants by their options, in order."""
    found = Variant.select(Variant.id, Variant.options).order_by(Variant.position, Variant.id)
    rows = await found.where(Variant.product == product_id, Variant.withdrawn_at.is_null())
    return {tuple(row["options"]): row["id"] for row in rows}


@dataclass(frozen=True, slots=True)
class VariantSummary:
    """What an import identifies a variant by, and what it must not overwrite."""

    id: UUID
    sku: str | None
    options: tuple[str, ...]
    on_hand: int
    cost: int | None
    tax_category: str


async def of_product(product_id: UUID) -> tuple[VariantSummary, ...]:
    """All variants in order, withdrawn ones included."""
    found = Variant.select(
        Variant.id, Variant.sku, Variant.options, Variant.on_hand, Variant.cost, Variant.tax_category
    )
    rows = await found.where(Variant.product == product_id).order_by(Variant.position)
    return tuple(VariantSummary(**{**row, "options": tuple(row["options"])}) for row in rows)


async def by_skus(skus: Iterable[str]) -> dict[str, UUID]:
    """The variants with these SKUs, of products of any status; an unknown SKU is left out."""
    wanted = list(skus)
    if not wanted:
        return {}
    found = Variant.select(Variant.sku, Variant.id).where(Variant.sku.is_in(wanted), Variant.withdrawn_at.is_null())
    return {row["sku"]: row["id"] for row in await found}


async def product_of(skus: Sequence[str]) -> UUID | None:
    """The product that has, or once had, a variant with one of these SKUs."""
    if not skus:
        return None
    found = Variant.select(Variant.product).where(Variant.sku.is_in(list(skus))).order_by(Variant.position)
    row = await found.first()
    return row["product"] if row else None


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
    product = await database.locked(Product, Product.id == product_id)
    if product is None:
        raise UnknownProduct
    check_dates_and_prices(ProductDetails(title="-", option_names=tuple(product.option_names)), (details,))
    same = Variant.exists().where(
        Variant.product == product_id, Variant.options == list(details.options), Variant.withdrawn_at.is_null()
    )
    if await (same if variant_id is None else same.where(Variant.id != variant_id)):
        raise OptionsTaken(details.options)


async def _note(
    by: UUID | None, what: str, variant_id: UUID, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    if by is not None:
        before = None if before is None else json.to_plain(before)
        await audit.record(by, what, "variant", variant_id, before=before, after=json.to_plain(after))
