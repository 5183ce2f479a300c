"""Who gets a campaign: those who agreed to its kind, of its segment if it has one."""

from components.campaigns.tables import Campaign
from components.foundation import database


async def trouble(campaign: Campaign) -> str:
    """Why nobody can be chosen, in words; "" where they can."""
    return ""


async def count(campaign: Campaign) -> int:
    """How many would get it now, the holdout included."""
    return int(await database.fetch_value(_COUNT, campaign.kind))


async def fix(campaign: Campaign) -> int:
    """Write them down, all in one statement; the holdout by a hash, so that trying again draws the same."""
    return await database.execute(_FIX, campaign.id, campaign.kind, campaign.holdout)


_COUNT = "SELECT count(*) FROM campaigns_contacts WHERE agreed @> ARRAY[$1]::varchar[] AND unreachable_at IS NULL"

_FIX = """
INSERT INTO campaign_recipient (id, campaign, contact, person, is_holdout, outcome)
SELECT gen_random_uuid(), $1, m.id, p.id,
  ('x' || substr(md5($1::text || m.id::text), 1, 8))::bit(32)::bigint % 100 < $3, ''
FROM campaigns_contacts m LEFT JOIN campaigns_people p ON p.email = m.email AND p.erased_at IS NULL
WHERE m.agreed @> ARRAY[$2]::varchar[] AND m.unreachable_at IS NULL
ON CONFLICT (campaign, contact) DO NOTHING"""
