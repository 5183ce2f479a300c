"""Words can be read on every ground, by day and by night: WCAG 2.2 AA from the tokens themselves."""

import math
import re
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "static" / "css" / "shop" / "tokens.css").read_text()
GROUNDS = ("paper", "surface", "sunken", "ground", "accent-wash", "club-wash", "danger-wash")
INKS = ("ink", "ink-soft", "accent", "club", "club-deep", "danger")
THEMES = ("light", "dark")
Colour = tuple[float, float, float]


def _colours() -> dict[tuple[str, str], Colour]:
    hues = dict(re.findall(r"--(hue-\w+): (\d+);", TOKENS))
    found: dict[tuple[str, str], Colour] = {}
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\(oklch\((.*?)\), oklch\((.*?)\)\);", TOKENS):
        for theme, written in zip(THEMES, (light, dark), strict=True):
            lightness, chroma, hue = re.sub(r"var\(--(hue-\w+)\)?", lambda m: hues[m[1]], written).split()
            found[name, theme] = (float(lightness), float(chroma), float(hue.rstrip(")")))
    for name, written in re.findall(r"--([\w-]+): oklch\(([\d. ]+)\);", TOKENS):
        for theme in THEMES:
            lightness, chroma, hue = written.split()
            found[name, theme] = (float(lightness), float(chroma), float(hue))
    return found


COLOURS = _colours()


def luminance(colour: Colour) -> float:
    """Relative luminance of an OKLCH colour (B. Ottosson's matrices, clipped to sRGB)."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    red, green, blue = (min(1.0, max(0.0, part)) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, theme: str) -> float:
    low, high = sorted((luminance(COLOURS[one, theme]), luminance(COLOURS[other, theme])))
    return (high + 0.05) / (low + 0.05)


def too_faint(pairs: Iterable[tuple[str, str]], least: float) -> list[str]:
    """Every pair, by day and by night, that is harder to tell apart than that."""
    every = [(one, other, theme, contrast(one, other, theme)) for one, other in pairs for theme in THEMES]
    return [f"{one} on {other}, {theme}: {found:.2f}" for one, other, theme, found in every if not found >= least]


def test_words_stand_out_from_every_ground() -> None:
    assert too_faint(product(INKS, GROUNDS), 4.5) == []


def test_words_stand_out_on_buttons() -> None:
    fills = [("on-club", "club-fill"), ("on-club", "club-fill-deep"), ("paper", "ink")]
    assert too_faint(fills, 4.5) == []


def test_edges_of_controls_and_the_focus_ring_can_be_seen() -> None:
    assert too_faint(product(("line-control", "focus"), ("paper", "surface", "sunken", "club-wash")), 3) == []


def test_what_is_too_faint_is_named() -> None:
    assert [words.split(":")[0] for words in too_faint([("paper", "paper")], 3)] == [
        "paper on paper, light",
        "paper on paper, dark",
    ]


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert (luminance((1, 0, 0)) + 0.05) / (luminance((0, 0, 0)) + 0.05) == pytest.approx(21, abs=0.01)
