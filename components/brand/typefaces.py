"""The bundled typefaces, all under the SIL Open Font Licence 1.1, Latin, one variable file each.

A page loads at most 60 kB of them, so not every pair can be chosen.
"""

from dataclasses import dataclass

MOST_KB = 60
SANS, SERIF = "system-ui, sans-serif", "Georgia, serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeface:
    """`kilobytes` is what a browser loads. The fallback is a font of the machine, stretched to the same width by
    `fit`: its size, ascent and descent in per cent; so nothing moves when the file arrives. `weights` are those of
    titles and headings."""

    slug: str
    name: str
    words: str
    kilobytes: int
    generic: str = SANS
    fit: tuple[float, float, float] = (100, 100, 25)
    weights: tuple[int, int] = (600, 600)
    spacing: float = -0.02

    @property
    def has_file(self) -> bool:
        return self.kilobytes > 0

    @property
    def family(self) -> str:
        """As CSS names it."""
        return f'"{self.name}", "{self.name} Fallback", {self.generic}' if self.has_file else self.generic

    @property
    def local(self) -> tuple[str, ...]:
        if self.generic == SERIF:
            return ("Times New Roman", "Liberation Serif", "Tinos")
        return ("Arial", "Liberation Sans", "Arimo")

    @property
    def asset(self) -> str:
        return f"{self.slug}.woff2"


TYPEFACES = (
    Typeface(slug="figtree", name="Figtree", words="friendly and clear", kilobytes=20, fit=(100.5, 94.6, 24.9)),
    Typeface(slug="inter", name="Inter", words="plain and precise", kilobytes=48, fit=(107.2, 90.4, 22.6)),
    Typeface(slug="dm-sans", name="DM Sans", words="round and modern", kilobytes=37, fit=(103.9, 95.4, 29.8)),
    Typeface(
        slug="fraunces", name="Fraunces", words="soft, with character", kilobytes=37, generic=SERIF,
        fit=(114.9, 85.1, 22.2), weights=(350, 400), spacing=-0.022,
    ),
    Typeface(
        slug="lora", name="Lora", words="a calm book face", kilobytes=38, generic=SERIF, fit=(114.6, 87.8, 23.9),
        weights=(500, 500), spacing=-0.012,
    ),
    Typeface(
        slug="playfair", name="Playfair Display", words="elegant, high contrast", kilobytes=39, generic=SERIF,
        fit=(110.2, 98.2, 22.8), weights=(450, 450), spacing=-0.012,
    ),
    Typeface(slug="system", name="The visitor’s own", words="nothing is loaded", kilobytes=0, weights=(650, 600)),
)  # fmt: skip
_BY_SLUG = {each.slug: each for each in TYPEFACES}
HEADINGS = tuple(each.slug for each in TYPEFACES)
TEXTS = tuple(each.slug for each in TYPEFACES if each.slug != "playfair")
"""Playfair's hairlines are hard to read in small sizes."""


def by_slug(slug: str) -> Typeface:
    return _BY_SLUG[slug]


def trouble(headings: str, text: str) -> str:
    """Why this pair cannot be chosen, in a sentence; "" when it can."""
    pair = {headings, text}
    if text not in TEXTS:
        return f"{by_slug(text).name} is for headings only."
    kilobytes = sum(by_slug(each).kilobytes for each in pair)
    if kilobytes <= MOST_KB:
        return ""
    return (
        f"{by_slug(headings).name} with {by_slug(text).name} would load {kilobytes} kB on every page; the limit is"
        f" {MOST_KB} kB. Choose Figtree for the text, or the same typeface for both."
    )
