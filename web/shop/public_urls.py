"""Absolute addresses, for programs that have no page to which a relative one could refer."""

from components.catalog.pictures import pictures
from components.catalog.views import PictureView, ProductView, VariantView
from components.foundation import settings, text
from web.shop.products import variant_choice


def absolute(path: str) -> str:
    return settings.current().base_url + text.in_address(path)


def of_product(product: ProductView) -> str:
    return absolute(f"/products/{product.slug}")


def of_variant(product: ProductView, variant: VariantView) -> str:
    """The page on which this variant is chosen."""
    path = f"/products/{product.slug}"
    return absolute(path if len(product.variants) == 1 else f"{path}?variant={variant_choice.option_key(variant)}")


def of_picture(picture: PictureView) -> str:
    """The largest size of the picture."""
    return absolute(pictures.address(picture, pictures.widths(picture)[-1]))
