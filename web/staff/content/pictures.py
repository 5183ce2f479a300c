"""Pictures uploaded for articles and pages: listed with where they are, described, deleted."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.catalog.pictures import pictures
from components.content import content_pictures
from components.content.content_pictures import TextPicture
from components.foundation import paging
from components.foundation.operations.deletions import StillUsed
from components.foundation.refusals import Refusal
from web.current_person import person_id_of
from web.forms.fields import File, Text
from web.forms.form import Form
from web.forms.sending import WITH_FILE
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import deleted, see_other, with_notice, with_refusal
from web.views import View, page

LIST = content_pictures.LIST


class TextPictureForm(Form):
    picture = File("New picture", help="JPEG, PNG, WebP, GIF or AVIF, at most 10 MB.")
    alt = Text("What it shows", longest=content_pictures.LONGEST_ALT, help="Alt text, for people who can’t see it.")


class TextPictureWordsForm(Form):
    alt = Text("What it shows", longest=content_pictures.LONGEST_ALT)


@dataclass(frozen=True, kw_only=True)
class StaffTextPicturesPage(View):
    """Each picture with the titles of what has it: only those in nothing can be deleted."""

    template: ClassVar[str] = "staff/content/pictures/index.html"
    pictures: tuple[tuple[TextPicture, tuple[str, ...]], ...]
    form: TextPictureForm
    pages: Pager


class StaffTextPicturesController(Controller):
    path = LIST
    guards = [staff("content")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _listed(request, TextPictureForm.blank())

    @post(request_max_body_size=WITH_FILE)
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await TextPictureForm.read(request)
        if not form.is_valid or form.picture is None:
            return await _listed(request, form, status=422)
        try:
            source = await form.picture.read(pictures.MOST_BYTES + 1)
            await content_pictures.upload(source, alt=form.alt, by=person_id_of(request))
        except Refusal as refusal:
            return await _listed(request, form.refuse("picture", str(refusal)), status=refusal.status)
        return with_notice(see_other(LIST), "Picture added. Pick it beside the text of an article or page.")

    @post("/{picture_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], picture_id: FromPath[UUID]) -> Response[Any]:
        form = await TextPictureWordsForm.read(request)
        if not form.is_valid:
            return with_refusal(see_other(LIST), " ".join(form.errors.values()))
        await content_pictures.describe(picture_id, alt=form.alt, by=person_id_of(request))
        return with_notice(see_other(LIST), "Saved. Texts that have it keep what they say.")

    @post("/{picture_id:uuid}/deletion")
    async def delete(self, request: Request[Any, Any, Any], picture_id: FromPath[UUID]) -> Response[Any]:
        try:
            deletion = await content_pictures.delete(picture_id, by=person_id_of(request))
        except StillUsed as refusal:
            form = TextPictureForm.blank().refuse(None, str(refusal))
            return await _listed(request, form, status=refusal.status)
        return deleted(see_other(LIST), "Picture deleted.", deletion)


async def _listed(request: Request[Any, Any, Any], form: TextPictureForm, *, status: int = 200) -> Response[Any]:
    most, total = content_pictures.MOST_OFFERED, await content_pictures.count()
    number = paging.within(page_asked(request), total, most)
    found = await content_pictures.recent(limit=most, offset=(number - 1) * most)
    listed = tuple([(one, await content_pictures.uses(one.path)) for one in found])
    view = StaffTextPicturesPage(
        pictures=listed, form=form, pages=Pager(page=number, pages=paging.last(total, most), path=LIST)
    )
    return page(request, view, status=status)
