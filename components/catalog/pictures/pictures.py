"""Pictures of products: re-encoded when they come in, kept in a few sizes under names made of their content.

A picture elsewhere is kept as its address only. It is given back by the export, and never fetched.
"""

import asyncio
import hashlib
import re
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from components.catalog.catalog_refusals import PictureRefused, PictureTooLarge, UnknownProduct
from components.catalog.pictures import image_processing
from components.catalog.positions import next_position
from components.catalog.tables import Picture, Product
from components.catalog.views import PictureView
from components.foundation import audit, database, ids, settings

MOST_BYTES = 10 * 1024 * 1024
PATIENCE = 30
_NAME = re.compile(r"[0-9a-f]{40}-\d{1,4}\.webp")


def storage_folder() -> Path:
    return settings.current().data / "pictures"


def file_path(name: str) -> Path | None:
    """Where the file of an address like `<digest>-640.webp` lies; None for any other name or when there is none."""
    path = storage_folder() / name
    return path if _NAME.fullmatch(name) and path.is_file() else None


def address(picture: PictureView, width: int) -> str:
    return f"/pictures/{picture.path}-{width}.webp"


def widths(picture: PictureView) -> tuple[int, ...]:
    return image_processing.widths(picture.width)


async def upload(
    product_id: UUID, source: bytes, *, alt: str, variant_id: UUID | None = None, by: UUID | None = None
) -> UUID:
    """Add what somebody sent us. It is decoded in a child process with little memory and time: it may be hostile.

    Raises `PictureTooLarge` and `PictureRefused`.
    """
    name = _name_of(source)
    width, height = await _reencoded_apart(source, name)
    return await _add(product_id, name, alt, width, height, variant_id, by)


async def add(product_id: UUID, source: bytes, *, alt: str, variant_id: UUID | None = None) -> UUID:
    """Add a picture of our own making, decoded in a thread."""
    name = _name_of(source)
    storage_folder().mkdir(exist_ok=True)
    width, height = await asyncio.to_thread(image_processing.process, source, storage_folder(), name)
    return await _add(product_id, name, alt, width, height, variant_id, None)


async def add_external(product_id: UUID, address: str, *, alt: str, variant_id: UUID | None = None) -> UUID:
    """Keep the address of a picture that an import speaks of."""
    return await _add(product_id, address, alt, 0, 0, variant_id, None)


async def describe(picture_id: UUID, *, alt: str, by: UUID | None = None) -> bool:
    """Change the words for those who do not see it; False when they are so already."""
    async with database.transaction():
        row = await database.locked(Picture, Picture.id == picture_id)
        if row is None or row.alt == alt:
            return False
        await Picture.update(alt=alt).where(Picture.id == picture_id)
        if by is not None:
            before, after = {"alt": row.alt}, {"alt": alt}
            await audit.record(by, "picture described", "picture", picture_id, before=before, after=after)
    return True


async def remove(picture_id: UUID, *, by: UUID | None = None) -> None:
    """Take it off the product. Its files stay: orders and letters may still show them."""
    async with database.transaction():
        gone = await Picture.delete().where(Picture.id == picture_id).returning(Picture.product, Picture.path)
        if gone and by is not None:
            before = {"path": gone[0]["path"]}
            await audit.record(by, "picture removed", "product", gone[0]["product"], before=before)


_MAKE_FIRST = """
UPDATE picture SET position = (SELECT min(o.position) - 1 FROM picture o WHERE o.product = picture.product)
WHERE id = $1 RETURNING product"""


async def make_first(picture_id: UUID, *, by: UUID | None = None) -> None:
    """Make it the picture that cards show."""
    async with database.transaction():
        product_id = await database.fetch_value(_MAKE_FIRST, picture_id)
        if product_id is not None and by is not None:
            await audit.record(by, "picture moved to the front", "product", product_id)


async def of_product(product_id: UUID) -> tuple[PictureView, ...]:
    rows = await Picture.select().where(Picture.product == product_id).order_by(Picture.position, Picture.id)
    return tuple(picture_view(row) for row in rows)


def picture_view(row: dict[str, Any]) -> PictureView:
    return PictureView(row["id"], row["path"], row["alt"], row["width"], row["height"], row["variant"])


async def _add(
    product_id: UUID, path: str, alt: str, width: int, height: int, variant_id: UUID | None, by: UUID | None
) -> UUID:
    picture_id = ids.new()
    async with database.transaction():
        if await database.locked(Product, Product.id == product_id) is None:
            raise UnknownProduct
        picture = Picture(id=picture_id, product=product_id, variant=variant_id, path=path, alt=alt)
        picture.width, picture.height = width, height
        picture.position = await next_position(Picture.position, Picture.product == product_id)
        await Picture.insert(picture)
        if by is not None:
            after = {"path": path, "alt": alt}
            await audit.record(by, "picture added", "product", product_id, after=after)
    return picture_id


def _name_of(source: bytes) -> str:
    if len(source) > MOST_BYTES:
        raise PictureTooLarge
    return hashlib.blake2b(source, digest_size=20).hexdigest()


async def _reencoded_apart(source: bytes, name: str) -> tuple[int, int]:
    storage_folder().mkdir(exist_ok=True)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-I", image_processing.__file__, str(storage_folder()), name,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env={},
    )  # fmt: skip
    try:
        printed, _ = await asyncio.wait_for(child.communicate(source), PATIENCE)
    except TimeoutError:
        child.kill()
        await child.wait()
        raise PictureRefused from None
    if child.returncode == image_processing.TOO_LARGE:
        raise PictureTooLarge
    if child.returncode != 0:
        raise PictureRefused
    width, height = map(int, printed.split())
    return width, height
