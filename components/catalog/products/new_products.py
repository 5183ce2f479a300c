"""Inserting products with their variants and their places in collections: many at once, which an import needs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import UUID

import asyncpg

from components.catalog.catalog_refusals import AddressTaken, NothingToSell
from components.catalog.product_details import ProductDetails, VariantDetails, as_columns, check_dates_and_prices
from components.catalog.products import collections, new_variants
from components.catalog.tables import Product
from components.foundation import audit, clock, database, ids, json
from components.foundation.database import any_of
from components.foundation.shop_settings import made_addresses

OWN = ("collections",)
_FIELDS = tuple(field.name for field in fields(ProductDetails) if field.name not in OWN)
_COLUMNS = ("id", "slug", "created_at", "changed_at", *_FIELDS)
_SLUG = re.compile(r"\(slug\)=\((.*)\) already", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NewProduct:
    """Without `slug` the slug is made from the title."""

    details: ProductDetails
    sold_as: tuple[VariantDetails, ...]
    slug: str = ""

    def check(self) -> None:
        check_dates_and_prices(self.details, self.sold_as)
        if self.details.status == "active" and not self.sold_as:
            raise NothingToSell


async def create_all(
    wanted: Sequence[NewProduct], *, by: UUID | None = None, shares_skus: bool = False
) -> list[tuple[UUID, list[UUID]]]:
    """The ids of each product and its variants. `shares_skus` as for `new_variants.insert`.

    All of them or none: a `Refusal` about one of them is raised for all.
    """
    for one in wanted:
        one.check()
    at = clock.now()
    async with database.transaction():
        slugs = await _addresses(wanted)
        made = [
            (ids.new(), slug, as_columns(one.details, without=OWN)) for one, slug in zip(wanted, slugs, strict=True)
        ]
        rows = [(id, slug, at, at, *(values[name] for name in _FIELDS)) for id, slug, values in made]
        try:
            await database.insert_rows(Product, _COLUMNS, rows)
        except asyncpg.UniqueViolationError as violation:
            found = _SLUG.search(violation.detail or "")
            raise AddressTaken(found[1] if found else "") from None
        product_ids = [id for id, _, _ in made]
        sold = [(id, one.sold_as) for id, one in zip(product_ids, wanted, strict=True)]
        variant_ids = await new_variants.insert_all(sold, by=by, shares_skus=shares_skus)
        await collections.fill({id: one.details.collections for id, one in zip(product_ids, wanted, strict=True)})
        if by is not None:
            after = [(id, json.to_plain({"slug": slug, **values})) for id, slug, values in made]
            await audit.record_new(by, "product created", "product", after)
    return list(zip(product_ids, variant_ids, strict=True))


async def _taken(slugs: Sequence[str]) -> set[str]:
    return set(await Product.select(Product.slug).where(any_of(Product.slug, slugs)).output(as_list=True))


async def _addresses(wanted: Sequence[NewProduct]) -> list[str]:
    """Their own, or their titles as slugs, with a number appended to one that is taken."""
    bases = [one.slug or made_addresses.from_title(one.details.title)[:200] or "product" for one in wanted]
    made_up = [base for base, one in zip(bases, wanted, strict=True) if not one.slug]
    taken = await _taken(made_up)
    used: set[str] = set()
    found = []
    for base, one in zip(bases, wanted, strict=True):
        address = base
        if not one.slug and (base in taken or base in used):
            alike = used | set(await database.fetch_values(_ALIKE, base))
            number = 2
            while address in alike:
                address, number = f"{base}-{number}", number + 1
        used.add(address)
        found.append(address)
    return found


_ALIKE = "SELECT slug FROM product WHERE slug = $1 OR starts_with(slug, $1 || '-')"
