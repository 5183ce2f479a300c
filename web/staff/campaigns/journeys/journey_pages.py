"""Journeys in the staff area: listed, begun from a ready one, started and stopped, and what came of them."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.campaigns import audience, campaign_answers
from components.campaigns.campaign_answers import Answers
from components.campaigns.campaign_results import Results
from components.campaigns.journeys import journey_progress, journey_reach, journey_results, journey_states, journeys
from components.campaigns.journeys.journey_locks import JourneyChanged
from components.campaigns.journeys.journey_occasions import OCCASIONS, Occasion
from components.campaigns.journeys.journey_paths import steps_of
from components.campaigns.journeys.journey_progress import WORDS, JourneyProgress
from components.campaigns.journeys.journey_reach import JourneyReach
from components.campaigns.journeys.journey_states import STATES, JourneyNotInThisState
from components.campaigns.journeys.journeys import JourneyListPage
from components.campaigns.journeys.tables import Journey
from components.consents.consent_words import KINDS
from components.foundation.refusals import NotFound, Refusal
from web.current_person import person_id_of
from web.forms.sending import read_body
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice, with_refusal
from web.staff.campaigns import result_words
from web.staff.campaigns.campaign_forms import choices_with
from web.staff.campaigns.journeys import step_words
from web.staff.campaigns.journeys.journey_forms import JourneyForm, filled
from web.staff.campaigns.journeys.step_words import StepLine
from web.staff.campaigns.result_words import NOBODY_HELD_YET, ResultRow
from web.views import View, page, visitor_of

LIST = "/staff/journeys"
LOOKS = {"draft": "plain", "running": "good", "paused": "bad", "ended": "plain"}


@dataclass(frozen=True, kw_only=True)
class JourneysPage(View):
    template: ClassVar[str] = "staff/journeys/index.html"
    listed: JourneyListPage
    states: dict[str, str]
    looks: dict[str, str]
    occasions: dict[str, Occasion]
    pages: Pager


@dataclass(frozen=True, kw_only=True)
class JourneyPage(View):
    """`left`: at steps that were removed since, in words, how many. `reach`: who is there already, of a draft."""

    template: ClassVar[str] = "staff/journeys/show.html"
    journey: Journey
    kind: str
    state: str
    look: str
    occasion: Occasion
    begins: str
    who: str
    progress: JourneyProgress
    steps: tuple[StepLine, ...]
    left: tuple[tuple[str, int], ...]
    results: Results | None
    rows: tuple[ResultRow, ...]
    says: str
    answers: Answers | None
    may: frozenset[str]
    may_see_customers: bool
    reach: JourneyReach | None
    before: str


@dataclass(frozen=True, kw_only=True)
class JourneyEditorPage(View):
    template: ClassVar[str] = "staff/journeys/edit.html"
    form: JourneyForm
    journey: Journey
    occasions: dict[str, Occasion]


class StaffJourneysController(Controller):
    path = LIST
    guards = [staff("campaigns")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        listed = await journeys.page(page_asked(request))
        pages = Pager(page=listed.page, pages=listed.pages, path=LIST)
        view = JourneysPage(listed=listed, states=STATES, looks=LOOKS, occasions=OCCASIONS, pages=pages)
        return page(request, view)

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """A draft of the ready one that was chosen."""
        entry = (await read_body(request)).get("entry") or ""
        if entry not in OCCASIONS:
            return with_refusal(see_other(LIST), "Choose what the journey begins with.")
        made = await journeys.create(str(entry), by=person_id_of(request))
        words = "This is a draft. Nothing is sent until you start it."
        if made.name != (title := OCCASIONS[made.entry].title):
            words = f"There is a journey “{title}” already, so this one is called “{made.name}”. {words}"
        return with_notice(see_other(f"{LIST}/{made.id}"), words)

    @get("/{journey_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], journey_id: FromPath[UUID]) -> Response[Any]:
        return await _shown(request, await journeys.by_id(journey_id))

    @get("/{journey_id:uuid}/edit")
    async def edit(self, request: Request[Any, Any, Any], journey_id: FromPath[UUID]) -> Response[Any]:
        journey = await journeys.by_id(journey_id)
        journey_states.refuse_unless(journey, "edit")
        form = filled(journey, await choices_with(journey.segment or None))
        return page(request, JourneyEditorPage(form=form, journey=journey, occasions=OCCASIONS))

    @post("/{journey_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], journey_id: FromPath[UUID]) -> Response[Any]:
        journey = await journeys.by_id(journey_id)
        form, status = await JourneyForm.read(request, choices=await choices_with(journey.segment or None)), 422
        if form.is_valid:
            try:
                await journeys.edit(journey_id, form.draft, version=form.version, by=person_id_of(request))
                return with_notice(see_other(f"{LIST}/{journey_id}"), "Saved.")
            except (JourneyChanged, JourneyNotInThisState) as refusal:
                form.refuse(None, str(refusal))
                status = refusal.status
        view = JourneyEditorPage(form=form, journey=journey, occasions=OCCASIONS)
        return page(request, view, status=status)

    @post("/{journey_id:uuid}/{act:str}")
    async def act(
        self, request: Request[Any, Any, Any], journey_id: FromPath[UUID], act: FromPath[str]
    ) -> Response[Any]:
        """Whatever takes nothing but a button: see `ACTS`."""
        if act not in ACTS:
            raise NotFound
        verb, words = ACTS[act]
        try:
            made = await verb(journey_id, by=person_id_of(request))
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            return with_refusal(see_other(f"{LIST}/{journey_id}"), str(refusal))
        there = LIST if act == "deletion" else f"{LIST}/{made.id if made else journey_id}"
        return with_notice(see_other(there), words)


ACTS: dict[str, tuple[Any, str]] = {
    "start": (journeys.start, "Started. From now on everybody it happens to enters it; who was there before does not."),
    "pause": (journeys.pause, "Paused. Nobody enters or goes on until you resume."),
    "resume": (journeys.resume, "It goes on. What is too late by now is left out."),
    "end": (journeys.end, "Ended. Nobody gets anything more."),
    "copy": (journeys.copy, "This is a copy, as a draft."),
    "deletion": (journeys.delete, "Draft deleted."),
}


async def _shown(request: Request[Any, Any, Any], journey: Journey) -> Response[Any]:
    steps, occasion = await steps_of(journey.id), OCCASIONS[journey.entry]
    progress = await journey_progress.progress(journey.id, steps)
    results = await journey_results.results(journey)
    view = JourneyPage(
        journey=journey,
        kind=KINDS[journey.kind],
        state=STATES[journey.state],
        look=LOOKS[journey.state],
        occasion=occasion,
        begins=occasion.sentence(journey.days),
        who=await audience.sentence(journey.segment) if journey.segment else "",
        progress=progress,
        steps=await step_words.lines(steps, progress.steps),
        left=tuple((WORDS[one], many) for one, many in progress.left_elsewhere.items()),
        results=results,
        rows=result_words.rows(results) if results else (),
        says=result_words.sentence(results, nobody_held=NOBODY_HELD_YET) if results else "",
        answers=await campaign_answers.of_journey(journey.id, journey.kind) if results else None,
        may=frozenset(one for one in journey_states.MAY if journey_states.may(journey, one)),
        may_see_customers=visitor_of(request).may("members"),
        reach=await journey_reach.reach_soon(journey) if journey.state == "draft" else None,
        before=_before(journey),
    )
    return page(request, view)


def _before(journey: Journey) -> str:
    """What becomes of those it had happened to by then: it is chosen when a journey starts."""
    if journey.lets_in and journey.state in ("running", "paused"):
        return "Whoever it had happened to before is let in too, within minutes while it is running."
    if journey.state != "draft":
        return "What happens while it is paused brings nobody in."
    if journey_reach.may_let_in(journey):
        return (
            "What happened before you start it brings somebody in only if you let them in when you start; what happens "
            "while it is paused brings nobody in."
        )
    return "What happened before you start it, or while it is paused, brings nobody in."
