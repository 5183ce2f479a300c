"""How the shop looks, as templates and the edge need it: addresses, sizes, and the colours of the browser's frame.

Everything comes from the settings that this process knows; nothing here asks the database.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from components.brand import icon_drawing, icons, logos, palette, placeholder, style_sheet
from components.foundation.shop_settings import shop_settings
from components.foundation.shop_settings.shop_settings import ShopSettings
from web import assets

FOLDER = "/brand"


@dataclass(frozen=True, slots=True)
class Logo:
    """`png` is for e-mails."""

    address: str
    png: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Look:
    """`sheet` is the address of the shop's style sheet, `fonts` those of the typefaces it loads."""

    sheet: str
    fonts: tuple[str, ...]
    light: str
    dark: str
    accent: str
    initial: str
    logo: Logo | None
    logo_dark: Logo | None
    icon: Logo | None
    icons: str
    placeholder: str

    def icon_address(self, name: str) -> str:
        return f"{FOLDER}/{self.icons}/{name}"


def look() -> Look:
    """How the shop looks now; in the browser of somebody who tries a draft, how the draft looks."""
    return _look(shop_settings.current(), icons.version())


def sheet() -> str:
    return style_sheet.written(shop_settings.current(), assets.address)


def stand_in_picture() -> str:
    """The SVG in place of a product's picture."""
    return placeholder.written(shop_settings.current())


def digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


@lru_cache(maxsize=16)
def _look(known: ShopSettings, icons_version: str) -> Look:
    made = palette.derived(style_sheet.chosen(known))
    return Look(
        sheet=f"{FOLDER}/{digest(style_sheet.written(known, assets.address))}.css",
        fonts=tuple(assets.address(face.asset) for face in style_sheet.faces(known)),
        light=made.light["paper"],
        dark=made.dark["paper"],
        accent=made.light["club-fill"],
        initial=icon_drawing.initial(known.shop_name) or "•",
        logo=_logo(known.brand_logo),
        logo_dark=_logo(known.brand_logo_dark),
        icon=_logo(known.brand_icon),
        icons=icons_version,
        placeholder=f"{FOLDER}/{digest(placeholder.written(known))}.svg",
    )


def _logo(name: str) -> Logo | None:
    if not name:
        return None
    path = f"{FOLDER}/logo-{name.partition('-')[0]}"
    return Logo(f"{path}.webp", f"{path}.png", *logos.size(name))
