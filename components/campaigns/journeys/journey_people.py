"""Who is in a journey, and where each of them is: whoever entered last comes first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.campaigns.journeys.tables import JourneyEntry
from components.foundation import paging

PAGE = 50


@dataclass(frozen=True, slots=True)
class JourneyWalk:
    """`outcome` is "" of those on their way, at `step` until `due_at`, and of those held back."""

    person: UUID
    entered_at: datetime
    is_holdout: bool
    step: UUID | None
    due_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class JourneyWalks:
    walks: tuple[JourneyWalk, ...]
    total: int
    page: int
    pages: int


async def page(journey_id: UUID, number: int = 1) -> JourneyWalks:
    is_theirs = JourneyEntry.journey == journey_id
    total = int(await JourneyEntry.count().where(is_theirs))
    number = paging.within(number, total, PAGE)
    rows = JourneyEntry.select(
        JourneyEntry.person, JourneyEntry.entered_at, JourneyEntry.is_holdout, JourneyEntry.step, JourneyEntry.due_at,
        JourneyEntry.outcome,
    )  # fmt: skip
    rows = rows.where(is_theirs).order_by(JourneyEntry.entered_at, JourneyEntry.id, ascending=False)
    found = await rows.limit(PAGE).offset((number - 1) * PAGE)
    return JourneyWalks(tuple(JourneyWalk(**row) for row in found), total, number, paging.last(total, PAGE))
