"""The small picture beside a line."""

from dataclasses import dataclass

from components.catalog.pictures import pictures
from components.catalog.views import PictureView, ProductView, VariantView


@dataclass(frozen=True, slots=True)
class LinePicture:
    """The words beside it say what it shows, so it needs none of its own."""

    src: str
    srcset: str
    alt: str
    width: int
    height: int


def picture_of(product: ProductView | None, variant: VariantView | None) -> LinePicture | None:
    """Of `chosen`; None for a product that is gone or has none."""
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
