"""Pictures in articles and pages: uploaded for them or picked from those of products, and written as Markdown."""

import re
from dataclasses import dataclass
from uuid import UUID

from components.catalog.pictures import pictures
from components.catalog.snapshot.snapshots import Snapshot
from components.content.tables import ContentPicture
from components.foundation import audit, clock, database, ids
from components.foundation.operations import deletions
from components.foundation.operations.deletions import RowsOf, StillUsed, Thing
from components.foundation.refusals import NotFound, Refusal

LONGEST_ALT = 300
MOST_OFFERED = 24
LIST = "/staff/pictures"
_MARKS = re.compile(r"[\\\[\]<>&*_`~!|]")


class PictureUndescribed(Refusal):
    message = "Say what the picture shows, for people who can’t see it."


class PictureGone(NotFound):
    message = "This picture does not exist any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPicture:
    """A picture that a text can have. `id` is None for one of a product."""

    id: UUID | None = None
    path: str
    alt: str
    width: int
    height: int

    @property
    def address(self) -> str:
        """With its size, so that a page keeps its place before it has come."""
        return f"/pictures/{self.path}-{self.width}.webp#{self.width}x{self.height}"

    @property
    def thumbnail(self) -> str:
        return f"/pictures/{self.path}-{min(self.width, 320)}.webp"

    @property
    def markdown(self) -> str:
        words = " ".join(_MARKS.sub(r"\\\g<0>", self.alt).split())
        return f"![{words}]({self.address})"


async def upload(source: bytes, *, alt: str, by: UUID | None) -> TextPicture:
    """Re-encoded and bounded as those of products. The same file twice is one picture, described anew.

    Raises `PictureTooLarge`, `PictureRefused`, `PictureUndescribed`.
    """
    alt = alt.strip()[:LONGEST_ALT]
    if not alt:
        raise PictureUndescribed
    kept = await pictures.reencode(source)
    async with database.transaction():
        row = (ids.new(), kept.path, alt, kept.width, kept.height, clock.now(), by)
        picture_id = await database.fetch_value(_KEEP, *row)
        await audit.record(by, "picture uploaded", "content picture", picture_id, after={"alt": alt})
    return TextPicture(id=picture_id, path=kept.path, alt=alt, width=kept.width, height=kept.height)


_KEEP = """
INSERT INTO content_picture (id, path, alt, width, height, uploaded_at, uploaded_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (path) DO UPDATE SET alt = excluded.alt RETURNING id"""


async def recent(*, limit: int = MOST_OFFERED, offset: int = 0) -> tuple[TextPicture, ...]:
    """Those uploaded for texts, the latest first."""
    found = ContentPicture.select().order_by(ContentPicture.uploaded_at, ContentPicture.id, ascending=False)
    return tuple(_picture(row) for row in await found.limit(limit).offset(offset))


async def count() -> int:
    return int(await ContentPicture.count())


async def offered(words: str, snapshot: Snapshot) -> tuple[TextPicture, ...]:
    """What there is to pick: the latest uploads; for words, uploads and products that say all of them."""
    wanted = words.lower().split()
    if not wanted:
        return await recent()
    rows = await database.fetch_as(TextPicture, _SAYING, [f"%{_escaped(word)}%" for word in wanted], MOST_OFFERED)
    found = {one.path: one for one in rows}
    for product_id in snapshot.found(words).ids():
        product = snapshot.product_by_id(product_id)
        for one in product.pictures if product and len(found) < MOST_OFFERED else ():
            if one.width:
                alt = one.alt or (product.title if product else "")
                found.setdefault(one.path, TextPicture(path=one.path, alt=alt, width=one.width, height=one.height))
    return tuple(found.values())[:MOST_OFFERED]


_SAYING = """
SELECT id, path, alt, width, height FROM content_picture WHERE alt ILIKE ALL ($1::text[])
ORDER BY uploaded_at DESC LIMIT $2"""


async def by_path(path: str) -> TextPicture:
    """One uploaded for a text, or one of a product. Raises `PictureGone`."""
    row = await ContentPicture.select().where(ContentPicture.path == path).first()
    if row is not None:
        return _picture(row)
    shown = await pictures.first_shown(path)
    if shown is None:
        raise PictureGone
    return TextPicture(path=path, alt=shown.alt, width=shown.width, height=shown.height)


async def describe(picture_id: UUID, *, alt: str, by: UUID | None) -> None:
    """For when it is picked the next time; texts keep what they say. Raises `PictureGone`, `PictureUndescribed`."""
    alt = alt.strip()[:LONGEST_ALT]
    if not alt:
        raise PictureUndescribed
    async with database.transaction():
        row = await _locked(picture_id)
        if row.alt != alt:
            await row.update_self({ContentPicture.alt: alt})
            before, after = {"alt": row.alt}, {"alt": alt}
            await audit.record(by, "picture described", "content picture", picture_id, before=before, after=after)


async def uses(path: str) -> tuple[str, ...]:
    """The titles of the articles, pages and sections that have it."""
    return tuple(await database.fetch_values(_USES, path))


_USES = """
SELECT '“' || title || '”' FROM article WHERE cover = $1 OR strpos(body, $1) > 0
UNION SELECT '“' || title || '”' FROM page WHERE strpos(body, $1) > 0
UNION SELECT 'the home page' FROM home_section WHERE strpos(settings::text, $1) > 0 ORDER BY 1"""


async def delete(picture_id: UUID, *, by: UUID | None) -> UUID:
    """It is offered no more; its files stay for earlier versions of pages and e-mails that were sent.

    What it is brought back by. Raises `PictureGone`, `StillUsed`.
    """
    async with database.transaction():
        row = await _locked(picture_id)
        if named := await uses(row.path):
            raise StillUsed(f"It is in {', '.join(named)}. Take it out there first.")
        parts = (RowsOf(ContentPicture, ContentPicture.id, [picture_id]),)
        return await deletions.delete(Thing("content picture", picture_id, row.alt, LIST), parts, by=by)


async def _locked(picture_id: UUID) -> ContentPicture:
    row = await database.locked(ContentPicture, ContentPicture.id == picture_id)
    if row is None:
        raise PictureGone
    return row


def _picture(row: dict[str, object]) -> TextPicture:
    names = ("id", "path", "alt", "width", "height")
    return TextPicture(**{name: row[name] for name in names})  # type: ignore[arg-type]


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)
