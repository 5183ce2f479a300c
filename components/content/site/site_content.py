"""Published pages, home sections and menus, in the memory of every process, read again when one of them changes."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from components.content.tables import Article, HomeSection, MenuItem, Page
from components.foundation import json
from components.foundation.database.notifications import listener

CHANNEL = "site_content"
LEGAL = ("terms", "returns", "privacy", "imprint")


@dataclass(frozen=True, slots=True)
class PageLink:
    """A published page. `number` is its version."""

    slug: str
    kind: str
    title: str
    number: int

    @property
    def href(self) -> str:
        return f"/pages/{self.slug}"


@dataclass(frozen=True, slots=True)
class MenuLink:
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section of the home page. `id` is None for those that a shop has before staff change any."""

    id: UUID | None
    kind: str
    settings: dict[str, Any] = field(default_factory=dict)
    is_hidden: bool = False


@dataclass(frozen=True)
class SiteContent:
    """`sections`, `header` and `footer` are empty where nothing was set: the shop then shows its defaults.
    `has_articles`: one is published, or will be.
    """

    version: int = 0
    pages: tuple[PageLink, ...] = ()
    sections: tuple[SectionRow, ...] = ()
    header: tuple[MenuLink, ...] = ()
    footer: tuple[MenuLink, ...] = ()
    has_articles: bool = False

    def page(self, slug: str) -> PageLink | None:
        return next((page for page in self.pages if page.slug == slug), None)

    def of_kind(self, kind: str) -> PageLink | None:
        return next((page for page in self.pages if page.kind == kind), None)

    @property
    def legal(self) -> tuple[PageLink, ...]:
        """What every page must lead to."""
        return tuple(page for kind in LEGAL for page in self.pages if page.kind == kind)

    def shows(self, digest: str) -> bool:
        """Whether a section that everybody sees has this picture."""
        return any(one.settings.get("picture") == digest for one in self.sections if not one.is_hidden)


class _Known:
    content = SiteContent()
    is_listening = False
    reading = asyncio.Lock()


def current() -> SiteContent:
    return _Known.content


async def start() -> None:
    """Read it, and keep it up to date from then on."""
    if not _Known.is_listening:
        listener.on(CHANNEL, _heard, after_a_gap=refresh)
        _Known.is_listening = True
    await refresh()


async def refresh() -> None:
    async with _Known.reading:
        _Known.content = await _read()


async def _read() -> SiteContent:
    pages = await Page.select(Page.slug, Page.kind, Page.title, Page.version).where(
        Page.published_at.is_not_null()
    ).order_by(Page.title)  # fmt: skip
    one = HomeSection
    sections = await one.select(one.id, one.kind, one.settings, one.is_hidden).order_by(one.position, one.id)
    items = await MenuItem.select(MenuItem.menu, MenuItem.label, MenuItem.target).order_by(
        MenuItem.position, MenuItem.id
    )
    menus = {
        name: tuple(MenuLink(row["label"], row["target"]) for row in items if row["menu"] == name)
        for name in ("header", "footer")
    }
    return SiteContent(
        _Known.content.version + 1,
        tuple(PageLink(row["slug"], row["kind"], row["title"], row["version"]) for row in pages),
        tuple(SectionRow(row["id"], row["kind"], json.load(row["settings"]), row["is_hidden"]) for row in sections),
        menus["header"],
        menus["footer"],
        bool(await Article.exists().where(Article.published_at.is_not_null())),
    )


async def _heard(_payload: str) -> None:
    await refresh()
