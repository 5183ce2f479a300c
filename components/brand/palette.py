"""Every colour of the shop, worked out from the few that were chosen, for light and dark. Pure.

Backgrounds are shades of the ground; texts are taken from it too and darkened until they can be read on the darkest of
them. The colour of the club is the accent itself. What was chosen is never changed here: whether it can be read is
said by `contrast_check`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from components.brand.colours import Tone, contrast, readable_on, tone

TEXT, CONTROL, LONG_TEXT = 4.5, 3.0, 7.0
"""The least contrast of text, and of edges and focus rings, in WCAG 2.2 AA; of ordinary text in AAA."""
_BACKS = ("paper", "surface", "sunken", "ground", "club-wash", "accent-wash", "danger-wash")
_ROOM = 0.06
"""So much more is aimed at, because screens round."""
Theme = dict[str, str]
"""A colour for each name of a token, like "ink-soft"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the shop chose. Without an accent for dark pages one is worked out; buttons are "accent" or "text"."""

    accent: str
    ground: str
    sale: str
    accent_dark: str = ""
    buttons: str = "accent"


@dataclass(frozen=True, slots=True)
class Palette:
    light: Theme
    dark: Theme


@lru_cache(maxsize=64)
def derived(chosen: Chosen) -> Palette:
    return Palette(_light(chosen), _dark(chosen))


def _light(chosen: Chosen) -> Theme:
    ground, accent, sale = tone(chosen.ground), tone(chosen.accent), tone(chosen.sale)
    theme = {
        "paper": chosen.ground,
        "surface": Tone(min(1.0, ground.lightness + 0.018), ground.chroma * 0.5, ground.hue).hex,
        "sunken": Tone(ground.lightness - 0.026, ground.chroma * 1.35, ground.hue).hex,
        "ground": Tone(ground.lightness - 0.049, ground.chroma * 2, ground.hue).hex,
        "line": Tone(ground.lightness - 0.092, ground.chroma * 1.75, ground.hue).hex,
        "accent": chosen.sale,
        "accent-wash": _wash(sale, ground.lightness - 0.032, 0.024),
        "club": chosen.accent,
        "club-deep": accent.lighter(-0.08).hex,
        "club-fill": chosen.accent,
        "club-fill-deep": _apart(accent, chosen.accent).hex,
        "club-wash": _wash(accent, ground.lightness - 0.026, 0.016),
        "club-line": _wash(accent, ground.lightness - 0.147, 0.034),
        "strip": Tone(min(0.34, accent.lightness), min(accent.chroma, 0.07), accent.hue).hex,
        "strip-ink": Tone(0.965, min(accent.chroma, 0.012), accent.hue).hex,
        "danger-wash": Tone(min(0.952, ground.lightness - 0.02), 0.015, 28).hex,
        "veil": "#1a151173",
    }
    backs = [theme[name] for name in _BACKS]
    theme["ink"] = _read(Tone(0.25, min(0.018, ground.chroma * 2.2), ground.hue), backs, LONG_TEXT, darker=True)
    theme["ink-soft"] = _read(Tone(0.46, min(0.02, ground.chroma * 2.4), ground.hue), backs, TEXT, darker=True)
    theme["line-control"] = _read(Tone(0.6, min(0.022, ground.chroma * 2.4), ground.hue), backs, CONTROL, darker=True)
    theme["danger"] = _read(Tone(0.49, 0.17, 27), backs, TEXT, darker=True)
    theme["focus"] = _read(Tone(0.45, 0.13, 255), backs, CONTROL, darker=True)
    return _with_buttons(theme, chosen)


def _dark(chosen: Chosen) -> Theme:
    ground, accent, sale = tone(chosen.ground), tone(chosen.accent), tone(chosen.sale)
    shade, hue = min(0.012, ground.chroma * 1.2), ground.hue
    theme = {
        "paper": Tone(0.19, shade, hue).hex,
        "surface": Tone(0.228, shade * 1.1, hue).hex,
        "sunken": Tone(0.258, shade * 1.2, hue).hex,
        "ground": Tone(0.3, shade * 1.4, hue).hex,
        "line": Tone(0.35, shade * 1.4, hue).hex,
        "ink": Tone(0.94, shade, hue).hex,
        "accent-wash": Tone(0.29, min(sale.chroma, 0.04), sale.hue).hex,
        "club-wash": Tone(0.272, min(accent.chroma, 0.022), accent.hue).hex,
        "club-line": Tone(0.42, min(accent.chroma, 0.045), accent.hue).hex,
        "strip": Tone(0.275, min(accent.chroma, 0.045), accent.hue).hex,
        "strip-ink": Tone(0.965, min(accent.chroma, 0.012), accent.hue).hex,
        "danger-wash": Tone(0.275, 0.038, 25).hex,
        "veil": "#00000080",
    }
    backs = [theme[name] for name in _BACKS]
    theme["ink-soft"] = _read(Tone(0.77, shade * 1.2, hue), backs, TEXT, darker=False)
    theme["line-control"] = _read(Tone(0.6, shade * 1.6, hue), backs, CONTROL, darker=False)
    theme["accent"] = _read(Tone(0.78, min(sale.chroma, 0.12), sale.hue), backs, TEXT, darker=False)
    theme["danger"] = _read(Tone(0.77, 0.13, 25), backs, TEXT, darker=False)
    theme["focus"] = _read(Tone(0.82, 0.1, 245), backs, CONTROL, darker=False)
    bright = _read(Tone(0.82, min(accent.chroma * 1.3, 0.11), accent.hue), backs, TEXT, darker=False)
    theme["club"] = chosen.accent_dark or bright
    theme["club-deep"] = tone(theme["club"]).lighter(0.05).hex
    filled = Tone(0.66, min(accent.chroma * 1.25, 0.15), accent.hue)
    theme["club-fill"] = chosen.accent_dark or _read(filled, ["#ffffff"], TEXT, darker=True)
    theme["club-fill-deep"] = _apart(tone(theme["club-fill"]), theme["club-fill"]).hex
    return _with_buttons(theme, chosen)


def _with_buttons(theme: Theme, chosen: Chosen) -> Theme:
    """What stands on a filled button, and the colours of main buttons and of the club's strip."""
    theme["on-club"] = readable_on(theme["club-fill"])
    is_text = chosen.buttons == "text"
    theme["action"] = theme["ink"] if is_text else theme["club-fill"]
    theme["on-action"] = theme["paper"] if is_text else theme["on-club"]
    hovered = _apart(tone(theme["ink"]), theme["ink"]).hex if is_text else theme["club-fill-deep"]
    theme["action-hover"] = hovered
    strip = tone(theme["strip"])
    theme["strip-soft"] = _read(Tone(0.86, min(strip.chroma, 0.022), strip.hue), [theme["strip"]], TEXT, darker=False)
    theme["strip-fill"] = Tone(0.94, min(strip.chroma, 0.03), strip.hue).hex
    theme["on-strip-fill"] = Tone(0.25, min(strip.chroma, 0.04), strip.hue).hex
    theme["strip-focus"] = "#ffffff"
    return theme


def _wash(of: Tone, lightness: float, chroma: float) -> str:
    return Tone(lightness, min(of.chroma, chroma), of.hue).hex


def _apart(of: Tone, colour: str) -> Tone:
    """The same a little further from the text that stands on it: what a button becomes under the pointer."""
    return of.lighter(-0.07 if readable_on(colour) == "#ffffff" else 0.06)


def _read(wish: Tone, backs: Iterable[str], least: float, *, darker: bool) -> str:
    """The wish, darkened or lightened until it can be read on all of these; as far as it goes when it never can."""
    backs, found = list(backs), wish
    while min(contrast(found.hex, back) for back in backs) < least + _ROOM:
        if found.lightness in (0.0, 1.0):
            break
        found = found.lighter(-0.01 if darker else 0.01)
    return found.hex
