"""Palettes to begin with: each can be read everywhere, in light and dark (a test holds it)."""

from dataclasses import dataclass

from components.brand.palette import Chosen


@dataclass(frozen=True, slots=True)
class ReadyPalette:
    slug: str
    name: str
    chosen: Chosen

    @property
    def settings(self) -> dict[str, str]:
        return {
            "brand_accent": self.chosen.accent,
            "brand_accent_dark": "",
            "brand_ground": self.chosen.ground,
            "brand_sale": self.chosen.sale,
        }


def _palette(name: str, accent: str, ground: str, sale: str) -> ReadyPalette:
    return ReadyPalette(name.lower(), name, Chosen(accent=accent, ground=ground, sale=sale))


PALETTES = (
    _palette("Harbour", "#1f4e79", "#fafaf9", "#b3261e"),
    _palette("Forest", "#2c5445", "#faf7f2", "#9f4925"),
    _palette("Berry", "#7a1f4b", "#fdf8f8", "#b3261e"),
    _palette("Citrus", "#8a4b00", "#fffdf5", "#ad2a1f"),
    _palette("Lagoon", "#005f63", "#f6fbfa", "#b02a37"),
    _palette("Violet", "#553a9c", "#faf9fe", "#b3261e"),
    _palette("Graphite", "#262626", "#ffffff", "#b3261e"),
)


def by_slug(slug: str) -> ReadyPalette | None:
    return next((each for each in PALETTES if each.slug == slug), None)
