"""The variants of a product: added, changed and withdrawn, but never deleted, because orders still name them."""

from collections import Counter
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
    check_dates_and_prices,
    differences,
    from_row,
)
from components.catalog.products import new_variants
from components.catalog.sales import sale_rules
from components.catalog.tables import Product, Variant
from components.foundation import audit, clock, database, json
from components.foundation.database import any_of


async def add(
    product_id: UUID,
    details: VariantDetails,
    *,
    by: UUID | None = None,
    checks_sale: bool = False,
    shares_skus: bool = False,
) -> UUID:
    """Add a variant to a product, with its opening stock; `checks_sale` as for `revise`, `shares_skus` as for
    `new_variants.insert`."""
    async with database.transaction():
        await _check_beside_the_others(product_id, None, details)
        if checks_sale:
            await sale_rules.check_own(product_id, None, new_variants.columns(details), {})
        position = await next_position(Variant.position, Variant.product == product_id)
        (variant_id,) = await new_variants.insert(
            product_id, [details], position=position, by=by, shares_skus=shares_skus
        )
        return variant_id


async def revise(
    variant_id: UUID,
    details: VariantDetails,
    *,
    position: int | None = None,
    by: UUID | None = None,
    checks_sale: bool = False,
    shares_skus: bool = False,
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
            await sale_rules.check_own(row.product, variant_id, new_variants.columns(details), row.to_dict())
        wanted = {**new_variants.columns(details), "withdrawn_at": None}
        if position is not None:
            wanted["position"] = position
        changes = differences(row, wanted)
        if "sku" in changes:
            changes["shares_sku"] = shares_skus and bool(await new_variants.taken([details.sku]))
        if changes:
            await _write(variant_id, changes, details)
            if price_history.KEPT & changes.keys():
                await price_history.record((variant_id, details))
            await _note(by, "variant changed", variant_id, {name: getattr(row, name) for name in changes}, changes)
    return tuple(name for name in changes if name != "shares_sku")


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
    """What an import identifies a variant by, and what it must not overwrite; a withdrawn one is not `is_offered`."""

    id: UUID
    details: VariantDetails
    position: int
    is_offered: bool


async def of_products(product_ids: Sequence[UUID]) -> dict[UUID, list[VariantSummary]]:
    """All variants of each in order, withdrawn ones included; a product that has none is left out."""
    found: dict[UUID, list[VariantSummary]] = {}
    for row in await (
        Variant.select().where(any_of(Variant.product, product_ids)).order_by(Variant.position, Variant.id)
    ):
        summary = VariantSummary(row["id"], from_row(VariantDetails, row), row["position"], row["withdrawn_at"] is None)
        found.setdefault(row["product"], []).append(summary)
    return found


async def by_skus(skus: Iterable[str]) -> dict[str, UUID]:
    """The variants with these SKUs, of products of any status; one that is unknown, or that several have, is left
    out."""
    wanted = list(skus)
    if not wanted:
        return {}
    found = Variant.select(Variant.sku, Variant.id).where(Variant.sku.is_in(wanted), Variant.withdrawn_at.is_null())
    rows = await found
    counts = Counter(row["sku"] for row in rows)
    return {row["sku"]: row["id"] for row in rows if counts[row["sku"]] == 1}


async def products_of(skus: Sequence[str]) -> dict[str, set[UUID]]:
    """The products that have, or once had, a variant with one of these SKUs, by SKU."""
    found: dict[str, set[UUID]] = {}
    if skus:
        for sku, product in await database.fetch_rows(_PRODUCTS_OF, list(skus)):
            found.setdefault(sku, set()).add(product)
    return found


_PRODUCTS_OF = "SELECT DISTINCT sku, product FROM variant WHERE sku = ANY($1)"


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
