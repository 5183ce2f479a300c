"""Pages as customers read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from components.content import markdown
from components.content.pages import page_placeholders
from components.content.site import site_content
from components.foundation import database
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound

MOST_SEARCHED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPage:
    slug: str
    kind: str
    title: str
    summary: str
    body: str
    version: int
    changed_at: datetime

    async def html(self, values: Mapping[str, str]) -> str:
        """The text with its placeholders filled, sanitised."""
        return await markdown.prepared(page_placeholders.fill(self.body, values).markdown)


_PUBLISHED = "SELECT slug, kind, title, summary, body, version, changed_at FROM page WHERE published_at IS NOT NULL"


async def by_slug(slug: str) -> PublishedPage:
    """Raises `NotFound`, also for a page that is not published."""
    found = await database.fetch_as(PublishedPage, f"{_PUBLISHED} AND slug = $1", slug)
    if not found:
        raise NotFound(_("We couldn’t find this page."))
    return found[0]


async def show(digest: str) -> bool:
    """Whether a published page has this picture."""
    return bool(await database.fetch_value(_SHOW, digest))


_SHOW = "SELECT EXISTS (SELECT FROM page WHERE published_at IS NOT NULL AND strpos(body, $1) > 0)"


async def search(words: str, *, limit: int = 5) -> tuple[PublishedPage, ...]:
    """Published pages that contain every word."""
    wanted = words.lower().split()
    if not wanted or not site_content.current().pages:
        return ()
    pages = await database.fetch_as(PublishedPage, f"{_PUBLISHED} ORDER BY title LIMIT $1", MOST_SEARCHED)
    return tuple(page for page in pages if _has(page, wanted))[:limit]


def _has(page: PublishedPage, wanted: list[str]) -> bool:
    text = f"{page.title} {page.summary} {page.body}".lower()
    return all(word in text for word in wanted)
