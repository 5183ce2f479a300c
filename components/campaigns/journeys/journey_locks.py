"""Taking a journey to change it: whoever comes second waits, then is told."""

from uuid import UUID

from components.campaigns.journeys import journey_states
from components.campaigns.journeys.tables import Journey
from components.foundation import database
from components.foundation.refusals import NotFound, Refusal


class JourneyChanged(Refusal):
    message = "Someone else changed this journey meanwhile. Nothing was saved: please look at it again."
    status = 409


async def take(journey_id: UUID, action: str, *, version: int | None = None) -> Journey:
    """Within a transaction. Raises `NotFound`, `JourneyNotInThisState`, `JourneyChanged`."""
    found = await database.locked(Journey, Journey.id == journey_id)
    if found is None:
        raise NotFound("There is no such journey.")
    journey_states.refuse_unless(found, action)
    if version is not None and found.version != version:
        raise JourneyChanged
    return found
