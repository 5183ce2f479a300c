"""Whether everything can be read: each text on each background it stands on, in both themes; if not, what could be.

WCAG 2.2 AA: 4.5 to 1 for text (1.4.3), 3 to 1 for the edges of controls and the focus ring (1.4.11). Ordinary text gets
the 7 to 1 of AAA (1.4.6), which any light background allows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from components.brand import palette
from components.brand.colours import BLACK, WHITE, contrast, tone
from components.brand.palette import CONTROL, LONG_TEXT, TEXT, Chosen, Palette

_GROUNDS = ("paper", "surface", "sunken")
_ALL_GROUNDS = (*_GROUNDS, "ground", "club-wash", "accent-wash", "danger-wash")
_ON: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("ink", LONG_TEXT, _ALL_GROUNDS),
    ("ink-soft", TEXT, _ALL_GROUNDS),
    ("club", TEXT, _ALL_GROUNDS),
    ("club-deep", TEXT, _ALL_GROUNDS),
    ("accent", TEXT, _ALL_GROUNDS),
    ("danger", TEXT, _ALL_GROUNDS),
    ("on-club", TEXT, ("club-fill", "club-fill-deep")),
    ("on-action", TEXT, ("action", "action-hover")),
    ("strip-ink", TEXT, ("strip",)),
    ("strip-soft", TEXT, ("strip",)),
    ("on-strip-fill", TEXT, ("strip-fill",)),
    ("line-control", CONTROL, (*_GROUNDS, "club-wash")),
    ("focus", CONTROL, _ALL_GROUNDS),
    ("strip-focus", CONTROL, ("strip",)),
    ("action", CONTROL, _GROUNDS),
    ("club-fill", CONTROL, _GROUNDS),
)
PAIRS = tuple((on, least, back) for on, least, backs in _ON for back in backs)
"""What stands on what, and the least contrast it needs."""
_CAUSE = {
    "club": "brand_accent",
    "club-deep": "brand_accent",
    "club-fill": "brand_accent",
    "on-club": "brand_accent",
    "action": "brand_accent",
    "on-action": "brand_accent",
    "accent": "brand_sale",
}
_LIGHTER = ("brand_ground", "brand_accent_dark")
_WORDS = {
    "brand_accent": "Membership prices and links in this colour",
    "brand_accent_dark": "On dark pages, membership prices and links in this colour",
    "brand_sale": "Sale prices in this colour",
    "brand_ground": "Text on this background",
}


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A colour that cannot be used: which setting, how far it falls short, and the nearest that can."""

    setting: str
    ratio: float
    needed: float
    nearest: str

    @property
    def words(self) -> str:
        way = f" The nearest that passes is {self.nearest}." if self.nearest else " Choose a lighter background."
        return (
            f"{_WORDS[self.setting]} would have a contrast of {_figure(self.ratio)} to 1, and needs"
            f" {_figure(self.needed)} to 1 to be read by everybody.{way}"
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """One pair of colours, for the page that shows what was worked out."""

    name: str
    light: float
    dark: float
    needed: float


def shortfalls(chosen: Chosen) -> tuple[Shortfall, ...]:
    """One for each setting that has to change; none when everything can be read."""
    found = {fault.setting: fault for fault in sorted(_faults(chosen), key=lambda one: -one.ratio / one.needed)}
    if "brand_ground" in found:
        found = {"brand_ground": found["brand_ground"]}
    return tuple(replace(fault, nearest=_nearest(chosen, name)) for name, fault in found.items())


def readings(chosen: Chosen) -> tuple[Reading, ...]:
    made = palette.derived(chosen)
    shown = (
        ("Text", "ink", _ALL_GROUNDS, LONG_TEXT),
        ("Secondary text", "ink-soft", _ALL_GROUNDS, TEXT),
        ("Membership prices and links", "club", _ALL_GROUNDS, TEXT),
        ("Sale prices", "accent", _ALL_GROUNDS, TEXT),
        ("Text on main buttons", "on-action", ("action",), TEXT),
        ("Text on membership buttons", "on-club", ("club-fill",), TEXT),
        ("Edges of fields", "line-control", _GROUNDS, CONTROL),
        ("Focus ring", "focus", _GROUNDS, CONTROL),
    )
    return tuple(
        Reading(name, _least(made.light, on, backs), _least(made.dark, on, backs), needed)
        for name, on, backs, needed in shown
    )


def _least(theme: palette.Theme, on: str, backs: tuple[str, ...]) -> float:
    return min(contrast(theme[on], theme[back]) for back in backs)


def _faults(chosen: Chosen) -> Iterator[Shortfall]:
    made: Palette = palette.derived(chosen)
    for is_dark, theme in ((False, made.light), (True, made.dark)):
        for on, least, back in PAIRS:
            if (ratio := contrast(theme[on], theme[back])) < least:
                setting = _CAUSE.get(on, "brand_ground")
                if is_dark and setting == "brand_accent" and chosen.accent_dark:
                    setting = "brand_accent_dark"
                yield Shortfall(setting, ratio, least, "")


def _nearest(chosen: Chosen, setting: str) -> str:
    """The same hue, darker or lighter in small steps until it can be read; "" when it never can.

    A background is made so light that the other colours can be read on it too, if that helps them.
    """
    field, enough = setting.removeprefix("brand_"), ""
    wish = tone(getattr(chosen, field))
    for step in range(1, 101):
        tried = wish.lighter(step / 100 if setting in _LIGHTER else -step / 100).hex
        faulty = {fault.setting for fault in _faults(replace(chosen, **{field: tried}))}
        if setting not in faulty:
            enough = enough or tried
            if not faulty or setting != "brand_ground":
                return tried
        if tried in (BLACK, WHITE):
            break
    return enough


def _figure(ratio: float) -> str:
    """Rounded down, so that what falls short never reads as enough."""
    return f"{int(ratio * 100) / 100:g}"
