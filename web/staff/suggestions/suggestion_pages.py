"""The list of suggestions, one of them with its rows, and what staff decide about it."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from components.foundation import clock
from components.foundation.refusals import NotAllowed, NotFound, Refusal
from components.insights.suggestions import suggestion_acts, suggestion_decisions, suggestion_rows, suggestions
from components.insights.suggestions.suggestion_kind import FEWEST, SuggestedDraft
from components.insights.suggestions.suggestion_kinds import KINDS, suggestion_kind
from web.current_person import person_id_of
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice
from web.staff import csv_files
from web.staff.csv_files import local_day
from web.staff.suggestions import suggestion_file
from web.staff.suggestions.suggestion_view import (
    LIST,
    SHOWN,
    STATES,
    DismissalForm,
    SnoozeForm,
    SuggestionPage,
    SuggestionsPage,
    acted,
    ended,
    list_of,
    word,
)  # fmt: skip
from web.views import page, visitor_of


class StaffSuggestionsController(Controller):
    path = LIST
    guards = [staff("metrics")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        state = request.query_params.get("show", "open")
        if state not in STATES:
            raise NotFound
        found = await suggestions.shown_as(state)
        counted, looks = await suggestions.counts(), await suggestions.looks()
        ways = tuple((name, list_of(key), counted.get(key, 0)) for key, name in SHOWN)
        view = SuggestionsPage(
            found=found,
            acts={one.id: acted(one) for one in found},
            ways=ways,
            tab=list_of(state),
            kinds={one.key: one for one in KINDS},
            looks=tuple((one.title, ended(looks.get(one.key), one)) for one in KINDS),
            looked_at=max((one.at for one in looks.values()), default=None),
            is_waiting=await suggestions.is_being_looked_for(),
        )
        return page(request, view)

    @post()
    async def look_again(self, request: Request[Any, Any, Any]) -> Redirect:
        await suggestions.look_again(by=person_id_of(request))
        return with_notice(see_other(LIST), "Suggestions are being looked for. Reload this page in a minute.")

    @get("/{suggestion_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], suggestion_id: FromPath[UUID]) -> Response[bytes]:
        return await _shown(request, suggestion_id)

    @get("/{suggestion_id:uuid}/export")
    async def file(self, request: Request[Any, Any, Any], suggestion_id: FromPath[UUID]) -> Stream:
        """Every row that the amount adds up."""
        one = await suggestions.by_id(suggestion_id)
        name = f"suggestion-{one.kind.replace('_', '-')}-{local_day(one.until)}"
        return await csv_files.streamed(request, name, suggestion_file.heads(one), suggestion_file.lines(one))

    @post("/{suggestion_id:uuid}/draft")
    async def try_out(self, request: Request[Any, Any, Any], suggestion_id: FromPath[UUID]) -> Redirect:
        """Opens the editor with something filled in; it asks for its own permission."""
        one = await suggestions.by_id(suggestion_id)
        path = one.draft.path
        if one.draft.tag:
            if not _may(request, one.draft):
                raise NotAllowed("This needs the permissions for members and for campaigns.")
            path = f"{path}?suggestion={one.id}"
        await suggestion_decisions.try_out(one.id, by=person_id_of(request))
        return with_notice(see_other(path), "Filled in from a suggestion. Nothing changes until you save it.")

    @post("/{suggestion_id:uuid}/dismissal")
    async def dismiss(self, request: Request[Any, Any, Any], suggestion_id: FromPath[UUID]) -> Response[Any]:
        form = await DismissalForm.read(request)
        if not form.is_valid:
            return await _shown(request, suggestion_id, dismissal=form, status=422)
        verb = suggestion_decisions.dismiss(suggestion_id, reason=form.reason, by=person_id_of(request))
        return await _decided(request, suggestion_id, verb, "Dismissed, with your reason.")

    @post("/{suggestion_id:uuid}/snooze")
    async def snooze(self, request: Request[Any, Any, Any], suggestion_id: FromPath[UUID]) -> Response[Any]:
        form = await SnoozeForm.read(request)
        if not form.is_valid:
            return await _shown(request, suggestion_id, snooze=form, status=422)
        until = clock.now() + timedelta(days=form.days)
        verb = suggestion_decisions.snooze(suggestion_id, until=until, by=person_id_of(request))
        return await _decided(request, suggestion_id, verb, "Put off.")

    @post("/{suggestion_id:uuid}/completion")
    async def complete(self, request: Request[Any, Any, Any], suggestion_id: FromPath[UUID]) -> Response[Any]:
        verb = suggestion_decisions.complete(suggestion_id, by=person_id_of(request))
        return await _decided(request, suggestion_id, verb, "Marked as done.")

    @post("/{suggestion_id:uuid}/reopening")
    async def reopen(self, request: Request[Any, Any, Any], suggestion_id: FromPath[UUID]) -> Response[Any]:
        verb = suggestion_decisions.reopen(suggestion_id, by=person_id_of(request))
        return await _decided(request, suggestion_id, verb, "Open again.")


def _may(request: Request[Any, Any, Any], draft: SuggestedDraft) -> bool:
    visitor = visitor_of(request)
    return visitor.may(draft.permission) and (not draft.tag or visitor.may("members"))


async def _decided(
    request: Request[Any, Any, Any], suggestion_id: UUID, verb: Awaitable[None], words: str
) -> Response[Any]:
    try:
        await verb
    except NotFound:
        raise
    except Refusal as refusal:
        return await _shown(request, suggestion_id, refusal=str(refusal), status=refusal.status)
    return with_notice(see_other(f"{LIST}/{suggestion_id}"), words)


async def _shown(
    request: Request[Any, Any, Any],
    suggestion_id: UUID,
    *,
    dismissal: DismissalForm | None = None,
    snooze: SnoozeForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> Response[bytes]:
    one, number = await suggestions.by_id(suggestion_id), page_asked(request)
    total, kind = await suggestion_rows.total(one), suggestion_kind(one.kind)
    rows = await suggestion_rows.page(one, number=number)
    if not rows and number > 1:
        raise NotFound
    view = SuggestionPage(
        one=one,
        kind=kind,
        draft=one.draft if _may(request, one.draft) else None,
        state=STATES[one.shown],
        acted=acted(one),
        rests=suggestion_acts.RESTS.days,
        rows=tuple(rows),
        sum=total,
        pages=Pager(page=number, pages=-(-total.rows // suggestion_rows.PER_PAGE), path=f"{LIST}/{one.id}"),
        decisions=tuple((word(each.state), each) for each in await suggestions.decisions(one.id)),
        dismissal=dismissal or DismissalForm.blank(),
        snooze=snooze or SnoozeForm.blank(days=suggestion_decisions.SNOOZES[0]),
        refusal=refusal,
        fewest=FEWEST,
    )
    return page(request, view, status=status)
