"""Handing over what a campaign or journey has written: as long as it is under way, and no more than can go soon."""

from uuid import UUID

from components.campaigns.journeys import journey_delivery
from components.campaigns.journeys.tables import Journey
from components.campaigns.tables import Campaign
from components.foundation import database, jobs
from components.messaging import mail_server, smtp
from components.messaging.mail_server import SendingPaused

TASK = "send_campaign_email"
MOST_WAITING = 2_000
"""So many of all that are under way may wait to be handed over; before more are written, some have to go."""
HELD_SECONDS = 900.0
CLOSED = "The campaign was closed before it could be sent."
ENDED = "The journey was ended before it could be sent."


class CampaignStopped(SendingPaused):
    """Its e-mails wait until it is resumed or closed, which wakes them."""

    def __init__(self, what: str) -> None:
        super().__init__(HELD_SECONDS)
        self.args = (f"its {what} is stopped",)


async def deliver(email_id: str, campaign_id: str = "", journey_id: str = "") -> None:
    """Raises `NotSent`, to be tried again. Its campaign or journey is asked in the last moment before."""
    what = "campaign" if campaign_id else "journey"
    if campaign_id or journey_id:
        state = await _state(UUID(campaign_id or journey_id), Journey if journey_id else Campaign)
        if state in ("stopped", "paused"):
            raise CampaignStopped(what)
        if state in (None, "sent", "ended"):
            await smtp.give_up(email_id, CLOSED if campaign_id else ENDED)
            return
    if journey_id and (words := await journey_delivery.refusal(email_id, journey_id)):
        await smtp.give_up(email_id, words)
        return
    await smtp.deliver(email_id)


async def _state(id: UUID, table: type[Campaign] | type[Journey]) -> str | None:
    found = await table.select(table.state).where(table.id == id).first()
    return found["state"] if found else None


async def has_room() -> bool:
    """Whether more may be written: sending is not paused here, and few enough wait."""
    if mail_server.seconds_paused(is_marketing=True):
        return False
    room = MOST_WAITING
    for argument, sql in _UNDER_WAY.items():
        under_way = await database.fetch_values(sql)
        room -= await jobs.unsettled_of(TASK, argument, under_way, most=room) if room else 0
    return room > 0


_UNDER_WAY = {
    "campaign_id": "SELECT id::text FROM campaign WHERE state = 'sending'",
    "journey_id": "SELECT id::text FROM journey WHERE state = 'running'",
}
"""What waits of those that are stopped or paused cannot go, and holds up nobody else."""


async def waiting(**of: str) -> int:
    """How many of one campaign or journey are written and not handed over."""
    return await jobs.unsettled(TASK, most=None, **of)


async def wake(**of: str) -> None:
    """Those that wait because it was stopped are looked at now."""
    await jobs.wake(TASK, **of)
