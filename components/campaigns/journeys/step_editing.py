"""The steps of a journey, changed while it is written and while people walk it.

Whoever stands at a step that is removed goes on at once with what comes after it; whoever waits keeps the time they
were given, however the wait is changed; words that are changed hold for whoever has not had that e-mail; and after a
step was moved everybody goes on from where they are, and has no e-mail twice.
"""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.campaigns import audience, campaign_email
from components.campaigns.campaign_email import CampaignWords
from components.campaigns.journeys import journey_locks
from components.campaigns.journeys.journey_paths import steps_of
from components.campaigns.journeys.ready_made import ReadyStep
from components.campaigns.journeys.tables import Journey, JourneyEntry, JourneyStep
from components.foundation import audit, clock, database, ids
from components.foundation.refusals import NotFound, Refusal

MOST = 20


class TooManySteps(Refusal):
    message = f"A journey has at most {MOST} steps."


async def trouble(journey: Journey) -> str:
    """Why it cannot run, in words; "" where it can."""
    steps = await steps_of(journey.id)
    if not any(one.kind == "email" for one in steps):
        return "Add an e-mail first: without one the journey does nothing."
    for number, one in enumerate(steps, 1):
        if one.kind == "email":
            words = CampaignWords(subject=one.subject, body=one.body, preheader=one.preheader)
            if found := await campaign_email.troubles(words):
                return f"Step {number}: {next(iter(found.values()))}"
    for segment in [journey.segment, *(one.segment for one in steps)]:
        if segment and (words_about := await audience.trouble_of(segment)):
            return words_about
    return ""


async def step_by_id(journey_id: UUID, step_id: UUID) -> JourneyStep:
    """Raises `NotFound`, also for one that was removed."""
    found = [one for one in await steps_of(journey_id) if one.id == step_id]
    if not found:
        raise NotFound("There is no such step.")
    return found[0]


async def add(journey_id: UUID, step: ReadyStep, *, version: int, by: UUID) -> UUID:
    """At the end. Raises `NotFound`, `JourneyNotInThisState`, `JourneyChanged`, `TooManySteps`."""
    async with database.transaction():
        await journey_locks.take(journey_id, "steps", version=version)
        there = await steps_of(journey_id)
        if len(there) >= MOST:
            raise TooManySteps
        row = JourneyStep(
            id=ids.new(), journey=journey_id, position=there[-1].position + 1 if there else 0, **asdict(step)
        )
        await JourneyStep.insert(row)
        await _noted(journey_id, f"added: {step.kind}", by=by)
    return row.id


async def change(journey_id: UUID, step_id: UUID, step: ReadyStep, *, version: int, by: UUID) -> None:
    """Its kind stays. Raises `NotFound`, `JourneyNotInThisState`, `JourneyChanged`."""
    async with database.transaction():
        await journey_locks.take(journey_id, "steps", version=version)
        found = await step_by_id(journey_id, step_id)
        values: dict[Column | str, Any] = dict((asdict(step) | {"kind": found.kind}).items())
        await JourneyStep.update(values).where(JourneyStep.id == step_id)
        await _noted(journey_id, f"changed: {found.kind}", by=by)


async def move(journey_id: UUID, step_id: UUID, *, up: int, version: int, by: UUID) -> None:
    """By so many places, towards the beginning. Raises as `change` does."""
    async with database.transaction():
        await journey_locks.take(journey_id, "steps", version=version)
        order = [one.id for one in await steps_of(journey_id)]
        if step_id not in order:
            raise NotFound("There is no such step.")
        place = order.index(step_id)
        order.insert(max(0, place - up), order.pop(place))
        await database.execute(_ORDER, order, list(range(len(order))))
        await _noted(journey_id, "moved", by=by)


async def remove(journey_id: UUID, step_id: UUID, *, version: int, by: UUID) -> None:
    """Whoever stands there goes on at once. Raises as `change` does."""
    async with database.transaction():
        await journey_locks.take(journey_id, "steps", version=version)
        steps = await steps_of(journey_id)
        step = await step_by_id(journey_id, step_id)
        following = next((one for one in steps if one.position > step.position), None)
        await JourneyStep.update({JourneyStep.removed_at: clock.now()}).where(JourneyStep.id == step_id)
        if following:
            due = clock.now() + timedelta(hours=following.hours)
            then: dict[Column | str, Any] = {JourneyEntry.step: following.id, JourneyEntry.due_at: due}
        else:
            then = {
                JourneyEntry.step: None, JourneyEntry.due_at: None, JourneyEntry.outcome: "finished",
                JourneyEntry.settled_at: clock.now(),
            }  # fmt: skip
        await JourneyEntry.update(then).where((JourneyEntry.step == step_id) & (JourneyEntry.outcome == ""))
        await _noted(journey_id, f"removed: {step.kind}", by=by)


async def _noted(journey_id: UUID, what: str, *, by: UUID) -> None:
    await Journey.update({Journey.version: Journey.version + 1}).where(Journey.id == journey_id)
    await audit.record(by, "journey changed", "journey", journey_id, after={"step": what})


_ORDER = """
UPDATE journey_step s SET position = new.position FROM unnest($1::uuid[], $2::int[]) AS new(id, position)
WHERE s.id = new.id"""
