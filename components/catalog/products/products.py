"""Creating, changing and archiving products: the same functions for staff, imports and the demo.

With `by`, a function writes an audit row in its own transaction. Functions that change something return the names of
the changed fields, and write nothing when there is no difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.catalog.catalog_refusals import NothingToSell, UnknownProduct
from components.catalog.product_details import (
    ProductDetails,
    VariantDetails,
    as_columns,
    differences,
)
from components.catalog.products import collections, new_products
from components.catalog.products.new_products import OWN, NewProduct
from components.catalog.sales import sale_rules
from components.catalog.tables import Product, Variant
from components.foundation import audit, clock, database, json
from components.foundation.database import any_of


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
    new = NewProduct(details, tuple(sold_as), slug)
    async with database.transaction():
        ((product_id, _),) = await new_products.create_all([new], by=by)
        for variant in sold_as if checks_sale else ():
            await sale_rules.check_own(product_id, None, as_columns(variant, without=()), {})
    return product_id


async def revise(product_id: UUID, details: ProductDetails, *, by: UUID | None = None) -> tuple[str, ...]:
    """Save these details; returns the names of the changed fields. Its variants are not changed (see `variants`)."""
    details.check()
    async with database.transaction():
        row = await database.locked(Product, Product.id == product_id)
        if row is None:
            raise UnknownProduct
        if details.status == "active":
            await _has_something_to_sell(product_id)
        changes = differences(row, as_columns(details, without=OWN))
        changed = tuple(changes)
        if await collections.set_products(product_id, details.collections):
            changed += OWN
        if changes:
            await Product.update(**changes, changed_at=clock.now()).where(Product.id == product_id)
        if changed:
            before, after = {name: getattr(row, name) for name in changes}, {**changes}
            if OWN[0] in changed:
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
    async with database.transaction():
        wanted = Product.update(status="archived", changed_at=clock.now()).returning(Product.id)
        count = len(await wanted.where(any_of(Product.id, product_ids), Product.status != "archived"))
        if count and by is not None:
            await audit.record(by, "products archived", "catalogue", "products", after={"products": count})
    return count


async def address(product_id: UUID) -> str:
    """The slug of a product. Raises `UnknownProduct`."""
    row = await Product.select(Product.slug).where(Product.id == product_id).first()
    if row is None:
        raise UnknownProduct
    return str(row["slug"])


async def by_slugs(slugs: Sequence[str]) -> dict[str, UUID]:
    """The products with these slugs, whatever their status."""
    found = await Product.select(Product.slug, Product.id).where(any_of(Product.slug, slugs))
    return {row["slug"]: row["id"] for row in found}


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


async def _note(
    by: UUID | None, what: str, product_id: UUID, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    if by is not None:
        before = None if before is None else json.to_plain(before)
        await audit.record(by, what, "product", product_id, before=before, after=json.to_plain(after))
