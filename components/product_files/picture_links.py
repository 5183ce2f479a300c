"""Pictures by address: our own by the address of their largest size, others unchanged."""

from components.catalog.pictures.image_processing import WIDTHS
from components.foundation import settings
from components.product_files.existing_products import ExistingPicture


def address_of(picture: ExistingPicture) -> str:
    if not picture.stored:
        return picture.path
    width = min(picture.width, WIDTHS[-1])
    return f"{settings.current().base_url}/pictures/{picture.stored}-{width}.webp"


def path_of(address: str) -> str:
    """The picture's path here: addresses of our own pictures are resolved to them."""
    own = f"{settings.current().base_url}/pictures/"
    return address.removeprefix(own).rsplit("-", 1)[0] if address.startswith(own) else address


def is_meant(picture: ExistingPicture, address: str) -> bool:
    """Whether a file means this picture: it may say the address it came from, or ours."""
    return path_of(address) in (picture.path, picture.stored or picture.path)
