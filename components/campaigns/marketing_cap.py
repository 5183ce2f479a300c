"""How many marketing e-mails an address had lately, of campaigns and journeys together."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from components.foundation import clock, database


async def had(contacts: Sequence[UUID], *, days: int) -> dict[UUID, int]:
    """By address, where it had any. Whoever asks holds the addresses, so that nothing comes in between."""
    return dict(await database.fetch_rows(_HAD, list(contacts), clock.now() - timedelta(days=days)))


_HAD = """
SELECT contact, count(*) FROM (
  SELECT contact FROM campaign_recipient WHERE contact = ANY($1) AND outcome = 'written' AND settled_at > $2
  UNION ALL SELECT contact FROM journey_send WHERE contact = ANY($1) AND outcome = 'written' AND at > $2) had
GROUP BY contact"""
