"""Creates the demo's collections, products in every glaze and size, stock and pictures."""

import asyncio
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from components.catalog.pictures import pictures as catalog_pictures
from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import collections, early_access_quotas, products
from components.catalog.products import variants as catalog_variants
from components.catalog.products.collections import CollectionDetails
from components.demo.demo_products import DemoCollection, DemoOpening, DemoProduct, shelves
from components.demo.progress import ProgressLine
from components.foundation.shop_settings import shop_settings

HANDS = 2


async def stock(today: datetime, *, reserve: dict[str, int]) -> dict[str, UUID]:
    """The ids of the products by slug. `reserve` is how many of a SKU the history sells, on top of today's stock."""
    made = {}
    for position, shelf in enumerate(shelves()):
        await collections.create(
            CollectionDetails(title=shelf.title, description=shelf.description, position=position), slug=shelf.slug
        )
        for place, ware in enumerate(shelf.wares):
            made[ware.slug] = await _offer(ware, shelf, place, reserve, today)
    return made


async def _offer(
    ware: DemoProduct, shelf: DemoCollection, position: int, reserve: dict[str, int], today: datetime
) -> UUID:
    details = ProductDetails(
        title=ware.title,
        description=ware.description,
        vendor="Kiln",
        kind=ware.kind,
        tags=ware.tags,
        option_names=("Glaze", "Size") if len(ware.sizes) > 1 else ("Glaze",),
        public_from=_opening(ware.opens, today) if ware.opens else None,
        members_only=ware.members_only,
        position=position,
        collections=(shelf.slug,),
    )
    product_id = await products.create(details, variants(ware, reserve), slug=ware.slug)
    if ware.opens and ware.opens.early is not None:
        for variant_id in (await catalog_variants.by_options(product_id)).values():
            await early_access_quotas.save(variant_id, ware.opens.early)
    return product_id


def variants(ware: DemoProduct, reserve: dict[str, int]) -> list[VariantDetails]:
    found = []
    for glaze_number, glaze in enumerate(ware.glazes):
        for size in ware.sizes:
            sku = ware.sku(glaze, size)
            left = on_shelf(ware, glaze_number, ware.sizes.index(size))
            found.append(
                VariantDetails(
                    price=size.price,
                    compare_at=size.was,
                    cost=size.cost,
                    sku=sku,
                    options=(glaze, size.name) if len(ware.sizes) > 1 else (glaze,),
                    weight_grams=size.grams,
                    on_hand=left + reserve.get(sku, 0),
                )
            )
    return found


def on_shelf(ware: DemoProduct, glaze: int, size: int) -> int:
    """Today's stock: less of the later glazes and the larger sizes, and sometimes only a few.

    Discontinued variants are sold out."""
    if ware.stock == 0:
        return 0
    if (len(ware.slug) * 7 + glaze * 5 + size * 3) % 17 == 0:
        return 2
    return max(2, round(ware.stock * (1 - 0.16 * glaze) * (1 - 0.22 * size)))


def _opening(opens: DemoOpening, today: datetime) -> datetime:
    """This many days from today, at that hour in the shop's time zone."""
    zone = ZoneInfo(shop_settings.current().time_zone)
    day = today.astimezone(zone).date() + timedelta(days=opens.in_days)
    return datetime.combine(day, time.fromisoformat(opens.at), zone)


def pictures() -> int:
    """The number of pictures."""
    return sum(len(ware.glazes) for shelf in shelves() for ware in shelf.wares)


async def picture(made: dict[str, UUID], *, told: ProgressLine) -> None:
    """Add the picture of every glaze, a few at a time."""
    turn = asyncio.Semaphore(HANDS)

    async def one(ware: DemoProduct) -> None:
        async with turn:
            sold_as = await catalog_variants.by_options(made[ware.slug])
            for glaze in ware.glazes:
                source = ware.picture(glaze).read_bytes()
                variant_id = next((id for options, id in sold_as.items() if glaze in options), None)
                await catalog_pictures.add(made[ware.slug], source, alt=ware.alt(glaze), variant_id=variant_id)
                told(1)

    await asyncio.gather(*(one(ware) for shelf in shelves() for ware in shelf.wares))
