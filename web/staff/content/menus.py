"""The header's and the footer's menu in the staff area."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery

from components.content.site import link_targets, menu_editing, site_content, site_menus
from components.content.site.menu_editing import MENUS, MOST_LINKS, MenuChangedMeanwhile
from components.content.site.site_content import MenuLink
from components.foundation.languages import language
from components.foundation.refusals import NotFound
from web.current_person import person_id_of
from web.forms.fields import Choice, Text
from web.forms.form import Form
from web.forms.form_versions import Seen, is_stale, mark
from web.forms.numbers import Whole
from web.guards import staff
from web.replies import see_other, with_notice, with_undo
from web.staff.content import link_fields
from web.staff.content.link_fields import LinkAddress
from web.views import View, page, visitor_of

LIST = "/staff/menus"
CHANGED = (
    "This menu was saved meanwhile, by somebody else or in another window, so nothing was saved now. It has: {}. Yours "
    "is below."
)
SPARE = 3
"""Empty rows below the links."""


class MenuForm(Form):
    """Twelve rows; those with no label and no address are no links."""

    seen = Seen()

    def check(self) -> None:
        for row in range(MOST_LINKS):
            label, href = self._of(row)
            if href and not label:
                self.refuse(f"label_{row}", "Enter the words of this link.")
            if label and not href and f"other_{row}" not in self.errors:
                self.refuse(f"pick_{row}", f"Choose where “{label}” leads.")

    def links(self) -> tuple[MenuLink, ...]:
        """By their places; those with the same place stay as they are."""
        rows = [row for row in range(MOST_LINKS) if all(self._of(row))]
        return tuple(MenuLink(*self._of(row)) for row in sorted(rows, key=self._place))

    def _place(self, row: int) -> int:
        place = self.values.get(f"place_{row}")
        return row + 1 if place is None else int(place)

    def _of(self, row: int) -> tuple[str, str]:
        said = self.values
        return said.get(f"label_{row}") or "", said.get(f"other_{row}") or said.get(f"pick_{row}") or ""


for _row in range(MOST_LINKS):
    for _name, _field in (
        ("place", Whole("Place", most=99, required=False)),
        ("label", Text("Words", longest=60, required=False)),
        ("pick", Choice("Leads to", required=False)),
        ("other", LinkAddress("Or another address", longest=300, required=False)),
    ):
        _field.name = f"{_name}_{_row}"
        MenuForm.declared[_field.name] = _field


@dataclass(frozen=True, kw_only=True)
class EditedMenu:
    """`dead` are addresses that lead nowhere; `rows` how many rows are shown."""

    name: str
    title: str
    form: MenuForm
    rows: int
    dead: tuple[str, ...]
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class MenusPage(View):
    template: ClassVar[str] = "staff/content/menus/index.html"
    menus: tuple[EditedMenu, ...]


class StaffMenusController(Controller):
    path = LIST
    guards = [staff("content")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, await _shown(request))

    @post("/{name:str}")
    async def update(self, request: Request[Any, Any, Any], name: FromPath[str]) -> Response[Any]:
        if name not in dict(MENUS):
            raise NotFound("There is no such menu.")
        form = await MenuForm.read(request, choices=_choices())
        if not form.is_valid:
            return page(request, await _shown(request, name, form), status=422)
        if is_stale(form.seen, now := _own(name)):
            form.typed["seen"] = [mark(now)]
            form.refuse(None, CHANGED.format(", ".join(link.label for link in now) or "the usual links"))
            return page(request, await _shown(request, name, form), status=409)
        return await _replaced(request, name, form.links(), "Saved. Every page shows it now.")

    @post("/{name:str}/reset")
    async def reset(self, request: Request[Any, Any, Any], name: FromPath[str]) -> Response[Any]:
        if name not in dict(MENUS):
            raise NotFound("There is no such menu.")
        return await _replaced(request, name, (), "Back to the usual links.")

    @post("/{name:str}/undo")
    async def undo(
        self,
        request: Request[Any, Any, Any],
        name: FromPath[str],
        seen: FromQuery[str] = "",
        to: FromQuery[UUID | None] = None,
    ) -> Response[Any]:
        """The address says what it had before, and what it has if nobody saved it meanwhile."""
        if name not in dict(MENUS):
            raise NotFound("There is no such menu.")
        if seen != mark(links := _own(name)):
            raise MenuChangedMeanwhile
        await menu_editing.undo(name, links, to, by=person_id_of(request))
        return with_notice(see_other(LIST), "The menu is as it was.")


async def _replaced(
    request: Request[Any, Any, Any], name: str, links: tuple[MenuLink, ...], words: str
) -> Response[Any]:
    before = _own(name)
    deletion = await menu_editing.replace(name, links, by=person_id_of(request))
    if before == links:
        return with_notice(see_other(LIST), "Nothing was changed.")
    undo = f"{LIST}/{name}/undo?seen={mark(links)}" + (f"&to={deletion}" if deletion else "")
    return with_undo(see_other(LIST), words, undo=undo)


def _own(menu: str) -> tuple[MenuLink, ...]:
    content = site_content.current()
    return content.header if menu == "header" else content.footer


def _choices() -> dict[str, Any]:
    found = link_fields.choices()
    return {f"pick_{row}": found for row in range(MOST_LINKS)}


async def _shown(request: Request[Any, Any, Any], name: str = "", form: MenuForm | None = None) -> MenusPage:
    """Both menus; the one that could not be saved as it was typed."""
    at, menus = visitor_of(request).at, []
    for menu, title in MENUS:
        own = _own(menu)
        with language.speaking(language.own()):
            links = own or (site_menus.default_header() if menu == "header" else site_menus.default_footer())
        shown = form if form is not None and menu == name else _filled(links, seen=mark(own))
        rows = MOST_LINKS if shown is form else min(MOST_LINKS, len(links) + SPARE)
        dead = await link_targets.dead([link.href for link in links], at)
        menus.append(EditedMenu(name=menu, title=title, form=shown, rows=rows, dead=dead, is_own=bool(own)))
    return MenusPage(menus=tuple(menus))


def _filled(links: tuple[MenuLink, ...], *, seen: str) -> MenuForm:
    given: dict[str, Any] = {"seen": seen}
    for row, link in enumerate(links):
        pick, other = link_fields.split(link.href)
        given |= {f"place_{row}": row + 1, f"label_{row}": link.label, f"pick_{row}": pick, f"other_{row}": other}
    return MenuForm.blank(choices=_choices(), **given)
