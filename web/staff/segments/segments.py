"""Segments in the staff area: the list, one segment with the customers who fit it, writing it, and its file."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from components.foundation import text
from components.foundation.refusals import Refusal
from components.segments import customer_tags, rule_groups, segment_editing, segment_people, segments
from components.segments.customer_tags import TagRefused
from components.segments.segment_people import SegmentPeople, SegmentPerson
from components.segments.segments import CountTooSlow, SegmentView
from web.current_person import person_id_of
from web.forms import sending
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal, with_undo
from web.staff import csv_files
from web.staff.segments import awaited_forecasts, rule_draft, rule_inputs, segment_editor, segment_reasons, segment_uses
from web.staff.segments.segment_editor import Written
from web.staff.segments.segment_reasons import OpenRules
from web.staff.segments.segment_uses import SegmentUse
from web.views import View, page, visitor_of

LIST = "/staff/segments"
SAVED = "Saved. It counts from now on, wherever it is used."
HEADS = ("Name", "E-mail", "Customer since")


@dataclass(frozen=True, kw_only=True)
class SegmentsPage(View):
    """`waiting` are those whom nobody can fit before the forecasts are worked out."""

    template: ClassVar[str] = "staff/segments/index.html"
    segments: tuple[SegmentView, ...]
    archived: tuple[SegmentView, ...]
    waiting: frozenset[UUID]


@dataclass(frozen=True, kw_only=True)
class SegmentPage(View):
    """`people` is None, with `trouble`, where finding them takes too long; `why` each is in it, where that differs."""

    template: ClassVar[str] = "staff/segments/show.html"
    segment: SegmentView
    people: SegmentPeople | None
    why: dict[UUID, str] | None
    is_first: bool
    trouble: str
    uses: tuple[SegmentUse, ...]
    once_archived: str
    tags: tuple[str, ...]
    may_write: bool


class StaffSegmentsController(Controller):
    path = LIST
    guards = [staff("members")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        found = await segments.active()
        waiting = await awaited_forecasts.waiting(found)
        return page(request, SegmentsPage(segments=found, archived=await segments.archived(), waiting=waiting))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _new(request, Written(name="", draft=rule_draft.EMPTY))

    @post("/new")
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        sent = await sending.read_body(request)
        written = _written(sent)
        if not rule_draft.pressed(sent):
            try:
                segment_id = await segment_editing.create(written.name, written.draft, by=person_id_of(request))
                return with_notice(see_other(f"{LIST}/{segment_id}"), "Segment saved.")
            except Refusal as refusal:
                written.refuse(refusal)
        return await _new(request, written)

    @get("/{segment_id:uuid}")
    async def show(
        self, request: Request[Any, Any, Any], segment_id: FromPath[UUID], after: FromQuery[UUID | None] = None
    ) -> Response[Any]:
        segment, people, trouble, at = await segments.by_id(segment_id), None, "", visitor_of(request).at
        try:
            segment = segment if after else await segments.counted(segment_id)
            people = await segment_people.page(segment.rules, after=after, at=at)
            trouble = await awaited_forecasts.words(segment.rules, len(people.rows))
        except CountTooSlow as refusal:
            trouble = str(refusal)
        shown = [one.id for one in people.rows] if people else []
        uses = await segment_uses.uses_of(segment_id)
        view = SegmentPage(
            segment=segment, people=people, is_first=after is None, trouble=trouble, uses=uses,
            why=await segment_reasons.of_people(segment.rules, shown, at),
            once_archived=segment_uses.once_archived(uses), tags=await customer_tags.all_tags(),
            may_write=visitor_of(request).may("campaigns"),
        )  # fmt: skip
        return page(request, view)

    @get("/{segment_id:uuid}/edit")
    async def edit(self, request: Request[Any, Any, Any], segment_id: FromPath[UUID]) -> Response[Any]:
        segment = await segments.by_id(segment_id)
        draft = rule_inputs.draft_of(rule_groups.stored(segment.rules))
        return await _edited(request, segment, Written(segment.name, draft, segment.changed_at.isoformat()))

    @post("/{segment_id:uuid}/edit")
    async def update(self, request: Request[Any, Any, Any], segment_id: FromPath[UUID]) -> Response[Any]:
        segment, sent = await segments.by_id(segment_id), await sending.read_body(request)
        written = _written(sent)
        if not rule_draft.pressed(sent):
            seen, by = _instant(written.seen), person_id_of(request)
            try:
                await segment_editing.revise(segment_id, written.name, written.draft, seen=seen, by=by)
                return with_notice(see_other(f"{LIST}/{segment_id}"), SAVED)
            except Refusal as refusal:
                written.refuse(refusal)
        return await _edited(request, segment, written)

    @post("/{segment_id:uuid}/archive")
    async def archive(self, request: Request[Any, Any, Any], segment_id: FromPath[UUID]) -> Response[Any]:
        segment = await segment_editing.archive(segment_id, by=person_id_of(request))
        words = (
            f"{segment.name} is archived. {segment_uses.once_archived(await segment_uses.uses_of(segment_id))}".strip()
        )
        return with_undo(see_other(LIST), words, undo=f"{LIST}/{segment_id}/restoration")

    @post("/{segment_id:uuid}/restoration")
    async def restore(self, request: Request[Any, Any, Any], segment_id: FromPath[UUID]) -> Response[Any]:
        try:
            segment = await segment_editing.restore(segment_id, by=person_id_of(request))
        except segment_editing.SegmentRefused as refusal:
            return with_refusal(see_other(f"{LIST}/{segment_id}"), str(refusal))
        return with_notice(see_other(f"{LIST}/{segment_id}"), f"{segment.name} is back.")

    @post("/{segment_id:uuid}/tags")
    async def tag(self, request: Request[Any, Any, Any], segment_id: FromPath[UUID]) -> Response[Any]:
        sent, here = await sending.read_body(request), see_other(f"{LIST}/{segment_id}")
        try:
            tag, many = await customer_tags.add_to_segment(
                segment_id, str(sent.get("tag") or ""), by=person_id_of(request)
            )
        except (CountTooSlow, TagRefused) as refusal:
            return with_refusal(here, str(refusal))
        customers = "1 customer" if many == 1 else f"{many} customers"
        return with_notice(here, f"“{tag}” added to {customers}; whoever had it already keeps it.")

    @get("/{segment_id:uuid}/export.csv")
    async def export(self, request: Request[Any, Any, Any], segment_id: FromPath[UUID]) -> Stream:
        segment, at = await segments.by_id(segment_id), visitor_of(request).at
        name = f"segment-{text.slug(segment.name) or segment.id}"
        asked = segment_reasons.left_open(segment.rules)
        heads = HEADS if asked is None else (*HEADS, "Why")
        rows = _rows(segment.rules, at) if asked is None else _rows_with_reasons(segment.rules, asked, at)
        return await csv_files.streamed(request, name, heads, rows, segment=str(segment_id))


def _row(one: SegmentPerson) -> tuple[str, ...]:
    return one.name, one.email, csv_files.local_day(one.created_at)


async def _rows(rules: Mapping[str, Any], at: datetime) -> AsyncIterator[tuple[str, ...]]:
    async for one in segment_people.everybody(rules, at=at):
        yield _row(one)


async def _rows_with_reasons(
    rules: Mapping[str, Any], asked: OpenRules, at: datetime
) -> AsyncIterator[tuple[str, ...]]:
    async for one, why in segment_reasons.of_everybody(rules, asked, at):
        yield *_row(one), why


def _written(sent: sending.SentForm) -> Written:
    name, seen = (str(sent.get(field) or "") for field in ("name", "seen"))
    return Written(name, rule_draft.of_form(sent), seen)


def _instant(written: str) -> datetime | None:
    """None for what is no instant: then nobody is known to have overtaken."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo else None


async def _new(request: Request[Any, Any, Any], written: Written) -> Response[Any]:
    made: Response[Any] = await segment_editor.shown(
        request, written, title="New segment", action=f"{LIST}/new", back=LIST
    )
    return made


async def _edited(request: Request[Any, Any, Any], segment: SegmentView, written: Written) -> Response[Any]:
    here = f"{LIST}/{segment.id}"
    made: Response[Any] = await segment_editor.shown(
        request, written, title=segment.name, action=f"{here}/edit", back=here
    )
    return made
