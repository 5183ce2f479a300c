"""Colours as sRGB hex and as OKLCH, and the contrast between two of them. Pure.

OKLCH is Björn Ottosson's (https://bottosson.github.io/posts/oklab/); contrast is that of WCAG 2.2.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

BLACK, WHITE = "#000000", "#ffffff"


@dataclass(frozen=True, slots=True)
class Tone:
    """Lightness from 0 to 1, chroma from 0 to about 0.3, hue in degrees."""

    lightness: float
    chroma: float
    hue: float

    def lighter(self, by: float) -> "Tone":
        return replace(self, lightness=min(1.0, max(0.0, self.lightness + by)))

    @property
    def hex(self) -> str:
        return _hex(self)


@lru_cache(maxsize=2_000)
def tone(colour: str) -> Tone:
    """The OKLCH of "#rrggbb"."""
    r, g, b = (_linear(part) for part in _parts(colour))
    l, m, s = (  # noqa: E741
        math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b),
        math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b),
        math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b),
    )
    lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
    a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
    c = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    return Tone(lightness, math.hypot(a, c), math.degrees(math.atan2(c, a)) % 360)


@lru_cache(maxsize=8_000)
def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    r, g, b = (_linear(part) for part in _parts(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def readable_on(ground: str) -> str:
    """White where it can be read, else nearly black or black; one of them always has 4.5."""
    if contrast(WHITE, ground) >= 4.5:
        return WHITE
    return "#111111" if contrast("#111111", ground) >= 4.5 else BLACK


@lru_cache(maxsize=8_000)
def _hex(wanted: Tone) -> str:
    """The colour, with as much of its chroma as a screen can show."""
    linear = _to_linear(wanted)
    if _is_shown(linear):
        return _written(linear)
    least, most = 0.0, wanted.chroma
    for _ in range(8):
        middle = (least + most) / 2
        fits = _is_shown(_to_linear(replace(wanted, chroma=middle)))
        least, most = (middle, most) if fits else (least, middle)
    return _written(_to_linear(replace(wanted, chroma=least)))


def _is_shown(linear: tuple[float, float, float]) -> bool:
    return all(-0.0005 <= part <= 1.0005 for part in linear)


def _to_linear(of: Tone) -> tuple[float, float, float]:
    a, b = of.chroma * math.cos(math.radians(of.hue)), of.chroma * math.sin(math.radians(of.hue))
    l = (of.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3  # noqa: E741
    m = (of.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s = (of.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    )


def _written(linear: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(_gamma(min(1.0, max(0.0, part))) * 255):02x}" for part in linear)


def _parts(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
