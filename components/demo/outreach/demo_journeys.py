"""Kiln's journeys: one that has been running for weeks, with its steps walked day by day, and one being written."""

from datetime import datetime, timedelta
from uuid import UUID

from components.campaigns.journeys import journey_walking, journeys
from components.campaigns.journeys.journeys import JourneyDraft
from components.foundation import clock

RUNNING_DAYS = 40


async def tell(today: datetime, *, by: UUID) -> None:
    """Looked at once a day since it was started."""
    began = (today - timedelta(days=RUNNING_DAYS)).replace(hour=8, minute=0, second=0)
    with clock.frozen(began - timedelta(days=1)):
        made = await journeys.create("lapsed", by=by)
        draft = JourneyDraft(name="Come back", entry="lapsed", days=7, holdout=10)
        await journeys.edit(made.id, draft, version=made.version, by=by)
    with clock.frozen(began):
        await journeys.start(made.id, by=by)
    for day in range(1, RUNNING_DAYS):
        with clock.frozen(began + timedelta(days=day)):
            await journey_walking.walk(str(made.id))
    with clock.frozen(today - timedelta(days=1)):
        await journeys.create("unused", by=by)
