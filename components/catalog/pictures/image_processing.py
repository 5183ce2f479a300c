"""Resizes one picture to the shop's sizes. It also runs as a program of its own and imports nothing of the shop.

As a program it reads a picture from standard input within narrow limits of memory and time, writes the sizes into the
folder named by its first argument under the name in its second, and prints width and height. Its exit code is 2 for an
unreadable picture and 3 for one that is too large.
"""

import sys
import warnings
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

WIDTHS = (320, 640, 1280)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
MOST_PIXELS = 50_000_000
QUALITY = 82
THOROUGH, QUICK = 4, 2
"""How long is looked for the smallest file: the quick one is a tenth larger, in half the time."""
MEMORY = 1024 * 1024 * 1024
SECONDS = 20
UNREADABLE, TOO_LARGE = 2, 3


class ImageUnreadable(Exception):
    pass


class ImageTooLarge(Exception):
    pass


def widths(width: int) -> tuple[int, ...]:
    """The widths stored for a picture this wide; pictures are never enlarged."""
    return (*(known for known in WIDTHS if known < width), min(width, WIDTHS[-1]))[: len(WIDTHS)]


def process(source: bytes, folder: Path, name: str, *, is_own: bool = False) -> tuple[int, int]:
    """Write `name`-320.webp and so on; returns width and height of the largest. One that `is_own`, made by the shop
    itself, stays as it is in its own width and becomes the others quickly. Raises `ImageUnreadable`, `ImageTooLarge`.
    """
    picture = _opened(source)
    is_kept = is_own and is_webp(source)
    largest = min(picture.width, WIDTHS[-1])
    for width in widths(picture.width):
        path = folder / f"{name}-{width}.webp"
        if is_kept and width == picture.width:
            _put(path, source)
            continue
        height = max(1, round(picture.height * width / picture.width))
        smaller = picture.resize((width, height), Image.Resampling.LANCZOS) if width < picture.width else picture
        made = BytesIO()
        smaller.save(made, "WEBP", quality=QUALITY, method=QUICK if is_own else THOROUGH)
        _put(path, made.getvalue())
    return largest, max(1, round(picture.height * largest / picture.width))


def _opened(source: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(BytesIO(source), formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise ImageTooLarge
            picture.load()
            turned = ImageOps.exif_transpose(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as trouble:
        raise ImageUnreadable from trouble
    has_gaps = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
    return turned.convert("RGBA" if has_gaps else "RGB")


def is_webp(source: bytes) -> bool:
    return source[:4] == b"RIFF" and source[8:12] == b"WEBP"


def _put(path: Path, written: bytes) -> None:
    """Written atomically: an incomplete file never has the final name."""
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(written)
    unfinished.replace(path)


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main() -> int:
    _limit()
    folder, name = Path(sys.argv[1]), sys.argv[2]
    try:
        print(*process(sys.stdin.buffer.read(), folder, name))
    except ImageUnreadable:
        return UNREADABLE
    except (ImageTooLarge, MemoryError):
        return TOO_LARGE
    return 0


if __name__ == "__main__":
    sys.exit(main())
