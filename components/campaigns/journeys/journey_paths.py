"""The steps of a journey, and where those who have just done one go on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.campaigns.journeys.tables import JourneyStep
from components.foundation import clock, database


@dataclass(frozen=True, slots=True)
class Walker:
    """One who is due. `contact`: the address they have now, if it was ever asked."""

    id: UUID
    person: UUID
    step: UUID
    due_at: datetime
    contact: UUID | None
    is_forgotten: bool


@dataclass(frozen=True, slots=True)
class _Place:
    step: UUID | None
    due_at: datetime | None
    outcome: str = ""


class Path:
    """Kept while one lot is walked, then stored at once."""

    def __init__(self, steps: list[JourneyStep]) -> None:
        self._steps = {one.id: one for one in steps}
        self._ids = [one.id for one in steps]
        self._places: dict[UUID, _Place] = {}

    @classmethod
    async def of(cls, journey_id: UUID) -> "Path":
        return cls(await steps_of(journey_id))

    def step(self, step_id: UUID) -> JourneyStep | None:
        return self._steps.get(step_id)

    def go_on(self, walkers: list[Walker], *, from_now: bool = False) -> None:
        """To the next step, from when the last one was due: what was late makes nothing else late. After an e-mail has
        been sent, from now: else two would come close together."""
        for one in walkers:
            place = self._ids.index(one.step) + 1 if one.step in self._steps else len(self._ids)
            if place >= len(self._ids):
                self._places[one.id] = _Place(None, None, "finished")
                continue
            following = self._steps[self._ids[place]]
            begun = clock.now() if from_now else one.due_at
            self._places[one.id] = _Place(following.id, begun + timedelta(hours=following.hours))

    def leave(self, walkers: list[Walker], why: str) -> None:
        """At the step at which they are."""
        for one in walkers:
            self._places[one.id] = _Place(one.step, None, why)

    async def store(self) -> None:
        places = list(self._places.values())
        await database.execute(
            _STORE, list(self._places), [one.step for one in places], [one.due_at for one in places],
            [one.outcome for one in places], clock.now(),
        )  # fmt: skip


async def steps_of(journey_id: UUID) -> list[JourneyStep]:
    """Those that are not removed, in their order."""
    there = (JourneyStep.journey == journey_id) & JourneyStep.removed_at.is_null()
    return await JourneyStep.objects().where(there).order_by(JourneyStep.position)


_STORE = """
UPDATE journey_entry e SET step = new.step, due_at = new.due_at, outcome = new.outcome,
  settled_at = CASE WHEN new.outcome <> '' THEN $5::timestamptz END
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[]) AS new(id, step, due_at, outcome)
WHERE e.id = new.id"""
