"""The steps of a journey: added, changed, moved and removed; an e-mail is looked at and sent to oneself."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.campaigns.journeys import journey_states, journeys, step_editing
from components.campaigns.journeys.journey_locks import JourneyChanged
from components.campaigns.journeys.journey_states import JourneyNotInThisState
from components.campaigns.journeys.step_editing import TooManySteps
from components.campaigns.journeys.tables import Journey, JourneyStep
from components.foundation.refusals import NotFound, Refusal
from components.messaging import mailbox
from web.current_person import person_id_of
from web.forms.sending import read_body
from web.guards import staff
from web.looks import content_policy
from web.replies import see_other, with_notice, with_refusal
from web.staff.campaigns.campaign_editor import PlaceholderLine, WrittenLook, look_at, only_looks, placeholder_lines
from web.staff.campaigns.campaign_forms import choices_with
from web.staff.campaigns.journeys.journey_forms import BLANK, FORMS, EmailStepForm, StepForm, filled_step
from web.staff.campaigns.journeys.step_words import KINDS
from web.views import View, page, visitor_of

LIST = "/staff/journeys"


@dataclass(frozen=True, kw_only=True)
class JourneyStepPage(View):
    """`look`: of an e-mail, what it looks like; None of other steps."""

    template: ClassVar[str] = "staff/journeys/step.html"
    journey: Journey
    form: StepForm
    step_kind: str
    head: str
    action: str
    look: WrittenLook | None
    can_send: bool
    may_see_customers: bool
    placeholders: tuple[PlaceholderLine, ...]


class StaffJourneyStepsController(Controller):
    path = f"{LIST}/{{journey_id:uuid}}/steps"
    guards = [staff("campaigns")]

    @get("/new/{kind:str}")
    async def new(
        self, request: Request[Any, Any, Any], journey_id: FromPath[UUID], kind: FromPath[str]
    ) -> Response[Any]:
        journey = await _open(journey_id, kind)
        known = await choices_with(None) if kind == "condition" else None
        form = FORMS[kind].blank(choices=known, version=journey.version, **BLANK[kind])
        return await _page(request, journey, form, kind, None)

    @post("/new/{kind:str}")
    async def add(
        self, request: Request[Any, Any, Any], journey_id: FromPath[UUID], kind: FromPath[str]
    ) -> Response[Any]:
        return await _save(request, await _open(journey_id, kind), kind, None)

    @get("/{step_id:uuid}")
    async def edit(
        self, request: Request[Any, Any, Any], journey_id: FromPath[UUID], step_id: FromPath[UUID]
    ) -> Response[Any]:
        journey = await _open(journey_id)
        step = await step_editing.step_by_id(journey_id, step_id)
        form = filled_step(step, journey.version, await choices_with(step.segment or None))
        return await _page(request, journey, form, step.kind, step)

    @post("/{step_id:uuid}")
    async def update(
        self, request: Request[Any, Any, Any], journey_id: FromPath[UUID], step_id: FromPath[UUID]
    ) -> Response[Any]:
        step = await step_editing.step_by_id(journey_id, step_id)
        return await _save(request, await journeys.by_id(journey_id), step.kind, step)

    @post("/{step_id:uuid}/{act:str}")
    async def act(
        self, request: Request[Any, Any, Any], journey_id: FromPath[UUID], step_id: FromPath[UUID], act: FromPath[str]
    ) -> Response[Any]:
        """Moved up or down, or removed; the version says which page was looked at."""
        there, by = see_other(f"{LIST}/{journey_id}"), person_id_of(request)
        typed = str((await read_body(request)).get("version") or "")
        version = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else -1
        try:
            if act == "removal":
                await step_editing.remove(journey_id, step_id, version=version, by=by)
                return with_notice(there, "Step removed. Whoever stood there goes on at once.")
            if act not in ("up", "down"):
                raise NotFound
            await step_editing.move(journey_id, step_id, up=1 if act == "up" else -1, version=version, by=by)
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            return with_refusal(there, str(refusal))
        return with_notice(there, "Moved.")


async def _open(journey_id: UUID, kind: str = "wait") -> Journey:
    """Raises `NotFound`, `JourneyNotInThisState`."""
    journey = await journeys.by_id(journey_id)
    if kind not in FORMS:
        raise NotFound
    journey_states.refuse_unless(journey, "steps")
    return journey


async def _save(
    request: Request[Any, Any, Any], journey: Journey, kind: str, step: JourneyStep | None
) -> Response[Any]:
    """Or, as the button says, only look at an e-mail or send it to oneself."""
    known = await choices_with(step.segment if step and step.segment else None) if kind == "condition" else None
    form = await FORMS[kind].read(request, choices=known)
    if isinstance(form, EmailStepForm):
        await form.look_over()
        if await only_looks(request):
            return await _page(request, journey, form, kind, step, test="test" in await read_body(request))
    if not form.is_valid:
        return await _page(request, journey, form, kind, step)
    by, version = person_id_of(request), form.version
    try:
        if step is None:
            await step_editing.add(journey.id, form.step, version=version, by=by)
        else:
            await step_editing.change(journey.id, step.id, form.step, version=version, by=by)
    except (JourneyChanged, JourneyNotInThisState, TooManySteps) as refusal:
        form.refuse(None, str(refusal))
        return await _page(request, journey, form, kind, step, status=refusal.status)
    return with_notice(see_other(f"{LIST}/{journey.id}"), "Saved.")


async def _page(
    request: Request[Any, Any, Any], journey: Journey, form: StepForm, kind: str, step: JourneyStep | None, *,
    test: bool = False, status: int = 0,
) -> Response[Any]:  # fmt: skip
    look = await look_at(request, form, test=test) if isinstance(form, EmailStepForm) else None
    there = f"{LIST}/{journey.id}/steps"
    view = JourneyStepPage(
        journey=journey,
        form=form,
        step_kind=kind,
        head=f"{'Edit' if step else 'Add'}: {KINDS[kind]}",
        action=f"{there}/{step.id}" if step else f"{there}/new/{kind}",
        look=look,
        can_send=mailbox.can_send(),
        may_see_customers=visitor_of(request).may("members"),
        placeholders=placeholder_lines() if look else (),
    )
    response = page(request, view, status=status or (look.status if look else 0) or (200 if form.is_valid else 422))
    if look and look.email:
        response.headers["Content-Security-Policy"] = content_policy.around(look.email.html)
    return response
