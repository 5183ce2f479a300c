"""The shop's own style sheet: its colours, typefaces and corners as custom properties, over those of the product."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from components.brand import palette, typefaces
from components.brand.palette import Chosen
from components.brand.typefaces import Typeface
from components.foundation.shop_settings.shop_settings import ShopSettings

_CORNERS = {
    "round": ("4px", "8px", "16px", "999px"),
    "soft": ("3px", "6px", "10px", "8px"),
    "square": ("0", "0", "0", "0"),
}


def chosen(settings: ShopSettings) -> Chosen:
    return Chosen(
        accent=settings.brand_accent,
        accent_dark=settings.brand_accent_dark,
        ground=settings.brand_ground,
        sale=settings.brand_sale,
        buttons=settings.brand_buttons,
    )


def written(settings: ShopSettings, asset: Callable[[str], str]) -> str:
    """The sheet; `asset` gives the address of a bundled file."""
    return _written(
        chosen(settings), settings.brand_headings, settings.brand_text, settings.brand_corners,
        settings.brand_surface, asset,
    )  # fmt: skip


def faces(settings: ShopSettings) -> tuple[Typeface, ...]:
    """The typefaces whose files a page loads."""
    both = dict.fromkeys((settings.brand_headings, settings.brand_text))
    return tuple(face for face in map(typefaces.by_slug, both) if face.has_file)


@lru_cache(maxsize=16)
def _written(of: Chosen, headings: str, text: str, corners: str, surface: str, asset: Callable[[str], str]) -> str:
    title, body = typefaces.by_slug(headings), typefaces.by_slug(text)
    made = palette.derived(of)
    rules = [f"--{name}:light-dark({made.light[name]},{made.dark[name]})" for name in made.light]
    sizes = zip(("s", "m", "l", "round"), _CORNERS[corners], strict=True)
    rules += [f"--radius-{size}:{value}" for size, value in sizes]
    rules += [f"--serif:{title.family}", f"--sans:{body.family}"]
    rules += [f"--title-weight:{title.weights[0]}", f"--heading-weight:{title.weights[1]}"]
    rules += [f"--title-spacing:{title.spacing}em"]
    rules.append(f'--speckle:url("{asset("speckle.svg")}")' if surface == "speckled" else "--speckle:none")
    loaded = dict.fromkeys((title, body))
    parts = [part for face in loaded if face.has_file for part in _faces(face, asset)]
    return f"@layer tokens{{{''.join(parts)}:root{{{';'.join(rules)}}}}}\n"


def _faces(face: Typeface, asset: Callable[[str], str]) -> Iterator[str]:
    yield (
        f'@font-face{{font-family:"{face.name}";src:url("{asset(face.asset)}") format("woff2");'
        "font-weight:100 900;font-display:swap}"
    )
    size, ascent, descent = face.fit
    local = ",".join(f'local("{name}")' for name in face.local)
    yield (
        f'@font-face{{font-family:"{face.name} Fallback";src:{local};size-adjust:{size}%;ascent-override:{ascent}%;'
        f"descent-override:{descent}%;line-gap-override:0%}}"
    )
