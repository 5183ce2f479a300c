"""How many units of a variant are for early buyers, as the staff say; what is sold or held of it follows by itself."""

from uuid import UUID

from components.catalog.catalog_refusals import AllotmentInUse, AlreadyOnSale, BadDetail, NoSaleDate, UnknownVariant
from components.catalog.product_details import VariantDetails
from components.catalog.products import variants
from components.catalog.tables import Product, Variant
from components.foundation import audit, clock, database

MOST = 1_000_000


async def add_variant(product_id: UUID, details: VariantDetails, *, allotment: int | None, by: UUID | None) -> UUID:
    """A new variant with its allotment, or neither. Raises `SaleRefused` too."""
    async with database.transaction():
        variant_id = await variants.add(product_id, details, by=by, checks_sale=True)
        await save(variant_id, allotment, by=by)
    return variant_id


async def revise_variant(variant_id: UUID, details: VariantDetails, *, allotment: int | None, by: UUID | None) -> None:
    """Make the variant so and its allotment too, or neither. Raises `SaleRefused` too."""
    async with database.transaction():
        await variants.revise(variant_id, details, by=by, checks_sale=True)
        await save(variant_id, allotment, by=by)


async def save(variant_id: UUID, units: int | None, *, by: UUID | None = None) -> bool:
    """At most so many leave before the product opens to everybody; None for as many as there are. False if it was so.

    Raises `NoOpening` and `OpenAlready` for a product that nobody can buy early, and `AllotmentInUse`.
    """
    if units is not None and not 0 <= units <= MOST:
        raise BadDetail("The early-access quantity can’t be negative or that large.")
    async with database.transaction():
        row = await database.locked(Variant, Variant.id == variant_id)
        if row is None:
            raise UnknownVariant
        if row.early_allotment == units:
            return False
        if units is not None:
            await _check_opening(row.product)
            if units < row.early_taken:
                raise AllotmentInUse(row.early_taken)
        await Variant.update(early_allotment=units).where(Variant.id == variant_id)
        if by is not None:
            before, after = {"early_allotment": row.early_allotment}, {"early_allotment": units}
            await audit.record(by, "early-access limit changed", "variant", variant_id, before=before, after=after)
    return True


async def _check_opening(product_id: UUID) -> None:
    row = await Product.select(Product.public_from).where(Product.id == product_id).first()
    if row is None or row["public_from"] is None:
        raise NoSaleDate
    if row["public_from"] <= clock.now():
        raise AlreadyOnSale
