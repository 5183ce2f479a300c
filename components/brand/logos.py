"""Logos and icons: re-encoded on upload, kept under names made from their content, and never changed.

A setting names one as "<digest>-<width>x<height>", so that a page knows its size without asking.
"""

import asyncio
import hashlib
import sys
import tempfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

from components.brand import logo_processing
from components.brand.tables import BrandImage
from components.foundation import audit, clock, database, ids
from components.foundation.refusals import Refusal

Kind = Literal["logo", "icon"]
MOST_BYTES = 5 * 1024 * 1024
BOUNDS = {"logo": (800, 300), "icon": (512, 512)}
SMALLEST_ICON = 128
PATIENCE = 30
KEPT = 12


class LogoRefused(Refusal):
    message = "We can’t use this image: choose a PNG, JPEG or WebP file. SVG files can’t be used."
    status = 422


class LogoOversized(LogoRefused):
    message = "A logo or icon can be at most 5 MB and 25 million pixels."
    status = 413


class LogoInvisible(LogoRefused):
    message = "There is nothing to see in this image: all of it is transparent."


class IconTooSmall(LogoRefused):
    message = f"An icon needs at least {SMALLEST_ICON} pixels in width and height, and 512 look best."


class IconNotSquare(LogoRefused):
    message = "An icon has to be about as wide as it is high: it is shown in a square."


@dataclass(frozen=True, slots=True)
class LogoFile:
    png: bytes
    webp: bytes


_files: OrderedDict[str, LogoFile] = OrderedDict()


async def upload(source: bytes, *, kind: Kind, by: UUID | None) -> str:
    """Keep an uploaded file; returns its name for the settings. It may be hostile, so a child process with little
    memory and time decodes it. Raises `LogoRefused` or one of its kinds."""
    if len(source) > MOST_BYTES:
        raise LogoOversized
    found, width, height = await _reencoded_apart(source, kind)
    if kind == "icon":
        if min(width, height) < SMALLEST_ICON:
            raise IconTooSmall if abs(width - height) * 3 <= max(width, height) else IconNotSquare
        if abs(width - height) * 3 > max(width, height):
            raise IconNotSquare
    digest = hashlib.blake2b(found.png, digest_size=16).hexdigest()
    row = BrandImage(
        id=ids.new(), digest=digest, width=width, height=height, png=found.png, webp=found.webp, at=clock.now(), by=by
    )
    async with database.transaction():
        is_new = await BrandImage.insert(row).on_conflict(action="DO NOTHING").returning(BrandImage.id)
        if is_new and by is not None:
            after = {"width": width, "height": height}
            await audit.record(by, "brand image uploaded", "brand image", digest, after=after)
    return f"{digest}-{width}x{height}"


async def is_kept(name: str) -> bool:
    """Whether there is an image of this name."""
    digest, _, size = name.partition("-")
    row = await BrandImage.select(BrandImage.width, BrandImage.height).where(BrandImage.digest == digest).first()
    return row is not None and size == f"{row['width']}x{row['height']}"


async def file(digest: str) -> LogoFile | None:
    """The image as PNG and as WebP; KEPT of them stay in memory."""
    if digest not in _files:
        row = await BrandImage.select(BrandImage.png, BrandImage.webp).where(BrandImage.digest == digest).first()
        if row is None:
            return None
        _files[digest] = LogoFile(bytes(row["png"]), bytes(row["webp"]))
        if len(_files) > KEPT:
            _files.popitem(last=False)
    _files.move_to_end(digest)
    return _files[digest]


def size(name: str) -> tuple[int, int]:
    """Width and height of the image of this name."""
    width, _, height = name.partition("-")[2].partition("x")
    return int(width), int(height)


async def _reencoded_apart(source: bytes, kind: Kind) -> tuple[LogoFile, int, int]:
    with tempfile.TemporaryDirectory(prefix="clubfront-logo-") as folder:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-I", logo_processing.__file__, folder, *map(str, BOUNDS[kind]),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env={},
        )  # fmt: skip
        try:
            printed, _ = await asyncio.wait_for(child.communicate(source), PATIENCE)
        except TimeoutError:
            child.kill()
            await child.wait()
            raise LogoRefused from None
        if child.returncode != 0:
            raise _REFUSALS.get(child.returncode or 0, LogoRefused)
        width, height = map(int, printed.split())
        return await asyncio.to_thread(_written, Path(folder)), width, height


def _written(folder: Path) -> LogoFile:
    return LogoFile((folder / "logo.png").read_bytes(), (folder / "logo.webp").read_bytes())


_REFUSALS: dict[int, type[LogoRefused]] = {
    logo_processing.TOO_LARGE: LogoOversized,
    logo_processing.EMPTY: LogoInvisible,
}
