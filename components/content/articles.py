"""Articles as readers get them. The body leaves this file only for those the gate allows to read it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from components.content import gates, markdown
from components.content.gates import ArticleAccess
from components.foundation import database
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements

MOST_SEARCHED = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """What everyone can see of an article. Its body is not here."""

    id: UUID
    slug: str
    title: str
    teaser: str
    cover: str
    cover_alt: str
    gate: str
    drip_days: int
    published_at: datetime | None
    changed_at: datetime

    @property
    def is_for_members(self) -> bool:
        return self.gate != "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class _WholeArticle(ArticleView):
    """A row: what everyone can see of an article, and its body."""

    body: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list, and whether the reader can open it."""

    article: ArticleView
    reading: ArticleAccess


@dataclass(frozen=True, slots=True)
class Opened:
    """An article on its page; `html` is the whole body, sanitised, or nothing."""

    article: ArticleView
    reading: ArticleAccess
    html: str


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article in a feed; `html` is the body where the reader may read it, otherwise the teaser."""

    article: ArticleView
    html: str
    is_whole: bool


async def published(standing: CustomerEntitlements, at: datetime, *, limit: int = 200) -> Sequence[Listed]:
    """Every published article, newest first."""
    articles = await database.fetch_as(ArticleView, f"{_PUBLISHED} {_NEWEST_FIRST}", at, limit)
    return [Listed(article, gates.access_to(article, standing, at)) for article in articles]


# Read at every visit and every search: named SQL, because building these queries costs more than running them.
_COLUMNS = "id, slug, title, teaser, cover, cover_alt, gate, drip_days, published_at, changed_at"
_PUBLISHED = f"SELECT {_COLUMNS} FROM article WHERE published_at <= $1"
_PUBLISHED_WHOLE = f"SELECT {_COLUMNS}, body FROM article WHERE published_at <= $1"
_BY_SLUG = f"SELECT {_COLUMNS}, body FROM article WHERE slug = $1"
_NEWEST_FIRST = "ORDER BY published_at DESC, id DESC LIMIT $2"
_SHOWS_IT = "(cover = $2 OR strpos(body, $2) > 0)"
_ONLY_FOR_MEMBERS = """
SELECT count(*) > 0 AND bool_and(gate = 'members' AND cover <> $1)
  AND NOT EXISTS (SELECT FROM page WHERE strpos(body, $1) > 0)
FROM article WHERE (cover = $1 OR strpos(body, $1) > 0) AND EXISTS (SELECT FROM content_picture WHERE path = $1)"""


async def by_slug(slug: str, standing: CustomerEntitlements, at: datetime) -> Opened:
    """Raises `NotFound`, also for an article that is not published yet."""
    row = await database.fetch_one_as(_WholeArticle, _BY_SLUG, slug)
    if row is None:
        raise NotFound(_("We couldn’t find this article."))
    return await _opened(row, standing, at)


async def feed(standing: CustomerEntitlements, at: datetime, *, limit: int = 20) -> Sequence[ArticleEntry]:
    """For Atom and e-mails: in full for those who may read it, otherwise the teaser."""
    rows = await database.fetch_as(_WholeArticle, f"{_PUBLISHED_WHOLE} {_NEWEST_FIRST}", at, limit)
    opened = [await _opened(row, standing, at) for row in rows]
    return [
        ArticleEntry(
            one.article, one.html if one.reading.whole else markdown.html(one.article.teaser), one.reading.whole
        )
        for one in opened
    ]


async def search(words: str, standing: CustomerEntitlements, at: datetime, *, limit: int = 10) -> Sequence[Listed]:
    """Articles that contain every word. A body is searched only for those who may read it: a hit would reveal it."""
    wanted = words.lower().split()
    if not wanted:
        return []
    rows = await database.fetch_as(_WholeArticle, f"{_PUBLISHED_WHOLE} {_NEWEST_FIRST}", at, MOST_SEARCHED)
    listed = [(_listed(row, standing, at), row.body) for row in rows]
    return [one for one, body in listed if _holds(one, body, wanted)][:limit]


async def articles_showing(digest: str, standing: CustomerEntitlements, at: datetime) -> bool:
    """Whether a published article has this picture as its cover, or in its body where the reader may read it."""
    rows = await database.fetch_as(_WholeArticle, f"{_PUBLISHED_WHOLE} AND {_SHOWS_IT}", at, digest)
    listed = [_listed(row, standing, at) for row in rows]
    return any(one.article.cover == digest or one.reading.whole for one in listed)


async def only_members_see(digest: str) -> bool:
    """Whether this picture was uploaded for texts, and articles for members are the only ones that have it."""
    return bool(await database.fetch_value(_ONLY_FOR_MEMBERS, digest))


def _holds(listed: Listed, body: str, wanted: list[str]) -> bool:
    article = listed.article
    text = f"{article.title} {article.teaser} {body if listed.reading.whole else ''}".lower()
    return all(word in text for word in wanted)


def _listed(row: _WholeArticle, standing: CustomerEntitlements, at: datetime) -> Listed:
    article = ArticleView(**{field.name: getattr(row, field.name) for field in fields(ArticleView)})
    reading = gates.access_to(article, standing, at)
    if not reading.is_visible:
        raise NotFound(_("We couldn’t find this article."))
    return Listed(article, reading)


async def _opened(row: _WholeArticle, standing: CustomerEntitlements, at: datetime) -> Opened:
    listed = _listed(row, standing, at)
    return Opened(listed.article, listed.reading, await markdown.prepared(row.body) if listed.reading.whole else "")
