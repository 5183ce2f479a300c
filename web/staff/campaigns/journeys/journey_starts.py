"""Starting a journey with those it has happened to already: asked first, with how many get how many e-mails."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.campaigns.journeys import journey_reach, journey_states, journeys, step_editing
from components.campaigns.journeys.journey_occasions import OCCASIONS
from components.campaigns.journeys.journey_paths import steps_of
from components.campaigns.journeys.journey_reach import JourneyReach
from components.campaigns.journeys.journeys import ON_ONE_DAY
from components.campaigns.journeys.tables import Journey, JourneyStep
from components.consents.consent_words import KINDS
from components.foundation.refusals import Refusal
from components.messaging import mailbox
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.staff.campaigns.campaign_forms import SendNowForm
from web.views import View, page

NOBODY = "It has happened to nobody who agreed so far. Start it without them."
ALL_HELD_BACK = "Everybody it has happened to would be held back to compare, and get nothing. Start it without them."
STARTED = "Started. Whoever it has happened to already is let in within minutes, and from now on everybody else."


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailCount:
    """The e-mails of all steps, and of them those before the first wait; `is_at_most`: conditions keep some back."""

    all: int
    at_once: int
    is_at_most: bool


@dataclass(frozen=True, kw_only=True)
class JourneyStartPage(View):
    template: ClassVar[str] = "staff/journeys/starting.html"
    form: SendNowForm
    journey: Journey
    begins: str
    kind: str
    reach: JourneyReach | None
    emails: EmailCount
    can_send: bool


class StaffJourneyStartsController(Controller):
    path = "/staff/journeys/{journey_id:uuid}/start-with-all"
    guards = [staff("campaigns")]

    @get()
    async def ask(self, request: Request[Any, Any, Any], journey_id: FromPath[UUID]) -> Response[Any]:
        """Whether they are let in too, how many they are, and what they get."""
        journey = await journeys.by_id(journey_id)
        journey_states.refuse_unless(journey, "start")
        there, reach = see_other(f"/staff/journeys/{journey_id}"), await journey_reach.reach_soon(journey)
        if trouble := await step_editing.trouble(journey):
            return with_refusal(there, trouble)
        if words := _nobody(journey, reach):
            return with_refusal(there, words)
        view = JourneyStartPage(
            form=SendNowForm.blank(version=journey.version),
            journey=journey,
            begins=OCCASIONS[journey.entry].sentence(journey.days),
            kind=KINDS[journey.kind],
            reach=reach,
            emails=emails_of(await steps_of(journey_id)),
            can_send=mailbox.can_send(),
        )
        return page(request, view)

    @post()
    async def start(self, request: Request[Any, Any, Any], journey_id: FromPath[UUID]) -> Response[Any]:
        form, there = await SendNowForm.read(request), see_other(f"/staff/journeys/{journey_id}")
        try:
            await journeys.start_with_all(journey_id, version=form.version, by=person_id_of(request))
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            return with_refusal(there, str(refusal))
        return with_notice(there, STARTED)


def _nobody(journey: Journey, reach: JourneyReach | None) -> str:
    """Why there is nobody to let in, if that is so."""
    if not journey_reach.may_let_in(journey):
        return ON_ONE_DAY
    if reach is None or reach.gets:
        return ""
    return ALL_HELD_BACK if reach.there else NOBODY


def emails_of(steps: list[JourneyStep]) -> EmailCount:
    waits = [number for number, one in enumerate(steps) if one.hours]
    first = waits[0] if waits else len(steps)
    return EmailCount(
        all=sum(one.kind == "email" for one in steps),
        at_once=sum(one.kind == "email" for one in steps[:first]),
        is_at_most=any(one.kind == "condition" for one in steps),
    )
