"""The shop's icons and its social picture, drawn when they are first asked for and kept in memory.

What is asked for never decides how much is drawn: a few names, of the looks the shop has now.
"""

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from components.brand import icon_drawing, logos, palette, style_sheet, typefaces
from components.brand.icon_drawing import MANIFEST, TOUCH, Mark
from components.foundation.shop_settings import shop_settings
from components.foundation.shop_settings.shop_settings import ShopSettings

KEPT = 24
NAMES = (
    "favicon.ico",
    "touch.png",
    "social.png",
    *(f"{kind}-{size}.png" for kind in ("icon", "maskable") for size in MANIFEST),
)


@dataclass(frozen=True, slots=True)
class IconFile:
    media_type: str
    body: bytes


_drawn: OrderedDict[tuple[str, str], IconFile] = OrderedDict()


def version() -> str:
    """Differs when the icons do: part of their addresses."""
    known = shop_settings.current()
    said = (
        known.shop_name, known.shop_tagline, known.brand_accent, known.brand_ground, known.brand_headings,
        known.brand_icon, known.brand_logo,
    )  # fmt: skip
    return hashlib.blake2b(repr(said).encode(), digest_size=6).hexdigest()


async def icon(name: str) -> IconFile | None:
    """One of `NAMES`; None for any other."""
    if name not in NAMES:
        return None
    known, key = shop_settings.current(), (version(), name)
    if key not in _drawn:
        mark = await _mark(known)
        _drawn[key] = await asyncio.to_thread(_file, name, mark, known.shop_tagline)
        if len(_drawn) > KEPT:
            _drawn.popitem(last=False)
    return _drawn[key]


def _file(name: str, mark: Mark, tagline: str) -> IconFile:
    if name == "favicon.ico":
        return IconFile("image/x-icon", icon_drawing.ico(mark))
    stem, _, size = name.removesuffix(".png").partition("-")
    if stem == "social":
        drawn = icon_drawing.social(mark, tagline)
    elif stem == "icon":
        drawn = icon_drawing.icon(mark, int(size))
    else:
        drawn = icon_drawing.full_icon(mark, int(size or TOUCH))
    return IconFile("image/png", icon_drawing.png(drawn))


async def _mark(known: ShopSettings) -> Mark:
    theme = palette.derived(style_sheet.chosen(known)).light
    face = typefaces.by_slug(known.brand_headings)
    return Mark(
        name=known.shop_name,
        colour=theme["club-fill"],
        ground=theme["paper"],
        font=face.asset if face.has_file else "figtree.woff2",
        icon=await _png(known.brand_icon),
        logo=await _png(known.brand_logo),
    )


async def _png(name: str) -> bytes:
    found = await logos.file(name.partition("-")[0]) if name else None
    return found.png if found else b""
