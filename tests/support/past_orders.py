"""Paid orders as rows, for what only reads them: without a basket, a payment and their books."""

from datetime import datetime, timedelta
from uuid import UUID

from components.catalog.views import ProductView
from components.foundation import clock, ids
from components.recommendations import product_pairs
from tests.support import canary_rows, make_products

ADDRESS = '{"name": "Noor", "line1": "4 Mill Lane", "city": "Leeds", "postcode": "LS1 4AB", "country": "GB"}'


async def bought(person: UUID | None, *products: ProductView, at: datetime | None = None, email: str = "") -> UUID:
    """Who bought them together in one order, a day ago if not said otherwise; without a person, each a guest."""
    order, at = ids.new(), at or clock.now() - timedelta(days=1)
    email = email or ("" if person else f"{order}@example.org")
    await canary_rows.add(
        "orders", id=order, number=str(order)[-12:], person=person, email=email, currency="GBP", paid_at=at,
        placed_at=at, address=ADDRESS, delivery_list=0, delivery_saved=0, delivery=0,
    )  # fmt: skip
    for place, product in enumerate(products):
        await canary_rows.add(
            "order_line", id=ids.new(), order=order, position=place, product_id=product.id,
            variant_id=product.lead.id, title=product.title, slug=product.slug, quantity=1, gift=None,
            regular_unit=product.lead.price, trace="[]",
        )  # fmt: skip
    return order


async def together(*products: ProductView, times: int = 3) -> None:
    """So many strangers bought them together, and pairs are counted."""
    for _ in range(times):
        await bought(None, *products)
    await product_pairs.count_all()


async def mug_and_bowl(times: int = 3) -> tuple[ProductView, ProductView]:
    """Two products that are often bought together."""
    mug, bowl = await make_products.product(), await make_products.product("Ash bowl", price=3200)
    await together(mug, bowl, times=times)
    return mug, bowl
