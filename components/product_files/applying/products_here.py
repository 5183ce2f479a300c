"""Products that a file means, as they are here: read for many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from components.catalog.pictures import picture_fetches, pictures
from components.catalog.product_details import ProductDetails
from components.catalog.products import stored_products, variants
from components.catalog.products.variants import VariantSummary
from components.catalog.views import PictureView


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductHere:
    """`addresses` are where its pictures came from, by picture; without those that were uploaded."""

    id: UUID
    details: ProductDetails
    variants: Sequence[VariantSummary]
    pictures: Sequence[PictureView]
    addresses: Mapping[UUID, str]

    @property
    def skus(self) -> set[str]:
        return {one.details.sku for one in self.variants if one.details.sku}


async def load(product_ids: Sequence[UUID]) -> dict[UUID, ProductHere]:
    """Those that are here."""
    if not product_ids:
        return {}
    details = await stored_products.details(product_ids)
    sold = await variants.of_products(product_ids)
    shown = await pictures.of_products(product_ids)
    addresses = await picture_fetches.addresses(product_ids) if shown else {}
    return {
        id: ProductHere(id=id, details=one, variants=sold.get(id, ()), pictures=shown.get(id, ()), addresses=addresses)
        for id, one in details.items()
    }
