"""Creating, changing and archiving products: the same functions for staff, imports and the demo.

With `by`, a function writes an audit row in its own transaction. Functions that change something return the names of
the changed fields, and write nothing when there is no difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from components.catalog.catalog_refusals import AddressTaken, NothingToSell, UnknownProduct
from components.catalog.product_details import (
    ProductDetails,
    VariantDetails,
    as_columns,
    check_dates_and_prices,
    differences,
)
from components.catalog.products import collections, new_variants
from components.catalog.sales import sale_rules
from components.catalog.tables import Product, Variant
from components.foundation import audit, clock, database, ids, json, text

_OWN = ("collections",)
_FIELDS = (field.name for field in fields(ProductDetails) if field.name not in _OWN)
_COLUMNS = ("id", "slug", "created_at", "changed_at", *_FIELDS)
_INSERT = f"""
INSERT INTO product ({", ".join(_COLUMNS)}) VALUES ({", ".join(f"${n + 1}" for n in range(len(_COLUMNS)))})"""


async def create(
    details: ProductDetails,
    sold_as: Sequence[VariantDetails],
    *,
    slug: str = "",
    by: UUID | None = None,
    checks_sale: bool = False,
) -> UUID:
    """Create a product with its variants and opening stock; returns its id. Without `slug` the slug is made from the
    title.

    `checks_sale` as for `variants.revise`.
    """
    product_id, _ = await create_whole(details, sold_as, slug=slug, by=by, checks_sale=checks_sale)
    return product_id


async def create_whole(
    details: ProductDetails,
    sold_as: Sequence[VariantDetails],
    *,
    slug: str = "",
    by: UUID | None = None,
    checks_sale: bool = False,
    shares_skus: bool = False,
) -> tuple[UUID, list[UUID]]:
    """The same; returns the ids of the variants too. `shares_skus` as for `new_variants.insert`."""
    check_dates_and_prices(details, tuple(sold_as))
    if details.status == "active" and not sold_as:
        raise NothingToSell
    product_id, at = ids.new(), clock.now()
    async with database.transaction():
        address = slug or await _free_address(details.title)
        wanted = as_columns(details, without=_OWN)
        await _insert({"id": product_id, "slug": address, "created_at": at, "changed_at": at, **wanted})
        variant_ids = await new_variants.insert(product_id, sold_as, by=by, shares_skus=shares_skus)
        if details.collections:
            await collections.set_products(product_id, details.collections)
        for variant in sold_as if checks_sale else ():
            await sale_rules.check_own(product_id, None, as_columns(variant, without=()), {})
        await _note(by, "product created", product_id, None, {"slug": address, **wanted})
    return product_id, variant_ids


async def revise(product_id: UUID, details: ProductDetails, *, by: UUID | None = None) -> tuple[str, ...]:
    """Save these details; returns the names of the changed fields. Its variants are not changed (see `variants`)."""
    details.check()
    async with database.transaction():
        row = await database.locked(Product, Product.id == product_id)
        if row is None:
            raise UnknownProduct
        if details.status == "active":
            await _has_something_to_sell(product_id)
        changes = differences(row, as_columns(details, without=_OWN))
        changed = tuple(changes)
        if await collections.set_products(product_id, details.collections):
            changed += _OWN
        if changes:
            await Product.update(**changes, changed_at=clock.now()).where(Product.id == product_id)
        if changed:
            before, after = {name: getattr(row, name) for name in changes}, {**changes}
            if _OWN[0] in changed:
                after["collections"] = list(details.collections)
            await _note(by, "product changed", product_id, before, after)
    return changed


async def archive(product_id: UUID, *, by: UUID | None = None) -> bool:
    """Stop offering it for good, keeping its rows for the orders that name it; False when it was archived already."""
    async with database.transaction():
        wanted = Product.update(status="archived", changed_at=clock.now()).returning(Product.id)
        changed = await wanted.where(Product.id == product_id, Product.status != "archived")
        if changed:
            await _note(by, "product archived", product_id, None, {"status": "archived"})
    return bool(changed)


async def restore(product_id: UUID, *, status: str = "draft", by: UUID | None = None) -> bool:
    """Take it out of the archive; False when it was not there. Raises `NothingToSell` if it is to be active."""
    async with database.transaction():
        if status == "active":
            await _has_something_to_sell(product_id)
        wanted = Product.update(status=status, changed_at=clock.now()).returning(Product.id)
        changed = await wanted.where(Product.id == product_id, Product.status == "archived")
        if changed:
            await _note(by, "product restored", product_id, None, {"status": status})
    return bool(changed)


async def archive_all(product_ids: Sequence[UUID], *, by: UUID | None = None) -> int:
    """Archive all of these that are not; how many that were."""
    wanted = "UPDATE product SET status = 'archived', changed_at = $2 WHERE id = ANY($1) AND status <> 'archived'"
    async with database.transaction():
        count = await database.execute(wanted, list(product_ids), clock.now())
        if count and by is not None:
            await audit.record(by, "products archived", "catalogue", "products", after={"products": count})
    return count


async def address(product_id: UUID) -> str:
    """The slug of a product. Raises `UnknownProduct`."""
    row = await Product.select(Product.slug).where(Product.id == product_id).first()
    if row is None:
        raise UnknownProduct
    return str(row["slug"])


async def id_of(slug: str) -> UUID | None:
    """The product with this slug, whatever its status."""
    found: UUID | None = await database.fetch_value("SELECT id FROM product WHERE slug = $1", slug)
    return found


@dataclass(frozen=True, slots=True)
class Placement:
    """The product's settings in the shop that an import leaves as staff have set them."""

    status: str
    public_from: datetime | None
    members_only: bool
    position: int


async def placement(product_id: UUID) -> Placement:
    """Raises `UnknownProduct`."""
    found = Product.select(Product.status, Product.public_from, Product.members_only, Product.position)
    row = await found.where(Product.id == product_id).first()
    if row is None:
        raise UnknownProduct
    return Placement(**row)


async def _has_something_to_sell(product_id: UUID) -> None:
    if not await Variant.exists().where(Variant.product == product_id, Variant.withdrawn_at.is_null()):
        raise NothingToSell


async def _insert(values: dict[str, Any]) -> None:
    """Within the transaction that is given up when the address is taken."""
    try:
        await database.execute(_INSERT, *(values[name] for name in _COLUMNS))
    except asyncpg.UniqueViolationError:
        raise AddressTaken(values["slug"]) from None


async def _free_address(title: str) -> str:
    """The title as a slug, with a number appended when that one is taken."""
    wanted = text.slug(title)[:200] or "product"
    alike = Product.select(Product.slug).where((Product.slug == wanted) | Product.slug.like(f"{wanted}-%"))
    taken = set(await alike.output(as_list=True))
    number = 2
    address = wanted
    while address in taken:
        address, number = f"{wanted}-{number}", number + 1
    return address


async def _note(
    by: UUID | None, what: str, product_id: UUID, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    if by is not None:
        before = None if before is None else json.to_plain(before)
        await audit.record(by, what, "product", product_id, before=before, after=json.to_plain(after))
