"""Pictures with absolute addresses, because a program has no page that a relative address could refer to."""

import msgspec

from components.catalog.pictures import pictures
from components.catalog.views import PictureView, ProductView
from web.shop import public_urls


class ApiPicture(msgspec.Struct, frozen=True, kw_only=True):
    """The largest size of the picture."""

    url: str
    alt: str
    width: int
    height: int

    @classmethod
    def of(cls, picture: PictureView) -> "ApiPicture":
        width = pictures.widths(picture)[-1]
        height = round(picture.height * width / picture.width) if picture.width else picture.height
        return cls(url=public_urls.of_picture(picture), alt=picture.alt, width=width, height=height)


def first_picture(product: ProductView) -> ApiPicture | None:
    return next((ApiPicture.of(picture) for picture in product.pictures_here), None)
