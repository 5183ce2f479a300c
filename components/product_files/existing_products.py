"""The current catalogue in the form of an import, so that it can be compared with a file."""

from dataclasses import dataclass
from uuid import UUID

from components.catalog.pictures import picture_fetches
from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import collections, stored_products
from components.catalog.products.stored_products import StoredProduct
from components.catalog.views import PictureView


@dataclass(frozen=True, slots=True)
class ExistingPicture:
    """`path` is what files call it: of one that came from an import, the address there. `stored` is its name here, if
    it has been uploaded or fetched."""

    path: str
    stored: str
    alt: str
    width: int
    variant: UUID | None


@dataclass(frozen=True, slots=True)
class ExistingProduct:
    """A product of any status; its variants in order, without archived ones."""

    id: UUID
    slug: str
    details: ProductDetails
    variants: dict[UUID, VariantDetails]
    pictures: tuple[ExistingPicture, ...]


@dataclass(frozen=True, slots=True)
class ExistingCatalogue:
    """`titles` of collections by slug."""

    products: dict[UUID, ExistingProduct]
    titles: dict[str, str]


AT_ONCE = 50
"""Products: others are answered between."""


async def load() -> ExistingCatalogue:
    """In the shop's order."""
    found: dict[UUID, ExistingProduct] = {}
    last: UUID | None = None
    while some := await stored_products.page_after(last, limit=AT_ONCE):
        addresses = await picture_fetches.addresses([product.id for product in some])
        found |= {product.id: _existing(product, addresses) for product in some}
        last = some[-1].id
    order = await stored_products.order()
    return ExistingCatalogue({id: found[id] for id in order if id in found}, await collections.titles())


def _existing(product: StoredProduct, addresses: dict[UUID, str]) -> ExistingProduct:
    return ExistingProduct(
        id=product.id,
        slug=product.slug,
        details=product.details,
        variants={variant.id: variant.details for variant in product.variants},
        pictures=tuple(_picture(each, addresses.get(each.id, each.path)) for each in product.pictures),
    )


def _picture(picture: PictureView, path: str) -> ExistingPicture:
    stored = "" if picture.is_elsewhere else picture.path
    return ExistingPicture(path, stored, picture.alt, picture.width, picture.variant_id)
