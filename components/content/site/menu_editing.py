"""The header's and the footer's menu, edited as a whole."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from components.content.site import site_content
from components.content.site.site_content import MenuLink
from components.content.tables import MenuItem
from components.foundation import audit, database, ids
from components.foundation.database.advisory_locks import take_turns
from components.foundation.operations import deletions
from components.foundation.operations.deletions import Restored, RowsOf, Thing
from components.foundation.refusals import Conflict, Refusal

MENUS = (("header", "Header"), ("footer", "Footer"))
MOST_LINKS = 12


class TooManyLinks(Refusal):
    message = f"A menu has at most {MOST_LINKS} links."


class MenuChangedMeanwhile(Conflict):
    message = "This menu was saved again meanwhile, so it was left as it is now."


async def replace(menu: str, links: Sequence[MenuLink], *, by: UUID | None) -> UUID | None:
    """The menu has these links from now on; without any it is what a shop has at first. Returns what the links it had
    are brought back by, None if it had none of its own or they stay. Raises `TooManyLinks`."""
    if len(links) > MOST_LINKS:
        raise TooManyLinks
    async with database.transaction():
        await take_turns("menus")
        held = await _held(menu)
        if list(held.values()) == list(links):
            return None
        deletion = await _put_away(menu, held, by=by) if held else None
        items = [
            MenuItem(id=ids.new(), menu=menu, position=place, label=link.label, target=link.href)
            for place, link in enumerate(links)
        ]
        if items:
            await MenuItem.insert(*items)
        before, after = [link.label for link in held.values()], [link.label for link in links]
        await audit.record(by, "menu changed", "menu", menu, before={"links": before}, after={"links": after})
    await site_content.refresh()
    return deletion


async def undo(menu: str, links: Sequence[MenuLink], deletion_id: UUID | None, *, by: UUID | None) -> None:
    """Take back that the menu got these links: it has those again that it had, or none of its own.

    Raises `MenuChangedMeanwhile` and what `deletions.restore` does.
    """
    async with database.transaction():
        await take_turns("menus")
        if list((await _held(menu)).values()) != list(links) or not (links or deletion_id):
            raise MenuChangedMeanwhile
        await MenuItem.delete().where(MenuItem.menu == menu)
        if deletion_id is not None:
            await deletions.restore(deletion_id, by=by)
        else:
            before = {"links": [link.label for link in links]}
            await audit.record(by, "menu changed", "menu", menu, before=before, after={"links": []})
    await site_content.refresh()


async def bring_back(deletion_id: UUID, *, by: UUID | None) -> Restored:
    """Links that a menu once had, instead of those it has now, which can be brought back in their turn."""
    async with database.transaction():
        await take_turns("menus")
        restored = await deletions.restore(deletion_id, by=by)
        links = restored.ids_in("menu_item", "id")
        menu = await MenuItem.select(MenuItem.menu).where(MenuItem.id.is_in(list(links))).first()
        if menu and (held := await _held(menu["menu"], besides=links)):
            await _put_away(menu["menu"], held, by=by)
    await site_content.refresh()
    return restored


async def _held(menu: str, *, besides: Collection[UUID] = ()) -> dict[UUID, MenuLink]:
    rows = MenuItem.select(MenuItem.id, MenuItem.label, MenuItem.target).where(MenuItem.menu == menu)
    found = await rows.order_by(MenuItem.position)
    return {row["id"]: MenuLink(row["label"], row["target"]) for row in found if row["id"] not in besides}


async def _put_away(menu: str, held: Mapping[UUID, MenuLink], *, by: UUID | None) -> UUID:
    name = f"{dict(MENUS)[menu]}: {', '.join(link.label for link in held.values())}"
    thing = Thing("menu", next(iter(held)), name, "/staff/menus")
    return await deletions.delete(thing, (RowsOf(MenuItem, MenuItem.id, list(held)),), by=by)
