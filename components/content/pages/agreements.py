"""What customers agree to when they order, join or give a membership, and the record: which pages and versions, how."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.content.site import site_content
from components.content.site.site_content import PageLink
from components.content.tables import PageAgreement
from components.foundation import clock, database, ids, json
from components.foundation.shop_settings import shop_settings


@dataclass(frozen=True, slots=True)
class AskedConsent:
    """What is asked for now: `way` is sentence or tick."""

    way: str
    pages: tuple[PageLink, ...]

    @property
    def needs_tick(self) -> bool:
        return self.way == "tick"

    @property
    def seen(self) -> str:
        """Which versions it is about: differs after each change of one of the pages."""
        return " ".join(f"{page.slug}:{page.number}" for page in self.pages)


@dataclass(frozen=True, slots=True)
class AgreedPage:
    slug: str
    title: str
    version: int


@dataclass(frozen=True, slots=True)
class AgreedText:
    """The text of a page as it was agreed to, with its placeholders."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class KeptAgreement:
    """What was agreed to, as it is kept."""

    way: str
    at: datetime
    pages: tuple[AgreedPage, ...]


def asked() -> AskedConsent | None:
    """None when the shop asks for nothing, or none of the pages it asks about is published."""
    known = shop_settings.current()
    if known.terms_consent == "off":
        return None
    content = site_content.current()
    pages = tuple(page for slug in known.terms_pages.split() if (page := content.page(slug)) is not None)
    return AskedConsent(known.terms_consent, pages) if pages else None


async def record(consent: AskedConsent | None, *, about: str, about_id: UUID) -> None:
    """Keep that somebody agreed; `about` is order, or joining for a membership,
    a gift one too. Nothing is written when nothing was asked."""
    if consent is None:
        return
    pages = [AgreedPage(page.slug, page.title, page.number) for page in consent.pages]
    row = PageAgreement(
        id=ids.new(), about=about, about_id=about_id, way=consent.way, pages=json.dump(pages), at=clock.now()
    )
    await PageAgreement.insert(row)


async def of(about_id: UUID, *, about: str = "order") -> tuple[KeptAgreement, ...]:
    """What was agreed to with this order, or by this person when joining or giving; newest first."""
    one = PageAgreement
    rows = one.select(one.way, one.at, one.pages).where((one.about == about) & (one.about_id == about_id))
    return tuple(
        KeptAgreement(row["way"], row["at"], json.load_as(tuple[AgreedPage, ...], row["pages"]))
        for row in await rows.order_by(one.at, ascending=False)
    )


async def texts(about_id: UUID, *, about: str, since: datetime | None = None) -> tuple[AgreedText, ...]:
    """What was last agreed to, word for word; nothing when that was before `since`."""
    kept = await of(about_id, about=about)
    if not kept or (since and kept[0].at < since):
        return ()
    pages = kept[0].pages
    found = await database.fetch_as(AgreedText, _TEXTS, [one.slug for one in pages], [one.version for one in pages])
    return tuple(found)


_TEXTS = """
SELECT v.title, v.body FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS agreed (slug, number, place)
JOIN page p ON p.slug = agreed.slug JOIN page_version v ON v.page = p.id AND v.number = agreed.number
ORDER BY agreed.place
"""
