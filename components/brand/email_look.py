"""The shop's looks as e-mails can show them: plain colours, a logo as PNG, and fonts that every machine has."""

from dataclasses import dataclass

from components.brand import logos, palette, style_sheet, typefaces
from components.brand.palette import Theme
from components.brand.typefaces import SERIF
from components.foundation.shop_settings.shop_settings import ShopSettings

WIDEST, HIGHEST = 220, 64


@dataclass(frozen=True, slots=True)
class EmailLogo:
    """`path` is below the shop's address; width and height are those it is shown at."""

    path: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class EmailLook:
    light: Theme
    dark: Theme
    headings: str
    radius: int
    logo: EmailLogo | None
    logo_dark: EmailLogo | None


def look(known: ShopSettings) -> EmailLook:
    made = palette.derived(style_sheet.chosen(known))
    is_serif = typefaces.by_slug(known.brand_headings).generic == SERIF
    return EmailLook(
        light=made.light,
        dark=made.dark,
        headings="Georgia, serif" if is_serif else "Helvetica, Arial, sans-serif",
        radius={"round": 99, "soft": 8, "square": 0}[known.brand_corners],
        logo=_logo(known.brand_logo),
        logo_dark=_logo(known.brand_logo_dark),
    )


def _logo(name: str) -> EmailLogo | None:
    if not name:
        return None
    width, height = logos.size(name)
    scale = min(1.0, WIDEST / width, HIGHEST / height)
    path = f"/brand/logo-{name.partition('-')[0]}.png"
    return EmailLogo(path, max(1, round(width * scale)), max(1, round(height * scale)))
