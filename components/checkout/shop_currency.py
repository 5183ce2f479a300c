"""Whether the shop's currency can still be chosen: prices are not converted, so it is fixed by the first of them."""

from components.catalog.products import admin_products
from components.memberships.plans import plan_cache
from components.orders import queries


async def is_fixed() -> bool:
    """Whether a product, a plan or an order has a price."""
    if plan_cache.current().prices or await admin_products.counts():
        return True
    return await queries.any_exists()
