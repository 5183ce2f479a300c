"""What came back from those who were written to, in the 14 days after each e-mail: who unsubscribed, whose mail came
back, who called it spam. Which e-mail led to it nobody knows: somebody who had several counts for each.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from components.campaigns.campaign_results import DAYS
from components.foundation import clock, database

MONTHS = timedelta(days=365)
"""What a journey sent before is not looked at."""


@dataclass(frozen=True, slots=True)
class Answers:
    """People. Who called it spam has not also unsubscribed."""

    unsubscribed: int = 0
    came_back: int = 0
    complained: int = 0


async def of_campaign(campaign_id: UUID, kind: str) -> Answers:
    return await _of(_CAMPAIGN, campaign_id, kind)


async def of_journey(journey_id: UUID, kind: str) -> Answers:
    return await _of(_JOURNEY, journey_id, kind)


async def _of(written: str, id: UUID, kind: str) -> Answers:
    sql, since = _ANSWERS.replace("{written}", written), clock.now() - MONTHS
    found = await database.fetch_one_as(Answers, sql, id, kind, timedelta(days=DAYS), since)
    return found or Answers()


_CAMPAIGN = """SELECT contact, settled_at AS at FROM campaign_recipient
  WHERE campaign = $1 AND outcome = 'written' AND $4::timestamptz IS NOT NULL"""
_JOURNEY = """SELECT s.contact, s.at FROM journey_step t JOIN journey_send s ON s.step = t.id
  WHERE t.journey = $1 AND s.outcome = 'written' AND s.at >= $4"""
_ANSWERS = """
SELECT count(DISTINCT w.contact) FILTER (WHERE EXISTS (
    SELECT FROM campaigns_consent_changes c WHERE c.contact = w.contact AND c.kind = $2 AND c.state = 'withdrawn'
      AND c.how NOT IN ('complaint', 'new address', 'import undone') AND c.at >= w.at AND c.at < w.at + $3::interval))
    AS unsubscribed,
  count(DISTINCT w.contact) FILTER (WHERE m.unreachable_why = 'bounce' AND m.unreachable_at >= w.at
    AND m.unreachable_at < w.at + $3::interval) AS came_back,
  count(DISTINCT w.contact) FILTER (WHERE m.unreachable_why = 'complaint' AND m.unreachable_at >= w.at
    AND m.unreachable_at < w.at + $3::interval) AS complained
FROM ({written}) w LEFT JOIN campaigns_contacts m ON m.id = w.contact"""
