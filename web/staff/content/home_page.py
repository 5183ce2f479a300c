"""The home page's sections in the staff area: added, ordered, changed, hidden, previewed and removed."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.content.site import home_editing, link_targets, site_menus
from components.content.site.home_editing import SECTION_KINDS
from components.content.site.site_content import SectionRow
from components.foundation.refusals import NotFound
from web.current_person import person_id_of
from web.forms.fields import Choice
from web.forms.form import Form
from web.forms.numbers import Whole
from web.guards import staff
from web.replies import deleted, see_other, with_notice
from web.shop.home_sections.home import home_page
from web.views import View, page, visitor_of

LIST = "/staff/home"
NAMES = {kind: name for kind, name, _ in SECTION_KINDS}


class MoveForm(Form):
    places = Whole("Places", least=-home_editing.MOST_SECTIONS, most=home_editing.MOST_SECTIONS)


class NewSectionForm(Form):
    kind = Choice("Section", tuple((kind, f"{name}: {what}") for kind, name, what in SECTION_KINDS), as_radio=True)


@dataclass(frozen=True, kw_only=True)
class ListedSection:
    """`trouble`: where a link leads nowhere. `is_empty`: there is nothing yet that it could show."""

    row: SectionRow
    name: str
    title: str
    trouble: str
    is_empty: bool


@dataclass(frozen=True, kw_only=True)
class StaffHomeSectionsPage(View):
    template: ClassVar[str] = "staff/content/home/index.html"
    sections: tuple[ListedSection, ...]
    form: NewSectionForm
    is_untouched: bool


@dataclass(frozen=True, kw_only=True)
class SectionRemovalPage(View):
    template: ClassVar[str] = "staff/content/home/removal.html"
    section: SectionRow
    name: str


class StaffHomeSectionsController(Controller):
    path = LIST
    guards = [staff("content")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, await _listed(request, NewSectionForm.blank()))

    @get("/preview")
    async def preview(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """As customers see it, with the hidden sections in their places."""
        return page(request, await home_page(visitor_of(request), is_preview=True))

    @post("/begin")
    async def begin(self, request: Request[Any, Any, Any]) -> Response[Any]:
        await home_editing.begin()
        return with_notice(see_other(LIST), "These are now your own sections.")

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = NewSectionForm.of_query(request)
        if not form.is_valid:
            return page(request, await _listed(request, form), status=422)
        return see_other(f"{LIST}/sections/{form.kind}")

    @post("/{section_id:uuid}/move")
    async def move(self, request: Request[Any, Any, Any], section_id: FromPath[UUID]) -> Response[Any]:
        form = await MoveForm.read(request)
        if form.is_valid:
            await home_editing.move(section_id, places=form.places, by=person_id_of(request))
        return see_other(LIST)

    @post("/{section_id:uuid}/hide")
    async def hide(self, request: Request[Any, Any, Any], section_id: FromPath[UUID]) -> Response[Any]:
        await home_editing.hide(section_id, by=person_id_of(request))
        return with_notice(see_other(LIST), "Hidden. Only the preview shows it.")

    @post("/{section_id:uuid}/show")
    async def show(self, request: Request[Any, Any, Any], section_id: FromPath[UUID]) -> Response[Any]:
        await home_editing.show(section_id, by=person_id_of(request))
        return with_notice(see_other(LIST), "Everybody sees it now.")

    @get("/{section_id:uuid}/removal")
    async def removal(self, request: Request[Any, Any, Any], section_id: FromPath[UUID]) -> Response[Any]:
        row = section(section_id)
        return page(request, SectionRemovalPage(section=row, name=NAMES[row.kind]))

    @post("/{section_id:uuid}/removal")
    async def destroy(self, request: Request[Any, Any, Any], section_id: FromPath[UUID]) -> Response[Any]:
        deletion = await home_editing.remove(section_id, by=person_id_of(request))
        return deleted(see_other(LIST), "Section removed.", deletion)


def section(section_id: UUID) -> SectionRow:
    """Raises `NotFound`."""
    found = next((row for row in home_editing.sections() if row.id == section_id), None)
    if found is None:
        raise NotFound("This section does not exist any more.")
    return found


async def _listed(request: Request[Any, Any, Any], form: NewSectionForm) -> StaffHomeSectionsPage:
    at, rows = visitor_of(request).at, home_editing.sections()
    dead = set(await link_targets.dead([address for row in rows for address in _addresses(row)], at))
    return StaffHomeSectionsPage(
        sections=tuple(
            ListedSection(row=row, name=NAMES[row.kind], title=str(row.settings.get("title") or ""),
                          trouble=", ".join(one for one in _addresses(row) if one in dead),
                          is_empty=_is_empty(row.kind))
            for row in rows
        ),
        form=form,
        is_untouched=all(row.id is None for row in rows),
    )  # fmt: skip


def _is_empty(kind: str) -> bool:
    has_nothing = site_menus.EMPTY.get(f"/{kind}")
    return has_nothing is not None and has_nothing()


def _addresses(row: SectionRow) -> tuple[str, ...]:
    """Everything the section leads to."""
    own = (str(row.settings["href"]),) if row.settings.get("href") else ()
    named = [f"/{room}s/{row.settings[room]}" for room in ("collection", "product") if row.settings.get(room)]
    standing = ("/join",) if row.kind == "membership" else ()
    return (*own, *named, *standing)
