"""The first text of each page, by country: what must be said there, with marked gaps for what only the owner knows.

The texts are a beginning, no legal advice; the gaps say so one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from components.content.pages import page_editing
from components.content.pages.page_editing import PageDraft
from components.content.tables import Page
from components.foundation.postal import tax_areas
from components.foundation.shop_settings import shop_settings

FOLDER = Path(__file__).parent / "page_templates"
REGIONS = (
    ("gb", "United Kingdom"),
    ("de", "Germany"),
    ("at", "Austria"),
    ("eu", "Other countries of the European Union"),
    ("us", "United States"),
    ("other", "Other countries"),
)
KINDS = ("about", "contact", "delivery", "returns", "terms", "privacy", "imprint")


@dataclass(frozen=True, slots=True)
class BegunPages:
    """`created` are the new pages' slugs; `known` the kinds of which the shop had a page already."""

    created: tuple[str, ...]
    known: tuple[str, ...]


def region_of(country: str) -> str:
    own = {"DE": "de", "AT": "at", "GB": "gb", "GG": "gb", "JE": "gb", "IM": "gb", "US": "us"}
    return own.get(country, "eu" if tax_areas.in_eu(country) else "other")


@lru_cache(maxsize=64)
def draft(kind: str, region: str, language: str = "en") -> PageDraft:
    """The text of a kind of page: what a region's law asks for, else what is the same everywhere, in that language or
    in English."""
    places = (f"by_country/{region}", f"by_language/{language}", "by_language/en")
    paths = (FOLDER / place / f"{kind}.md" for place in places)
    written = next(path for path in paths if path.is_file()).read_text(encoding="utf-8")
    head, _, body = written.partition("\n\n")
    said = dict(line.split(": ", 1) for line in head.split("\n"))
    return PageDraft(slug=said["slug"], title=said["title"], summary=said["summary"], body=body.strip(), kind=kind)


async def begin(country: str | None = None, *, by: UUID | None, kinds: Sequence[str] = KINDS) -> BegunPages:
    """Create, unpublished, the pages that a shop in this country needs and has none of yet."""
    region = region_of(country or shop_settings.current().country)
    there = {row["kind"] for row in await Page.select(Page.kind)}
    taken = {row["slug"] for row in await Page.select(Page.slug)}
    created = []
    for kind in (kind for kind in kinds if kind not in there):
        first = draft(kind, region, shop_settings.current().shop_language)
        slug = first.slug if first.slug not in taken else f"{first.slug}-{kind}"
        await page_editing.create(
            PageDraft(slug=slug, title=first.title, summary=first.summary, body=first.body, kind=kind), by=by
        )
        created.append(slug)
    return BegunPages(tuple(created), tuple(kind for kind in kinds if kind in there))
