"""Pictures, whole: a program has no page that their addresses could be relative to."""

import msgspec

from components.catalog import PictureView, ProductView, pictures
from web.shop import addresses


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """The largest there is of it."""

    url: str
    alt: str
    width: int
    height: int

    @classmethod
    def of(cls, picture: PictureView) -> "Picture":
        width = pictures.widths(picture)[-1]
        height = round(picture.height * width / picture.width) if picture.width else picture.height
        return cls(url=addresses.of_picture(picture), alt=picture.alt, width=width, height=height)


def first_picture(product: ProductView) -> Picture | None:
    return next((Picture.of(picture) for picture in product.pictures_here), None)
