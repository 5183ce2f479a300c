"""Draws the shop's icons and its social picture from what is known of it. It takes values and returns files. Pure."""

import unicodedata
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from components.brand.colours import readable_on

FONTS = Path(__file__).parents[2] / "static" / "vendor"
TOUCH, SOCIAL = 180, (1200, 630)
FAVICONS = (16, 32, 48)
MANIFEST = (192, 512)
_FINE = 4
"""Drawn so many times larger, then made smaller: smooth edges."""
_LONGEST_LINE, _MOST_LINES = 18, 3


@dataclass(frozen=True, slots=True)
class Mark:
    """What icons are made from: the shop's name, its colour, the page's background, and its icon as a PNG, if any."""

    name: str
    colour: str
    ground: str
    font: str = "figtree.woff2"
    icon: bytes = b""
    logo: bytes = b""


def initial(name: str) -> str:
    """The first letter or digit, as a capital; "" when the name has none."""
    first = next((letter for letter in name if letter.isalnum()), "")
    return first.upper()[:1]


def icon(mark: Mark, size: int) -> Image.Image:
    """A square with transparent corners, for browsers."""
    if mark.icon:
        return _fitted(mark.icon, (size, size))
    large = size * _FINE
    drawn = Image.new("RGBA", (large, large), (0, 0, 0, 0))
    ImageDraw.Draw(drawn).rounded_rectangle((0, 0, large - 1, large - 1), radius=large * 0.22, fill=mark.colour)
    _letter(drawn, mark, 0.62)
    return drawn.resize((size, size), Image.Resampling.LANCZOS)


def full_icon(mark: Mark, size: int) -> Image.Image:
    """A square without gaps, for phones, which cut its corners to their own shape: what counts is in the middle."""
    if mark.icon:
        drawn = Image.new("RGBA", (size, size), mark.ground)
        inner = _fitted(mark.icon, (round(size * 0.64), round(size * 0.64)))
        drawn.alpha_composite(inner, ((size - inner.width) // 2, (size - inner.height) // 2))
        return drawn.convert("RGB")
    large = size * 2
    drawn = Image.new("RGBA", (large, large), mark.colour)
    _letter(drawn, mark, 0.46)
    return drawn.resize((size, size), Image.Resampling.LANCZOS).convert("RGB")


def social(mark: Mark, words: str) -> Image.Image:
    """1200 × 630: the logo, or the icon beside the name; the tagline below; a band of the shop's colour."""
    width, height = SOCIAL
    drawn = Image.new("RGBA", SOCIAL, mark.ground)
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, height - 28, width, height), fill=mark.colour)
    ink = readable_on(mark.ground)
    if mark.logo:
        shown = _fitted(mark.logo, (760, 240))
        drawn.alpha_composite(shown, ((width - shown.width) // 2, 290 - shown.height // 2))
    else:
        badge = icon(mark, 150)
        drawn.alpha_composite(badge, ((width - badge.width) // 2, 90))
        _lines(pen, mark, _wrapped(mark.name), 330, ink)
    if words:
        _lines(pen, mark, [words if len(words) <= 60 else words[:59].rstrip() + "…"], 510, ink, size=34, weight=450)
    return drawn.convert("RGB")


def png(picture: Image.Image) -> bytes:
    kept = BytesIO()
    picture.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def ico(mark: Mark) -> bytes:
    kept, largest = BytesIO(), icon(mark, FAVICONS[-1])
    smaller = [icon(mark, size) for size in FAVICONS[:-1]]
    largest.save(kept, "ICO", sizes=[(size, size) for size in FAVICONS], append_images=smaller)
    return kept.getvalue()


def _letter(drawn: Image.Image, mark: Mark, share: float) -> None:
    """The initial in the middle; a ring where the typeface does not have the letter."""
    size, pen, ink = drawn.width, ImageDraw.Draw(drawn), readable_on(mark.colour)
    letter = _drawable(initial(mark.name))
    if letter:
        font = _font(mark, round(size * share), 650)
        left, top, right, bottom = font.getbbox(letter)
        at = ((size - (right - left)) / 2 - left, (size - (bottom - top)) / 2 - top)
        pen.text(at, letter, font=font, fill=ink)
    else:
        inset, stroke = size * (0.5 - share / 2.6), max(1, round(size * 0.09))
        pen.ellipse((inset, inset, size - inset, size - inset), outline=ink, width=stroke)


def _drawable(letter: str) -> str:
    """The letter if the bundled Latin typefaces have it, else without its accent, else nothing."""
    plain = unicodedata.normalize("NFKD", letter)[:1]
    return next((each for each in (letter, plain) if each and ord(each) < 0x100), "")


def _lines(
    pen: ImageDraw.ImageDraw, mark: Mark, lines: list[str], middle: int, ink: str, *, size: int = 0, weight: int = 650
) -> None:
    readable = ["".join(each for each in line if ord(each) < 0x100 or each in "…’‘“”–—€") for line in lines]
    readable = [line for line in readable if line.strip()]
    large = size or {1: 92, 2: 76}.get(len(readable), 60)
    font = _font(mark, large, weight)
    top = middle - large * 1.15 * (len(readable) - 1) / 2
    for place, line in enumerate(readable):
        pen.text((SOCIAL[0] / 2, top + place * large * 1.15), line, font=font, fill=ink, anchor="mm")


def _wrapped(name: str) -> list[str]:
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _LONGEST_LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [line if len(line) <= 26 else line[:25] + "…" for line in lines[:_MOST_LINES]]


def _font(mark: Mark, size: int, weight: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    path = FONTS / mark.font
    if not path.is_file():
        return ImageFont.load_default(size)
    font = ImageFont.truetype(str(path), size)
    font.set_variation_by_axes([weight])
    return font


def _fitted(source: bytes, most: tuple[int, int]) -> Image.Image:
    """As large as it may be, in its own proportions; icons in a square of their own."""
    picture = Image.open(BytesIO(source), formats=("PNG",)).convert("RGBA")
    scale = min(most[0] / picture.width, most[1] / picture.height)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    fitted = picture.resize(size, Image.Resampling.LANCZOS)
    if most[0] != most[1]:
        return fitted
    square = Image.new("RGBA", most, (0, 0, 0, 0))
    square.alpha_composite(fitted, ((most[0] - size[0]) // 2, (most[1] - size[1]) // 2))
    return square
