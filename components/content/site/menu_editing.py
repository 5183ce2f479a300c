"""The header's and the footer's menu, edited as a whole."""

from collections.abc import Sequence
from uuid import UUID

from components.content.site import site_content
from components.content.site.site_content import MenuLink
from components.content.tables import MenuItem
from components.foundation import audit, database, ids
from components.foundation.database.advisory_locks import take_turns
from components.foundation.refusals import Refusal

MENUS = (("header", "Header"), ("footer", "Footer"))
MOST_LINKS = 12


class TooManyLinks(Refusal):
    message = f"A menu has at most {MOST_LINKS} links."


async def replace(menu: str, links: Sequence[MenuLink], *, by: UUID | None) -> None:
    """The menu has these links from now on; without any it is what a shop has at first. Raises `TooManyLinks`."""
    if len(links) > MOST_LINKS:
        raise TooManyLinks
    async with database.transaction():
        await take_turns("menus")
        rows = await MenuItem.select(MenuItem.label, MenuItem.target).where(MenuItem.menu == menu)
        await MenuItem.delete().where(MenuItem.menu == menu)
        items = [
            MenuItem(id=ids.new(), menu=menu, position=place, label=link.label, target=link.href)
            for place, link in enumerate(links)
        ]
        if items:
            await MenuItem.insert(*items)
        before, after = [row["label"] for row in rows], [link.label for link in links]
        await audit.record(by, "menu changed", "menu", menu, before={"links": before}, after={"links": after})
    await site_content.refresh()
