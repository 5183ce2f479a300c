"""Words of the page to join for segments, in the staff area: listed, written, ordered and removed."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.refusals import Refusal
from components.recommendations import join_words
from components.recommendations.join_words import WordsForSegment
from components.segments import segments
from web.current_person import person_id_of
from web.forms.fields import Choice, Choices, LongText, Text
from web.forms.form import Form
from web.forms.numbers import Whole
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.edit_conflicts import overtaken
from web.views import View, page

LIST = "/staff/join-words"


class JoinWordsForm(Form):
    is_shared = True
    title = Text("Heading", longest=120)
    text = LongText("Text", longest=2_000, rows=5, required=False, help="Markdown: *emphasis*, lists, links.")


class NewJoinWordsForm(JoinWordsForm):
    segment = Choice("Segment", help="Customers who fit it, and no segment above it in the list, see these words.")


class PlaceForm(Form):
    places = Whole("Places", least=-join_words.MOST, most=join_words.MOST)


@dataclass(frozen=True, kw_only=True)
class StaffJoinWordsPage(View):
    template: ClassVar[str] = "staff/segments/join_words/index.html"
    words: tuple[WordsForSegment, ...]


@dataclass(frozen=True, kw_only=True)
class StaffJoinWordsEditPage(View):
    """`known` is None while they are new; `has_segments` if there is one to write for."""

    template: ClassVar[str] = "staff/segments/join_words/edit.html"
    form: JoinWordsForm
    known: WordsForSegment | None
    action: str
    has_segments: bool


class StaffJoinWordsController(Controller):
    path = LIST
    guards = [staff("members")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, StaffJoinWordsPage(words=await join_words.all_words()))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        choices = await _segments()
        return await _shown(
            request, NewJoinWordsForm.blank(choices=choices), None, has_segments=bool(choices["segment"])
        )

    @post("/new")
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        choices = await _segments()
        form, has_segments = await NewJoinWordsForm.read(request, choices=choices), bool(choices["segment"])
        if not form.is_valid:
            return await _shown(request, form, None, has_segments=has_segments, status=422)
        try:
            await join_words.add(UUID(form.segment), form.title, form.text or "", by=person_id_of(request))
        except Refusal as refusal:
            form.refuse("segment", str(refusal))
            return await _shown(request, form, None, has_segments=has_segments, status=refusal.status)
        return with_notice(see_other(LIST), "Words saved. Customers of the segment read them from now on.")

    @get("/{words_id:uuid}")
    async def edit(self, request: Request[Any, Any, Any], words_id: FromPath[UUID]) -> Response[Any]:
        known = await join_words.by_id(words_id)
        return await _shown(request, _filled(known), known)

    @post("/{words_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], words_id: FromPath[UUID]) -> Response[Any]:
        known, form = await join_words.by_id(words_id), await JoinWordsForm.read(request)
        if not form.is_valid:
            return await _shown(request, form, known, status=422)
        if overtaken(form, _filled(known)):
            return await _shown(request, form, known, status=form.answer_status)
        await join_words.change(words_id, form.title, form.text or "", by=person_id_of(request))
        return with_notice(see_other(LIST), "Words saved.")

    @post("/{words_id:uuid}/move")
    async def move(self, request: Request[Any, Any, Any], words_id: FromPath[UUID]) -> Response[Any]:
        form = await PlaceForm.read(request)
        if form.is_valid:
            await join_words.move(words_id, places=form.places, by=person_id_of(request))
        return see_other(LIST)

    @post("/{words_id:uuid}/removal")
    async def destroy(self, request: Request[Any, Any, Any], words_id: FromPath[UUID]) -> Response[Any]:
        await join_words.remove(words_id, by=person_id_of(request))
        return with_notice(see_other(LIST), "Words removed.")


async def _segments() -> dict[str, Choices]:
    """Those that have no words yet."""
    taken = {one.segment for one in await join_words.all_words()}
    return {"segment": tuple((str(one.id), one.name) for one in await segments.active() if one.id not in taken)}


def _filled(known: WordsForSegment) -> JoinWordsForm:
    return JoinWordsForm.blank(title=known.title, text=known.text)


async def _shown(
    request: Request[Any, Any, Any],
    form: JoinWordsForm,
    known: WordsForSegment | None,
    *,
    has_segments: bool = True,
    status: int = 200,
) -> Response[Any]:
    action = f"{LIST}/{known.id}" if known else f"{LIST}/new"
    view = StaffJoinWordsEditPage(form=form, known=known, action=action, has_segments=has_segments)
    return page(request, view, status=status)
