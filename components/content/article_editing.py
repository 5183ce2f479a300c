"""Creating and editing articles, for staff, demo and imports."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.content.tables import Article
from components.foundation import audit, clock, database, ids, text
from components.foundation.operations import deletions
from components.foundation.operations.deletions import RowsOf, Thing
from components.foundation.refusals import NotFound, Refusal
from components.foundation.shop_settings import made_addresses

GATES = (("public", "Everyone"), ("members", "Members"))
LONGEST_DRIP = 3_650
LONGEST_SLUG = 160


class ArticleAddressTaken(Refusal):
    message = "Another article already uses this address."


class BadGate(Refusal):
    message = "Only members’ articles can have a delay, of zero days or more."


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An article as edited. Not published before `published_at`; without one it stays a draft."""

    slug: str
    title: str
    teaser: str
    body: str
    cover: str = ""
    cover_alt: str = ""
    gate: str = "public"
    drip_days: int = 0
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """An article in the staff's list."""

    id: UUID
    slug: str
    title: str
    gate: str
    drip_days: int
    published_at: datetime | None
    changed_at: datetime


async def create(draft: Draft, *, by: UUID | None) -> UUID:
    """A new article; its id. Raises `AddressTaken`, `BadGate`."""
    _check(draft)
    now = clock.now()
    article = Article(id=ids.new(), created_at=now, changed_at=now, **_columns(draft))
    async with database.transaction():
        if not await Article.insert(article).on_conflict(action="DO NOTHING").returning(Article.id):
            raise ArticleAddressTaken
        await audit.record(
            by, "article created", "article", article.id, after={"title": draft.title, "gate": draft.gate}
        )
    return article.id


async def update(article_id: UUID, draft: Draft, *, by: UUID | None) -> None:
    """Raises `AddressTaken`, `BadGate`, `NotFound`."""
    _check(draft)
    async with database.transaction():
        known = await database.locked(Article, Article.id == article_id)
        if known is None:
            raise NotFound("We couldn’t find this article.")
        columns = _columns(draft)
        if await Article.exists().where((Article.slug == columns["slug"]) & (Article.id != article_id)):
            raise ArticleAddressTaken
        before = {"title": known.title, "gate": known.gate, "drip_days": known.drip_days}
        changes: dict[Column | str, Any] = {"changed_at": clock.now()}
        changes.update(columns)
        await known.update_self(changes)
        after = {"title": draft.title, "gate": draft.gate, "drip_days": draft.drip_days}
        await audit.record(by, "article changed", "article", article_id, before=before, after=after)


async def delete(article_id: UUID, *, by: UUID | None) -> UUID:
    """What it is brought back by. Raises `NotFound`."""
    async with database.transaction():
        known = await database.locked(Article, Article.id == article_id)
        if known is None:
            raise NotFound("We couldn’t find this article.")
        parts = (RowsOf(Article, Article.id, [article_id]),)
        thing = Thing("article", article_id, known.title, "/staff/articles")
        return await deletions.delete(thing, parts, by=by)


async def by_id(slug: str) -> tuple[UUID, Draft]:
    """For editing: includes the body, whatever its gate. Raises `NotFound`."""
    found = await Article.objects().where(Article.slug == slug).first()
    if found is None:
        raise NotFound("We couldn’t find this article.")
    return found.id, Draft(
        slug=found.slug,
        title=found.title,
        teaser=found.teaser,
        body=found.body,
        cover=found.cover,
        cover_alt=found.cover_alt,
        gate=found.gate,
        drip_days=found.drip_days,
        published_at=found.published_at,
    )


async def all_articles() -> tuple[ArticleRow, ...]:
    """All articles for the staff's list: drafts first, then the newest."""
    one = Article
    rows = one.select(one.id, one.slug, one.title, one.gate, one.drip_days, one.published_at, one.changed_at)
    newest_first = rows.order_by(one.published_at, one.changed_at, ascending=False)
    return tuple(ArticleRow(**row) for row in await newest_first)


def _columns(draft: Draft) -> dict[str, Any]:
    made = text.slug(draft.slug) if draft.slug else made_addresses.from_title(draft.title)
    address = made[:LONGEST_SLUG].strip("-")
    return {**asdict(draft), "slug": address or "article"}


def _check(draft: Draft) -> None:
    if draft.gate not in dict(GATES) or not 0 <= draft.drip_days <= LONGEST_DRIP:
        raise BadGate
    if draft.drip_days and draft.gate == "public":
        raise BadGate("An article for everyone can’t be delayed by days of membership.")
