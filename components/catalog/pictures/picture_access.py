"""Who may load a picture's file: anybody who can see a product that shows it."""

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from uuid import UUID

from components.catalog import visibility
from components.catalog.snapshot.snapshot_refresh import snapshot
from components.catalog.tables import Picture
from components.catalog.visibility import Access

KEPT = 20_000


class Audience(Enum):
    """`EVERYBODY` includes guests, `SOME` means people with early access, `NOBODY` means the picture is hidden.

    `NOT_OF_A_PRODUCT`: no product shows it, so what else has it decides.
    """

    EVERYBODY = "everybody"
    NOT_OF_A_PRODUCT = "not of a product"
    SOME = "some"
    NOBODY = "nobody"


class _Known:
    """Which products show a picture, cached until the catalogue changes."""

    version = -1
    products: dict[str, tuple[UUID, ...]] = {}


async def audience(name: str, access: Access, at: datetime) -> Audience:
    """For a file name such as `<digest>-640.webp`."""
    shown_by = await _products(name.rpartition("-")[0])
    if not shown_by:
        return Audience.NOT_OF_A_PRODUCT
    if _sees(shown_by, Access.NONE, at):
        return Audience.EVERYBODY
    return Audience.SOME if _sees(shown_by, access, at) else Audience.NOBODY


def _sees(ids: Iterable[UUID], access: Access, at: datetime) -> bool:
    found = (snapshot().product_by_id(id) for id in ids)
    return any(visibility.product_availability(product, access, at).is_visible for product in found if product)


async def _products(path: str) -> tuple[UUID, ...]:
    version = snapshot().version
    if _Known.version != version or len(_Known.products) > KEPT:
        _Known.version, _Known.products = version, {}
    if path not in _Known.products:
        shown_by = Picture.select(Picture.product).where(Picture.path == path)
        _Known.products[path] = tuple(await shown_by.output(as_list=True))
    return _Known.products[path]
