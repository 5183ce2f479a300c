"""What names a product or a collection, so that it cannot be deleted."""

from uuid import UUID

from components.catalog.products import product_deletion
from components.foundation.operations.deletions import StillUsed
from components.memberships.editing import plan_benefits
from components.pricing.coupons import queries as coupons


async def uses_of(*ids: UUID) -> str:
    """Why none of these can be deleted, in words; "" when nothing speaks against it."""
    try:
        await refuse_if_named(*ids)
        await product_deletion.refuse_sales(ids)
    except StillUsed as refusal:
        return str(refusal)
    return ""


async def refuse_if_named(*ids: UUID) -> None:
    """Raises `StillUsed`, naming the coupons and benefits that say one of these."""
    codes = {code for one in ids for code in await coupons.codes_for(one)}
    benefits = {name for one in ids for name in await plan_benefits.names_of_those_with(one)}
    if codes:
        raise StillUsed(f"Coupons name it: {', '.join(sorted(codes))}. Change or deactivate them first.")
    if benefits:
        raise StillUsed(f"Benefits name it: {', '.join(sorted(benefits))}. Change them first.")
