"""How many units of a variant may be sold early, as set by staff; sold and held units are counted elsewhere."""

from uuid import UUID

from components.catalog.catalog_refusals import AllotmentInUse, AlreadyOnSale, BadDetail, NoSaleDate, UnknownVariant
from components.catalog.product_details import VariantDetails
from components.catalog.products import variants
from components.catalog.tables import Product, Variant
from components.foundation import audit, clock, database

MOST = 1_000_000


async def add_variant(product_id: UUID, details: VariantDetails, *, allotment: int | None, by: UUID | None) -> UUID:
    """Add a variant with its quota, both or neither. Raises `SaleRefused` too."""
    async with database.transaction():
        variant_id = await variants.add(product_id, details, by=by, checks_sale=True)
        await save(variant_id, allotment, by=by)
    return variant_id


async def revise_variant(variant_id: UUID, details: VariantDetails, *, allotment: int | None, by: UUID | None) -> None:
    """Change the variant and its quota, both or neither. Raises `SaleRefused` too."""
    async with database.transaction():
        await variants.revise(variant_id, details, by=by, checks_sale=True)
        await save(variant_id, allotment, by=by)


async def save(variant_id: UUID, units: int | None, *, by: UUID | None = None) -> bool:
    """Set how many units are sold before general sale; None for no limit. False when it is so already.

    Raises `NoSaleDate` and `AlreadyOnSale` for a product that nobody can buy early, and `AllotmentInUse`.
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
