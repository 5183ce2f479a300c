"""The customers of a journey, one by one: where each is, with a link to their page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.params import FromPath

from components.campaigns.journeys import journey_people, journey_progress, journeys
from components.campaigns.journeys.journey_paths import steps_of
from components.campaigns.journeys.journey_people import JourneyWalk
from components.campaigns.journeys.journey_progress import WORDS
from components.campaigns.journeys.tables import Journey
from components.people import customer_accounts
from web.guards import staff
from web.pager import Pager, page_asked
from web.staff.campaigns.journeys import step_words
from web.views import View, page


@dataclass(frozen=True, slots=True)
class WalkerLine:
    """`until`: when they go on from where they are."""

    person: UUID
    name: str
    entered_at: datetime
    where: str
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class JourneyWalkersPage(View):
    template: ClassVar[str] = "staff/journeys/people.html"
    journey: Journey
    walkers: tuple[WalkerLine, ...]
    total: int
    pages: Pager


class StaffJourneyWalkersController(Controller):
    path = "/staff/journeys/{journey_id:uuid}/people"
    guards = [staff("campaigns"), staff("members")]

    @get()
    async def index(self, request: Request[Any, Any, Any], journey_id: FromPath[UUID]) -> Response[Any]:
        journey = await journeys.by_id(journey_id)
        found = await journey_people.page(journey_id, page_asked(request))
        steps = await steps_of(journey_id)
        counts = (await journey_progress.progress(journey_id, steps)).steps
        titles = {one.id: one.title for one in await step_words.lines(steps, counts)}
        names = await customer_accounts.named({one.person for one in found.walks})
        walkers = tuple(
            WalkerLine(
                one.person,
                names.get(one.person, "Somebody who was deleted"),
                one.entered_at,
                _where(one, titles, has_ended=journey.state == "ended"),
                one.due_at if journey.state == "running" else None,
            )
            for one in found.walks
        )
        pages = Pager(page=found.page, pages=found.pages, path=f"/staff/journeys/{journey_id}/people")
        return page(request, JourneyWalkersPage(journey=journey, walkers=walkers, total=found.total, pages=pages))


def _where(one: JourneyWalk, titles: dict[UUID, str], *, has_ended: bool) -> str:
    if one.is_holdout:
        return "Held back to compare: gets nothing"
    if one.outcome:
        return WORDS[one.outcome]
    at = titles.get(one.step, "a step that is gone") if one.step else "the beginning"
    return f"Was on their way when it ended: {at}" if has_ended else f"On their way: {at}"
