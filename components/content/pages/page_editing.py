"""Creating, changing and publishing pages, for staff and the demo. Every save is a version that is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.content.pages import page_placeholders
from components.content.site import site_content
from components.content.tables import Page, PageVersion
from components.foundation import audit, clock, database, ids, text
from components.foundation.refusals import Conflict, NotFound, Refusal
from components.foundation.shop_settings import made_addresses

KINDS = (
    ("about", "About"), ("contact", "Contact"), ("delivery", "Delivery"), ("returns", "Returns"), ("terms", "Terms"),
    ("privacy", "Privacy"), ("imprint", "Legal notice"), ("other", "Other"),
)  # fmt: skip
LEGAL = ("terms", "returns", "privacy", "imprint")
LONGEST_SLUG, LONGEST_BODY = 80, 100_000
NO_SUCH_PAGE = "We couldn’t find this page."


class PageAddressTaken(Refusal):
    message = "Another page already uses this address."


class PageChanged(Conflict):
    message = (
        "This page was saved meanwhile, by somebody else or in another window. Both texts are below; nothing was saved "
        "now."
    )


class UnknownPlaceholder(Refusal):
    def __init__(self, names: tuple[str, ...]) -> None:
        listed = ", ".join(f"{{{name}}}" for name in names)
        super().__init__(f"There is no placeholder {listed}. The list beside the form names them all.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDraft:
    """A page as edited. `summary` is its description for search engines."""

    slug: str
    title: str
    body: str
    kind: str = "other"
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """A page as staff see it."""

    id: UUID
    slug: str
    kind: str
    title: str
    summary: str
    body: str
    version: int
    published_at: datetime | None
    changed_at: datetime

    @property
    def gaps(self) -> tuple[str, ...]:
        return page_placeholders.gaps(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVersion:
    number: int
    title: str
    summary: str
    body: str
    at: datetime
    by: UUID | None


async def create(draft: PageDraft, *, by: UUID | None, publish: bool = False) -> UUID:
    """A new page with its first version; its id. Raises `PageAddressTaken`, `UnknownPlaceholder`."""
    _check(draft)
    now, page_id = clock.now(), ids.new()
    page = Page(
        id=page_id, slug=_slug(draft), kind=draft.kind, title=draft.title, summary=draft.summary, body=draft.body,
        version=1, published_at=now if publish else None, created_at=now, changed_at=now,
    )  # fmt: skip
    async with database.transaction():
        if not await Page.insert(page).on_conflict(action="DO NOTHING").returning(Page.id):
            raise PageAddressTaken
        await _keep(page_id, draft, number=1, by=by)
        await audit.record(by, "page created", "page", page_id, after={"title": draft.title, "kind": draft.kind})
    await site_content.refresh()
    return page_id


async def update(page_id: UUID, draft: PageDraft, *, based_on: int | None = None, by: UUID | None) -> int:
    """Returns the number of the new version, or of the latest where nothing differs.

    `based_on`: the version edited. Raises `PageAddressTaken`, `PageChanged`, `UnknownPlaceholder`, `NotFound`.
    """
    _check(draft)
    async with database.transaction():
        known = await _locked(page_id)
        if based_on not in (None, known.version):
            raise PageChanged
        slug = _slug(draft)
        if await Page.exists().where((Page.slug == slug) & (Page.id != page_id)):
            raise PageAddressTaken
        before = {"slug": known.slug, "title": known.title, "version": known.version}
        is_new_text = (known.title, known.summary, known.body) != (draft.title, draft.summary, draft.body)
        if not is_new_text and (known.slug, known.kind) == (slug, draft.kind):
            return int(known.version)
        number = int(known.version) + is_new_text
        if is_new_text:
            await _keep(page_id, draft, number=number, by=by)
        await known.update_self({
            "slug": slug, "kind": draft.kind, "title": draft.title, "summary": draft.summary, "body": draft.body,
            "version": number, "changed_at": clock.now(),
        })  # fmt: skip
        after = {"slug": slug, "title": draft.title, "version": number}
        await audit.record(by, "page changed", "page", page_id, before=before, after=after)
    await site_content.refresh()
    return number


async def publish(page_id: UUID, *, by: UUID | None) -> None:
    """Everybody can read it from now on. Raises `NotFound`."""
    await _set_published(page_id, clock.now(), "page published", by)


async def unpublish(page_id: UUID, *, by: UUID | None) -> None:
    """Nobody but staff can read it any more. Raises `NotFound`."""
    await _set_published(page_id, None, "page unpublished", by)


async def by_slug(slug: str) -> StoredPage:
    """Published or not. Raises `NotFound`."""
    found = await _pages().where(Page.slug == slug).first()
    if found is None:
        raise NotFound(NO_SUCH_PAGE)
    return StoredPage(**found)


async def all_pages() -> tuple[StoredPage, ...]:
    order = {kind: place for place, (kind, _) in enumerate(KINDS)}
    rows = [StoredPage(**row) for row in await _pages().order_by(Page.title)]
    return tuple(sorted(rows, key=lambda one: order.get(one.kind, len(order))))


async def versions(page_id: UUID) -> tuple[PastVersion, ...]:
    """Every version, newest first."""
    one = PageVersion
    rows = one.select(one.number, one.title, one.summary, one.body, one.at, one.by).where(one.page == page_id)
    return tuple(PastVersion(**row) for row in await rows.order_by(one.number, ascending=False).limit(200))


def _pages() -> Any:
    return Page.select(
        Page.id, Page.slug, Page.kind, Page.title, Page.summary, Page.body, Page.version, Page.published_at,
        Page.changed_at,
    )  # fmt: skip


async def _set_published(page_id: UUID, at: datetime | None, words: str, by: UUID | None) -> None:
    async with database.transaction():
        known = await _locked(page_id)
        if (known.published_at is None) != (at is None):
            await known.update_self({"published_at": at, "changed_at": clock.now()})
            await audit.record(by, words, "page", page_id, after={"title": known.title, "version": known.version})
    await site_content.refresh()


async def _locked(page_id: UUID) -> Page:
    known = await database.locked(Page, Page.id == page_id)
    if known is None:
        raise NotFound(NO_SUCH_PAGE)
    return known


async def _keep(page_id: UUID, draft: PageDraft, *, number: int, by: UUID | None) -> None:
    version = PageVersion(
        id=ids.new(), page=page_id, number=number, title=draft.title, summary=draft.summary, body=draft.body,
        at=clock.now(), by=by,
    )  # fmt: skip
    await PageVersion.insert(version)


def _slug(draft: PageDraft) -> str:
    made = text.slug(draft.slug) if draft.slug else made_addresses.from_title(draft.title)
    return made[:LONGEST_SLUG].strip("-") or "page"


def _check(draft: PageDraft) -> None:
    if draft.kind not in dict(KINDS):
        raise Refusal("Choose what kind of page it is.")
    if wrong := page_placeholders.unknown(draft.body):
        raise UnknownPlaceholder(wrong)
