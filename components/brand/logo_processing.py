"""Re-encodes one uploaded logo or icon. It runs as a program of its own and imports nothing of the shop.

It reads an image from standard input within narrow limits of memory and time, cuts away what is empty around it, and
writes `logo.png` and `logo.webp` into the folder named by its first argument, at most as wide and high as its second
and third say. It prints width and height. Its exit code is 2 for an unreadable image, 3 for one that is too large, and
4 for one of which nothing can be seen.
"""

import sys
import warnings
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 25_000_000
MEMORY = 1024 * 1024 * 1024
SECONDS = 20
UNREADABLE, TOO_LARGE, EMPTY = 2, 3, 4


class LogoUnreadable(Exception):
    pass


class LogoTooLarge(Exception):
    pass


class LogoEmpty(Exception):
    pass


def process(source: bytes, most: tuple[int, int]) -> Image.Image:
    """The visible part, within these bounds. Raises `LogoUnreadable`, `LogoTooLarge`, `LogoEmpty`."""
    picture = _opened(source)
    box = picture.getchannel("A").point(lambda part: 255 if part > 4 else 0).getbbox()
    if box is None:
        raise LogoEmpty
    cut = picture.crop(box)
    cut.thumbnail(most, Image.Resampling.LANCZOS)
    return cut


def _opened(source: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(BytesIO(source), formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise LogoTooLarge
            picture.load()
            return ImageOps.exif_transpose(picture).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as trouble:
        raise LogoUnreadable from trouble


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main() -> int:
    _limit()
    folder, width, height = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    try:
        made = process(sys.stdin.buffer.read(), (width, height))
    except LogoUnreadable:
        return UNREADABLE
    except (LogoTooLarge, MemoryError):
        return TOO_LARGE
    except LogoEmpty:
        return EMPTY
    made.save(folder / "logo.png", optimize=True)
    made.save(folder / "logo.webp", lossless=True, quality=60)
    print(made.width, made.height)
    return 0


if __name__ == "__main__":
    sys.exit(main())
