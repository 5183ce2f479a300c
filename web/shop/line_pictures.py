"""The small picture of a line."""

from dataclasses import dataclass

from components.catalog.pictures import pictures
from components.catalog.views import PictureView, ProductView, VariantView


@dataclass(frozen=True, slots=True)
class LinePicture:
    """The text beside it says what it shows, so it needs no alternative text."""

    src: str
    srcset: str
    alt: str
    width: int
    height: int


def picture_of(product: ProductView | None, variant: VariantView | None) -> LinePicture | None:
    """The picture of `chosen`; None for a product that no longer exists or has none."""
    found = chosen(product, variant)
    return None if found is None else _small(found)


def chosen(product: ProductView | None, variant: VariantView | None) -> PictureView | None:
    """The variant's own picture, else the product's first."""
    here = product.pictures_here if product else ()
    own = [picture for picture in here if variant is not None and picture.variant_id == variant.id]
    return next(iter(own or here), None)


def _small(picture: PictureView) -> LinePicture:
    widths = pictures.widths(picture)
    addresses = ", ".join(f"{pictures.address(picture, width)} {width}w" for width in widths)
    return LinePicture(pictures.address(picture, widths[0]), addresses, "", picture.width, picture.height)
