"""One section of the home page: its small form, new or as it is, with a preview."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.catalog.pictures import pictures
from components.content.site import home_editing
from components.content.site.site_content import SectionRow
from components.foundation.refusals import NotFound, Refusal
from web.current_person import person_id_of
from web.forms.sending import WITH_FILE, read_body
from web.guards import staff
from web.replies import see_other, with_notice
from web.shop.home_sections import home_builders
from web.shop.home_sections.home_parts import HeroPart, HomePart
from web.shop.journal.article_images import cover
from web.shop.products.cards import CardPicture
from web.staff.content.home_page import LIST, NAMES, section
from web.staff.content.section_forms import FORMS, SectionForm, choices
from web.staff.edit_conflicts import overtaken
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class SectionPage(View):
    """`part` is what customers would see of it: None when that is nothing."""

    template: ClassVar[str] = "staff/content/home/edit.html"
    title: str
    action: str
    form: SectionForm
    part: HomePart | None
    picture: CardPicture | None
    removal: str
    has_file: bool


class StaffHomeSectionController(Controller):
    path = LIST
    guards = [staff("content")]

    @get("/sections/{kind:str}")
    async def new(self, request: Request[Any, Any, Any], kind: FromPath[str]) -> Response[Any]:
        return await _shown(request, _form(kind).filled({}), SectionRow(None, kind))

    @post("/sections/{kind:str}", request_max_body_size=WITH_FILE)
    async def create(self, request: Request[Any, Any, Any], kind: FromPath[str]) -> Response[Any]:
        return await _saved(request, SectionRow(None, kind))

    @get("/{section_id:uuid}")
    async def edit(self, request: Request[Any, Any, Any], section_id: FromPath[UUID]) -> Response[Any]:
        row = section(section_id)
        return await _shown(request, _form(row.kind).filled(row.settings), row)

    @post("/{section_id:uuid}", request_max_body_size=WITH_FILE)
    async def update(self, request: Request[Any, Any, Any], section_id: FromPath[UUID]) -> Response[Any]:
        return await _saved(request, section(section_id))


def _form(kind: str) -> type[SectionForm]:
    if kind not in FORMS:
        raise NotFound("There is no such section.")
    return FORMS[kind]


async def _saved(request: Request[Any, Any, Any], row: SectionRow) -> Response[Any]:
    form = await _form(row.kind).read(request, choices=choices())
    if not form.is_valid:
        return await _shown(request, form, row)
    is_look = "look" in await read_body(request)
    if row.id and not is_look and overtaken(form, _form(row.kind).filled(row.settings)):
        return await _shown(request, form, row, status=form.answer_status)
    try:
        settings = await _with_picture(form, row)
        if is_look:
            return await _shown(request, form, SectionRow(row.id, row.kind, settings))
        if row.id is None:
            await home_editing.add(row.kind, settings, by=person_id_of(request))
        else:
            await home_editing.change(row.id, settings, by=person_id_of(request))
    except Refusal as refusal:
        field = "picture" if "picture" in form.declared else None
        return await _shown(request, form.refuse(field, str(refusal)), row, status=refusal.status)
    return with_notice(see_other(LIST), f"{NAMES[row.kind]} saved.")


async def _with_picture(form: SectionForm, row: SectionRow) -> dict[str, Any]:
    """A newly chosen picture is stored; without one the section keeps the one it has. Raises `PictureRefused`."""
    settings = form.settings()
    chosen = settings.pop("picture", None)
    if chosen is not None:
        return settings | {"picture": await pictures.store(await chosen.read(pictures.MOST_BYTES + 1))}
    known = row.settings.get("picture")
    return settings | ({"picture": known} if known else {})


async def _shown(
    request: Request[Any, Any, Any], form: SectionForm, row: SectionRow, *, status: int = 422
) -> Response[Any]:
    (part,) = await home_builders.build([row], visitor_of(request)) or (None,)
    if isinstance(part, HeroPart):
        part = replace(part, is_first=False)  # the staff page has a heading of its own
    name, own = NAMES[row.kind], row.settings.get("picture")
    view = SectionPage(
        title=name if row.id else f"New section: {name}",
        action=f"{LIST}/{row.id}" if row.id else f"{LIST}/sections/{row.kind}",
        form=form,
        part=part,
        picture=cover(own, row.settings.get("picture_alt", "")) if own else None,
        removal=f"{LIST}/{row.id}/removal" if row.id else "",
        has_file="picture" in form.declared,
    )
    return page(request, view, status=200 if form.is_valid else status)
