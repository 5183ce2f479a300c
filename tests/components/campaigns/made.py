"""Campaigns and those who agreed, for tests."""

from datetime import timedelta
from uuid import UUID

from components.campaigns import campaign_progress, campaign_sending, campaigns
from components.campaigns.campaigns import CampaignDraft
from components.campaigns.tables import Campaign
from components.consents import consents
from components.foundation import clock, database
from tests.support import people

BODY = """# Hello{if name} {name}{end}

{if member}
You have saved **{saved}**.
{end}

[See what is new]({link})
"""
DRAFT = CampaignDraft(
    name="Spring sale", subject="News for {name}", preheader="All of spring", body=BODY, link="/products"
)


async def owner() -> UUID:
    return (await people.owner()).id


async def agreed(count: int, *, prefix: str = "guest") -> list[str]:
    """Guests who agreed, all at once."""
    emails = [f"{prefix}{number}@kiln.test" for number in range(count)]
    for email in emails:
        await consents.agree(email, ("news",), how="checkout")
    return emails


async def scheduled(draft: CampaignDraft = DRAFT, *, by: UUID) -> Campaign:
    made = await campaigns.create(draft, by=by)
    await campaigns.schedule(made.id, at=clock.now(), version=1, by=by)
    return made


async def tick() -> None:
    """What the clock and the jobs do in one minute."""
    await campaign_sending.start_due()
    for id in await database.fetch_values("SELECT id FROM campaign WHERE state = 'sending'"):
        await campaign_sending.send(str(id))


async def minutes(count: int) -> None:
    for _ in range(count):
        clock.set_everywhere(clock.now() + timedelta(minutes=1))
        await tick()


async def outcomes(campaign: Campaign) -> dict[str, int]:
    return (await campaign_progress.progress(campaign.id)).by_outcome


async def written() -> list[str]:
    """To whom, sorted."""
    return sorted(await database.fetch_values("SELECT recipient FROM email WHERE template = 'campaign'"))


async def state(campaign: Campaign) -> str:
    return (await campaigns.by_id(campaign.id)).state
