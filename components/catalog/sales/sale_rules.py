"""The details of a sale and what they must not contain: impossible prices, empty collections, overlapping sales."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.catalog.scopes import Scope, stored_scope
from components.catalog.tables import SalePrice
from components.foundation import clock, database
from components.foundation.money import share_of
from components.foundation.refusals import Refusal

MOST_OFF = 9_999
"""Basis points, less than 100%."""
_OWN = ("price", "compare_at", "sale_price", "sale_from", "sale_until")


class SaleRefused(Refusal):
    """`field` is the form field that the refusal is about."""

    def __init__(self, field: str, words: str) -> None:
        self.field = field
        super().__init__(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleDetails:
    """`value` is basis points off the price (percent) or the price itself (explicit). Without `from_at` it begins at
    once."""

    name: str
    scope: Scope
    discount_type: str
    value: int
    from_at: datetime | None = None
    until_at: datetime | None = None

    def price(self, of: int) -> int:
        return of - share_of(of, self.value) if self.discount_type == "percent" else self.value


async def check(details: SaleDetails, from_at: datetime, *, besides: UUID) -> None:
    if not details.name.strip():
        raise SaleRefused("name", "Give the sale a name: customers see it.")
    if details.until_at is not None and details.until_at <= from_at:
        raise SaleRefused("until_at", "A sale must end after it starts.")
    if details.until_at is not None and details.until_at <= clock.now():
        raise SaleRefused("until_at", "That date has passed.")
    if details.discount_type == "percent" and not 0 < details.value <= MOST_OFF:
        raise SaleRefused("percent", "Enter a percentage above 0 and below 100.")
    if details.discount_type == "explicit" and details.value <= 0:
        raise SaleRefused("amount", "Enter a price above zero.")
    covered = await _covered(details.scope)
    if not covered:
        field = "collections" if details.scope.kind == "collection" else "variants"
        raise SaleRefused(field, "There are no products here to put on sale.")
    _check_prices(details, covered)
    await _check_overlaps(details, covered, from_at, besides=besides)


@dataclass(frozen=True, slots=True)
class _CoveredVariant:
    """An offered variant that a sale covers, with its name as text."""

    id: UUID
    price: int
    sale_price: int | None
    sale_from: datetime | None
    sale_until: datetime | None
    words: str


def _check_prices(details: SaleDetails, covered: Sequence[_CoveredVariant]) -> None:
    for variant in covered:
        if details.price(variant.price) >= variant.price:
            field = "percent" if details.discount_type == "percent" else "amount"
            raise SaleRefused(field, f"This must be lower than the price of {variant.words}.")


async def _check_overlaps(
    details: SaleDetails, covered: Sequence[_CoveredVariant], from_at: datetime, *, besides: UUID
) -> None:
    others = SalePrice.objects().where(
        SalePrice.withdrawn_at.is_null(),
        SalePrice.id != besides,
        SalePrice.until_at.is_null() | (SalePrice.until_at > from_at),
    )
    if details.until_at is not None:
        others = others.where(SalePrice.from_at < details.until_at)
    names = {variant.id: variant.words for variant in covered}
    for other in await others:
        for variant in await _covered(stored_scope(other.scope_kind, other.scope_ids)):
            if variant.id in names:
                words = f"“{other.name}” already covers {names[variant.id]} at that time."
                raise SaleRefused("from_at", f"{words} End it first, or choose other dates.")
    for variant in covered:
        if _own_sale_overlaps(variant, from_at, details.until_at):
            raise SaleRefused("from_at", f"{variant.words} already has its own sale price at that time.")


def _own_sale_overlaps(variant: _CoveredVariant, from_at: datetime, until_at: datetime | None) -> bool:
    if variant.sale_price is None:
        return False
    begins_later = until_at is not None and variant.sale_from is not None and variant.sale_from >= until_at
    return not begins_later and (variant.sale_until is None or variant.sale_until > from_at)


_ON_OFFER = """
SELECT v.id, v.price, v.sale_price, v.sale_from, v.sale_until,
  p.title || CASE WHEN v.title IN ('', p.title) THEN '' ELSE ', ' || v.title END AS words
FROM variant v JOIN product p ON p.id = v.product WHERE v.withdrawn_at IS NULL AND p.status <> 'archived'"""
_COVERED = {
    "variant": f"{_ON_OFFER} AND v.id = ANY($1) ORDER BY v.price, v.id",
    "collection": f"""{_ON_OFFER} AND EXISTS (
      SELECT FROM collection_product c WHERE c.product = p.id AND c.collection = ANY($1)) ORDER BY v.price, v.id""",
}


async def _covered(scope: Scope) -> list[_CoveredVariant]:
    """The offered variants that a sale covers, each with its price and its name as text."""
    return await database.fetch_as(_CoveredVariant, _COVERED[scope.kind], list(scope.ids))


_LOCK = "LOCK TABLE sale_price IN SHARE ROW EXCLUSIVE MODE"


async def lock_sales() -> None:
    """Only one change of sales at a time until the transaction ends, so that overlapping sales cannot both pass the
    check."""
    await database.execute(_LOCK)


async def check_own(
    product_id: UUID, variant_id: UUID | None, wanted: Mapping[str, Any], kept: Mapping[str, Any]
) -> None:
    """The same check for the new prices of one variant; the prices in `kept` may stay.

    Raises `SaleRefused` naming the field. Blocks other changes of sales until the transaction ends.
    """
    fresh = {name for name in _OWN if wanted[name] != kept.get(name)}
    if wanted["compare_at"] is not None and fresh & {"compare_at", "price"} and wanted["compare_at"] <= wanted["price"]:
        raise SaleRefused("compare_at", "It is shown crossed out beside the price, so it must be higher.")
    if wanted["sale_price"] is None or not fresh - {"compare_at"}:
        return
    if wanted["sale_price"] <= 0:
        raise SaleRefused("sale_price", "Enter a price above zero.")
    if wanted["sale_price"] >= wanted["price"]:
        raise SaleRefused("sale_price", "This must be lower than the price.")
    if wanted["sale_until"] is not None and wanted["sale_until"] <= clock.now():
        if "sale_until" in fresh:
            raise SaleRefused("sale_until", "That date has passed.")
        return
    await lock_sales()
    if name := await _shop_sale_over(product_id, variant_id, wanted["sale_from"], wanted["sale_until"]):
        words = f"“{name}” already covers it at that time. End it first, or choose other dates."
        raise SaleRefused("sale_price", words)


_SHOP_SALE_OVER = """
SELECT name FROM sale_price WHERE withdrawn_at IS NULL
AND holds('-infinity', until_at, $1) AND ($2::timestamptz IS NULL OR from_at < $2)
AND ((scope_kind = 'variant' AND $3::uuid = ANY(scope_ids)) OR (scope_kind = 'collection' AND EXISTS (
  SELECT FROM collection_product c WHERE c.product = $4 AND c.collection = ANY(scope_ids))))
ORDER BY from_at LIMIT 1"""


async def _shop_sale_over(
    product_id: UUID, variant_id: UUID | None, from_at: datetime | None, until_at: datetime | None
) -> str | None:
    """The name of one of the shop's sales that covers the variant in this period."""
    now = clock.now()
    begins = max(from_at or now, now)
    found: str | None = await database.fetch_value(_SHOP_SALE_OVER, begins, until_at, variant_id, product_id)
    return found
