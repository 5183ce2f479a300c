"""Short ways to put something on the shelves."""

from typing import Any
from uuid import UUID

from components.catalog.pictures import named_pictures
from components.catalog.pictures.named_pictures import NamedPicture
from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import products
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView
from components.foundation import database


async def product(title: str = "Moon mug", **details: Any) -> ProductView:
    """One product with one variant at £24.00, five on hand, unless said otherwise."""
    own = {name: details.pop(name) for name in tuple(details) if name in ProductDetails.__dataclass_fields__}
    variant = VariantDetails(**{"price": 2400, "on_hand": 5, **details})
    product_id = await products.create(ProductDetails(title=title, **own), [variant])
    await snapshot_refresh.catch_up([product_id])
    found = snapshot_refresh.snapshot().product_by_id(product_id)
    assert found is not None
    return found


async def picture(product_id: UUID, address: str, *, alt: str) -> UUID:
    """One that a file names, and that is elsewhere."""
    (made,) = await named_pictures.add_all([NamedPicture(product=product_id, path=address, address=address, alt=alt)])
    return made


async def variant_id(**details: Any) -> UUID:
    return (await product(**details)).variants[0].id


async def on_hand(variant: UUID) -> tuple[int, int]:
    """On hand and reserved."""
    row = await database.fetch_one("SELECT on_hand, reserved FROM variant WHERE id = $1", variant)
    assert row is not None
    return row["on_hand"], row["reserved"]
