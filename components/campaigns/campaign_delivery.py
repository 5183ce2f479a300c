"""Handing over what a campaign has written: as long as it is under way, and no more of it than can go soon."""

from uuid import UUID

from components.campaigns.tables import Campaign
from components.foundation import jobs
from components.messaging import mail_server, smtp
from components.messaging.mail_server import SendingPaused

TASK = "send_campaign_email"
MOST_WAITING = 2_000
"""So many of all campaigns may wait to be handed over; before more are written, some of them have to go."""
HELD_SECONDS = 900.0
CLOSED = "The campaign was closed before it could be sent."


class CampaignStopped(SendingPaused):
    """Its e-mails wait until it is resumed or closed, which wakes them."""

    def __init__(self) -> None:
        super().__init__(HELD_SECONDS)
        self.args = ("its campaign is stopped",)


async def deliver(email_id: str, campaign_id: str = "") -> None:
    """Raises `NotSent`, to be tried again. Its campaign is asked in the last moment before."""
    if campaign_id:
        found = await Campaign.select(Campaign.state).where(Campaign.id == UUID(campaign_id)).first()
        if found and found["state"] == "stopped":
            raise CampaignStopped
        if not found or found["state"] == "sent":
            await smtp.give_up(email_id, CLOSED)
            return
    await smtp.deliver(email_id)


async def has_room() -> bool:
    """Whether more may be written: sending is not paused here, and few enough wait."""
    if mail_server.seconds_paused(is_marketing=True):
        return False
    return await jobs.unsettled(TASK, most=MOST_WAITING) < MOST_WAITING


async def waiting(campaign_id: UUID) -> int:
    """How many are written and not handed over."""
    return await jobs.unsettled(TASK, campaign_id=str(campaign_id))


async def wake(campaign_id: UUID) -> None:
    """Those that wait because it was stopped are looked at now."""
    await jobs.wake(TASK, campaign_id=str(campaign_id))
