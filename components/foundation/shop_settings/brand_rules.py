"""Which values the settings of the shop's looks and of its announcement may have. Pure.

Whether colours can be read on each other is for `components.brand` to say.
"""

import re
from collections.abc import Callable
from datetime import datetime

CORNERS = ("round", "soft", "square")
BUTTONS = ("accent", "text")
SURFACES = ("plain", "speckled")
TYPEFACES = ("figtree", "inter", "dm-sans", "fraunces", "lora", "playfair", "system")
LONGEST_ANNOUNCEMENT = 160
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_IMAGE = re.compile(r"[0-9a-f]{32}-[1-9]\d{0,3}x[1-9]\d{0,3}")
_LINK = re.compile(r"(/(?!/)|https://[^\s/@:]+\.[^\s/@:]+(?=[/?#]|$))[^\s\\]*")


def _colour(text: str) -> str:
    return "" if _COLOUR.fullmatch(text) else f"must be a colour like #1f4e79, not “{text}”"


def _colour_or_none(text: str) -> str:
    return _colour(text) if text else ""


def _one_of(*names: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        return "" if text in names else f"must be one of {', '.join(names)}, not “{text}”"

    return check


def _image(text: str) -> str:
    return "" if not text or _IMAGE.fullmatch(text) else "must be an image uploaded to this shop"


def _announcement(text: str) -> str:
    most = LONGEST_ANNOUNCEMENT
    return f"must be {most} characters or fewer, not {len(text)}" if len(text) > most else ""


def _link(text: str) -> str:
    is_good = not text or (len(text) <= 300 and _LINK.fullmatch(text))
    return "" if is_good else "must begin with / for a page of this shop, or with https:// for another"


def _instant(text: str) -> str:
    try:
        is_good = not text or datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        is_good = False
    return "" if is_good else f"must be a date and time, not “{text}”"


RULES: dict[str, Callable[[str], str]] = {
    "brand_accent": _colour,
    "brand_accent_dark": _colour_or_none,
    "brand_ground": _colour,
    "brand_sale": _colour,
    "brand_buttons": _one_of(*BUTTONS),
    "brand_headings": _one_of(*TYPEFACES),
    "brand_text": _one_of(*TYPEFACES),
    "brand_corners": _one_of(*CORNERS),
    "brand_surface": _one_of(*SURFACES),
    "brand_logo": _image,
    "brand_logo_dark": _image,
    "brand_icon": _image,
    "announcement_text": _announcement,
    "announcement_link": _link,
    "announcement_from": _instant,
    "announcement_until": _instant,
}
