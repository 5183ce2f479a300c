"""The home page as a list of sections: staff add, order, change, hide and remove them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from components.content.site import site_content
from components.content.site.site_content import SectionRow
from components.content.tables import HomeSection
from components.foundation import audit, clock, database, ids, json
from components.foundation.database.advisory_locks import take_turns
from components.foundation.operations import deletions
from components.foundation.operations.deletions import RowsOf, Thing
from components.foundation.refusals import NotFound, Refusal

SECTION_KINDS = (
    ("hero", "Hero", "A large heading with a picture, a text and a link."),
    ("newest", "New arrivals", "The newest products."),
    ("for_you", "For you", "Products chosen for whoever is signed in, with the reasons; a collection for all others."),
    ("collection", "Collection", "Products of one collection."),
    ("collections", "All collections", "A tile for every collection."),
    ("product", "Product", "One product with its picture and a text."),
    ("membership", "Membership", "The benefits of the membership and its price. Members do not see it."),
    ("journal", "Journal", "The latest articles."),
    ("text", "Text", "A heading and a text."),
    ("quotes", "Quotes", "What others say about you."),
)
DEFAULTS = tuple(SectionRow(None, kind) for kind in ("hero", "newest", "collections", "journal", "membership"))
"""The home page of a shop where nobody has set anything."""
MOST_SECTIONS = 30


class TooManySections(Refusal):
    message = f"The home page has at most {MOST_SECTIONS} sections."


def sections() -> tuple[SectionRow, ...]:
    """The sections as they are, hidden ones too."""
    return site_content.current().sections or DEFAULTS


async def begin() -> None:
    """Write down the sections a shop has at first, so that they can be changed. Nothing happens a second time."""
    async with database.transaction():
        await take_turns("home sections")
        if not await HomeSection.exists():
            rows = [_row(one.kind, place, {}) for place, one in enumerate(DEFAULTS)]
            await HomeSection.insert(*rows)
    await site_content.refresh()


async def add(kind: str, settings: Mapping[str, Any], *, by: UUID | None) -> UUID:
    """A new section at the end. Raises `TooManySections`."""
    await begin()
    async with database.transaction():
        await take_turns("home sections")
        rows = await HomeSection.select(HomeSection.position).order_by(HomeSection.position)
        if len(rows) >= MOST_SECTIONS:
            raise TooManySections
        made = _row(kind, rows[-1]["position"] + 1 if rows else 0, settings)
        await HomeSection.insert(made)
        await audit.record(by, "home section added", "home page", made.id, after={"kind": kind, **settings})
    await site_content.refresh()
    return UUID(str(made.id))


async def change(section_id: UUID, settings: Mapping[str, Any], *, by: UUID | None) -> None:
    """Raises `NotFound`."""
    async with database.transaction():
        known = await _locked(section_id)
        before = json.load(known.settings)
        await known.update_self({"settings": json.dump(dict(settings)), "changed_at": clock.now()})
        await audit.record(by, "home section changed", "home page", section_id, before=before, after=dict(settings))
    await site_content.refresh()


async def hide(section_id: UUID, *, by: UUID | None) -> None:
    await _set_hidden(section_id, True, "home section hidden", by)


async def show(section_id: UUID, *, by: UUID | None) -> None:
    await _set_hidden(section_id, False, "home section shown", by)


async def move(section_id: UUID, *, places: int, by: UUID | None) -> None:
    """Up by a negative number of places, down by a positive one. Raises `NotFound`."""
    async with database.transaction():
        await take_turns("home sections")
        await _locked(section_id)
        rows = await HomeSection.select(HomeSection.id).order_by(HomeSection.position, HomeSection.id)
        order = [row["id"] for row in rows]
        here = order.index(section_id)
        order.insert(max(0, here + places), order.pop(here))
        for place, one in enumerate(order):
            await HomeSection.update({HomeSection.position: place}).where(HomeSection.id == one)
        await audit.record(
            by, "home section moved", "home page", section_id, after={"place": order.index(section_id) + 1}
        )
    await site_content.refresh()


async def remove(section_id: UUID, *, by: UUID | None) -> UUID:
    """What it is brought back by. Raises `NotFound`. A home page without any section is what a shop has at first."""
    async with database.transaction():
        known = await _locked(section_id)
        parts = (RowsOf(HomeSection, HomeSection.id, [section_id]),)
        thing = Thing("home section", section_id, known.kind.capitalize(), "/staff/home")
        deleted = await deletions.delete(thing, parts, by=by)
    await site_content.refresh()
    return deleted


async def _set_hidden(section_id: UUID, is_hidden: bool, words: str, by: UUID | None) -> None:
    async with database.transaction():
        known = await _locked(section_id)
        await known.update_self({"is_hidden": is_hidden, "changed_at": clock.now()})
        await audit.record(by, words, "home page", section_id, after={"kind": known.kind})
    await site_content.refresh()


async def _locked(section_id: UUID) -> HomeSection:
    known = await database.locked(HomeSection, HomeSection.id == section_id)
    if known is None:
        raise NotFound("This section does not exist any more.")
    return known


def _row(kind: str, position: int, settings: Mapping[str, Any]) -> HomeSection:
    return HomeSection(
        id=ids.new(), kind=kind, position=position, settings=json.dump(dict(settings)), changed_at=clock.now()
    )
