"""Going on with a journey: whoever is due does the step they are at, lot by lot, whatever is killed.

A lot is one transaction: it holds the journey as it is, takes entries that nobody else has, and their addresses, and
stores e-mails, what became of them and where everybody goes on together. Cut off, all of it is as before. The key of
an e-mail is its step and entry, so that none is written twice, however the steps are moved.
"""

import time
from uuid import UUID

import structlog

from components.campaigns import campaign_delivery
from components.campaigns.journeys import journey_conditions, journey_emails, journey_entering, journey_states
from components.campaigns.journeys.journey_paths import Path, Walker
from components.campaigns.journeys.tables import Journey
from components.consents.held_contacts import held
from components.foundation import clock, database, jobs
from components.foundation.operations import one_by_one
from components.foundation.refusals import Refusal

TASK = "walk_journey"
LOT = 50
SECONDS = 5.0
"""For so long one job writes, then another goes on: one that is told to end is not cut off."""
NO_SEGMENT = "A segment it asks is gone, archived or no longer holds. Mend it, then resume."
log = structlog.get_logger()


async def start_walking() -> None:
    """Each that runs has a job of its own. Raises `ExceptionGroup`."""
    running = await Journey.select(Journey.id).where(Journey.state == "running").output(as_list=True)
    await one_by_one.each(running, _go_on, what="journey")


async def _go_on(journey_id: UUID) -> None:
    await jobs.defer(TASK, queueing_lock=f"journey:{journey_id}", journey_id=str(journey_id))


async def walk(journey_id: str) -> None:
    """Let in who is to enter and do what is due, until nothing is, or too many e-mails wait for the mail server."""
    id, until = UUID(journey_id), time.monotonic() + SECONDS
    try:
        trouble = await _let_in(id, until)
        await _walk_on(id, until)
    except Refusal as refusal:
        log.warning("a journey was paused", journey=journey_id, trouble=repr(refusal))
        await _pause(id, NO_SEGMENT)
        return
    if trouble is not None:
        raise trouble


async def _let_in(journey_id: UUID, until: float) -> Exception | None:
    """What went wrong: it keeps nobody waiting who is on their way already."""
    try:
        while await journey_entering.enter_lot(journey_id) == journey_entering.LOT:
            if time.monotonic() >= until:
                await _go_on(journey_id)
                return None
        await journey_entering.note_all_in(journey_id)
    except Refusal:
        raise
    except Exception as trouble:
        return trouble
    return None


async def _walk_on(journey_id: UUID, until: float) -> None:
    while await campaign_delivery.has_room() and await _walk_lot(journey_id):
        if time.monotonic() >= until:
            await _go_on(journey_id)
            return


async def _pause(journey_id: UUID, words: str) -> None:
    still = (Journey.id == journey_id) & (Journey.state == "running")
    await Journey.update({Journey.state: "paused", Journey.trouble: words}).where(still)


async def _walk_lot(journey_id: UUID) -> int:
    """How many have done a step."""
    async with database.transaction():
        journey = await journey_entering.held(journey_id)
        if journey is None or not journey_states.may(journey, "walk"):
            return 0
        taken = await database.fetch_as(Walker, _TAKE, journey_id, clock.now(), LOT)
        if not taken:
            return 0
        path = await Path.of(journey_id)
        contacts = await held([one.contact for one in taken if one.contact])
        at: dict[UUID, list[Walker]] = {}
        for one in taken:
            at.setdefault(one.step, []).append(one)
        for step_id, walkers in at.items():
            step = path.step(step_id)
            if step is not None and step.kind == "email":
                await journey_emails.send(journey, step, path, walkers, contacts)
            elif step is not None and step.kind == "condition":
                holding = await journey_conditions.holding(step, [one.id for one in walkers])
                path.leave([one for one in walkers if one.id not in holding], "condition")
                path.go_on([one for one in walkers if one.id in holding])
            else:
                path.go_on(walkers)
        await path.store()
    return len(taken)


# Whose address has agreed to nothing of the kind may have changed it just now: their consent follows, which takes a
# moment. So they wait for an hour; then whoever unsubscribed leaves too.
_TAKE = """
SELECT e.id, e.person, e.step, e.due_at, c.id AS contact, p.id IS NULL AS is_forgotten FROM journey_entry e
JOIN journey j ON j.id = e.journey
LEFT JOIN campaigns_people p ON p.id = e.person AND p.erased_at IS NULL
LEFT JOIN campaigns_contacts c ON c.email = p.email
WHERE e.journey = $1 AND e.outcome = '' AND NOT e.is_holdout AND e.due_at <= $2
  AND (c.agreed @> ARRAY[j.kind] OR p.id IS NULL OR e.due_at <= $2 - interval '1 hour')
ORDER BY e.due_at, e.id LIMIT $3 FOR UPDATE OF e SKIP LOCKED"""
