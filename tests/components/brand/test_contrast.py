"""Words can be read on every ground, in light and dark: WCAG 2.2 AA, worked out a second time from the sheet itself."""

import re
from dataclasses import replace

import pytest

from components.brand import colours, contrast_check, palette, ready_palettes, style_sheet
from components.brand.colours import Tone, tone
from components.brand.palette import Chosen
from components.foundation.shop_settings.shop_settings import ShopSettings
from tests.support.cells import every_cell

PLAIN = style_sheet.chosen(ShopSettings())
KILN = Chosen(accent="#2c5445", ground="#faf7f2", sale="#984722", buttons="text")
READY = {each.slug: each.chosen for each in ready_palettes.PALETTES}
ODD = {
    "black on white": Chosen(accent="#000000", ground="#ffffff", sale="#000000"),
    "a bright accent for dark pages": replace(PLAIN, accent_dark="#8fc3ff"),
    "a tinted ground": Chosen(accent="#5a2a00", ground="#f3e2d0", sale="#8a0000"),
}
GROUNDS = ("paper", "surface", "sunken", "ground", "accent-wash", "club-wash", "danger-wash")
TEXTS = ("ink", "ink-soft", "accent", "club", "club-deep", "danger")
CELLS = [(text, ground, 4.5) for text in TEXTS for ground in GROUNDS] + [
    ("on-club", "club-fill", 4.5), ("on-club", "club-fill-deep", 4.5), ("on-action", "action", 4.5),
    ("on-action", "action-hover", 4.5), ("strip-ink", "strip", 4.5), ("strip-soft", "strip", 4.5),
    ("on-strip-fill", "strip-fill", 4.5), ("strip-focus", "strip", 3),
    *((edge, back, 3) for edge in ("line-control", "focus") for back in ("paper", "surface", "sunken", "club-wash")),
    *((fill, ground, 3) for fill in ("action", "club-fill") for ground in ("paper", "surface", "sunken")),
]  # fmt: skip


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def too_faint(chosen: Chosen) -> list[str]:
    """Read from the sheet that browsers get."""
    settings = ShopSettings(
        brand_accent=chosen.accent, brand_accent_dark=chosen.accent_dark, brand_ground=chosen.ground,
        brand_sale=chosen.sale, brand_buttons=chosen.buttons,
    )  # fmt: skip
    sheet = style_sheet.written(settings, lambda name: f"/{name}")
    found = []
    for theme in (0, 1):
        named = {
            name: pair[theme]
            for name, *pair in re.findall(r"--([\w-]+):light-dark\((#[0-9a-f]{6}),(#[0-9a-f]{6})\)", sheet)
        }
        for on, back, least in CELLS:
            bright, dark = sorted((luminance(named[on]), luminance(named[back])), reverse=True)
            if (ratio := (bright + 0.05) / (dark + 0.05)) < least:
                found.append(f"{on} on {back}, {('light', 'dark')[theme]}: {ratio:.2f}")
    return found


@pytest.mark.parametrize(
    "chosen",
    [pytest.param(each, id=name) for name, each in {"plain": PLAIN, "kiln": KILN, **READY, **ODD}.items()],
)
def test_everything_can_be_read_in_both_themes(chosen: Chosen) -> None:
    assert too_faint(chosen) == []
    assert contrast_check.shortfalls(chosen) == ()


def test_what_cannot_be_read_is_refused_with_its_ratio_and_the_nearest_that_can() -> None:
    yellow = replace(PLAIN, accent="#ffd400", ground="#ffffff")
    assert too_faint(yellow), "the second calculation sees it too"
    (fault,) = contrast_check.shortfalls(yellow)
    assert fault.setting == "brand_accent" and 1.2 < fault.ratio < 1.4 and "1.24 to 1" in fault.words
    assert fault.nearest in fault.words
    assert contrast_check.shortfalls(replace(yellow, accent=fault.nearest)) == ()
    assert abs(tone(fault.nearest).hue - tone("#ffd400").hue) < 8, "it is still a yellow"


@every_cell(
    ("chosen", "setting"),
    [
        (replace(PLAIN, sale="#ff9999"), "brand_sale"),
        (replace(PLAIN, ground="#777777"), "brand_ground"),
        (replace(PLAIN, ground="#101010"), "brand_ground"),
        (replace(PLAIN, accent_dark="#001122"), "brand_accent_dark"),
        (replace(PLAIN, accent="#ffffff"), "brand_accent"),
    ],
)
def test_each_colour_is_refused_for_itself_and_its_nearest_passes(chosen: Chosen, setting: str) -> None:
    (fault,) = contrast_check.shortfalls(chosen)
    assert fault.setting == setting and fault.nearest
    mended = replace(chosen, **{setting.removeprefix("brand_"): fault.nearest})
    assert contrast_check.shortfalls(mended) == () and too_faint(mended) == []


def test_whatever_is_chosen_is_refused_or_can_be_read() -> None:
    hues = range(0, 360, 60)
    tried = [
        Chosen(accent=Tone(light, 0.14, hue).hex, ground=Tone(0.98, 0.01, hue).hex, sale="#a01c1c", buttons=buttons)
        for hue in hues for light in (0.3, 0.5, 0.8) for buttons in ("accent", "text")
    ]  # fmt: skip
    verdicts = {bool(contrast_check.shortfalls(each)) for each in tried}
    assert verdicts == {True, False}
    assert [each for each in tried if bool(contrast_check.shortfalls(each)) != bool(too_faint(each))] == []


def test_colours_go_to_oklch_and_back() -> None:
    for colour in ("#1f4e79", "#ffffff", "#000000", "#ffd400", "#7a1f4b", "#010203"):
        assert tone(colour).hex == colour
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21, abs=0.01)


def test_what_was_chosen_is_shown_as_it_was_chosen() -> None:
    made = palette.derived(replace(PLAIN, accent_dark="#8fc3ff"))
    assert (made.light["club"], made.light["paper"], made.light["accent"]) == (PLAIN.accent, PLAIN.ground, PLAIN.sale)
    assert made.dark["club"] == "#8fc3ff"
