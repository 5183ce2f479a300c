"""Whether what a journey has written may still be handed over: it may have waited, paused or for the mail server."""

from datetime import timedelta
from uuid import UUID

from components.campaigns.journeys import journey_conditions, journey_emails
from components.campaigns.journeys.tables import Journey, JourneyStep
from components.foundation import clock
from components.messaging import email_outbox

LATE = "It would have come too late."
UNFIT = "What began it was no longer so before it could be sent."


async def refusal(email_id: str, journey_id: str) -> str:
    """Why it is not to go any more, in words; "" where it may, or is already with the mail server."""
    email = await email_outbox.waiting(UUID(email_id))
    journey = await Journey.objects().where(Journey.id == UUID(journey_id)).first()
    if email is None or journey is None:
        return ""
    step_id, entry_id = journey_emails.of_key(email.key)
    step = await JourneyStep.objects().where(JourneyStep.id == step_id).first()
    if step is not None and clock.now() - email.created_at > timedelta(days=step.late_days):
        return LATE
    return "" if await journey_conditions.still_fitting(journey, [entry_id]) else UNFIT
