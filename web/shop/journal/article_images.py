"""Images of articles: a catalogue picture by its name, or any address of this shop."""

import re
from functools import lru_cache

from components.catalog.pictures import pictures
from web.shop.products.cards import CardPicture

_NAME = re.compile(r"[0-9a-f]{40}")
SHAPE = (1500, 1000)


def cover(named: str, alt: str) -> CardPicture | None:
    """None when there is none, or when the picture no longer exists."""
    if named.startswith("/") and not named.startswith("//"):
        return CardPicture(named, "", alt, *SHAPE)
    if not _NAME.fullmatch(named):
        return None
    try:
        widths = _widths(named)
    except LookupError:
        return None
    sources = {width: f"/pictures/{named}-{width}.webp" for width in widths}
    srcset = ", ".join(f"{address} {width}w" for width, address in sources.items())
    return CardPicture(sources[widths[-1]], srcset, alt, widths[-1], widths[-1])


@lru_cache(maxsize=500)
def _widths(name: str) -> tuple[int, ...]:
    """Raises `LookupError`, which is not kept: the files may be on their way from another machine."""
    found = sorted(int(path.stem.rsplit("-", 1)[1]) for path in pictures.storage_folder().glob(f"{name}-*.webp"))
    if not found:
        raise LookupError(name)
    return tuple(found)
