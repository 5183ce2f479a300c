"""What came of a journey: orders and joins in the 14 days after each entered, of those who walk it and of the holdout.

As for campaigns: everybody who entered counts on their side, also who left early. Entries of the last twelve months.
"""

from datetime import timedelta

from components.campaigns import campaign_results
from components.campaigns.campaign_results import DAYS, Results
from components.campaigns.journeys.tables import Journey, JourneyEntry
from components.foundation import clock, database
from components.foundation.shop_settings import shop_settings

MONTHS = timedelta(days=365)


async def results(journey: Journey) -> Results | None:
    """None before anybody has entered. `until` is when the last one's days are over."""
    now = clock.now()
    there = (JourneyEntry.journey == journey.id) & (JourneyEntry.entered_at >= now - MONTHS)
    last = await JourneyEntry.select(JourneyEntry.entered_at).where(there).order_by(
        JourneyEntry.entered_at, ascending=False
    ).first()  # fmt: skip
    if last is None:
        return None
    currency = shop_settings.current().currency
    rows = await database.fetch(_SIDES, journey.id, now - MONTHS, now, currency)
    return campaign_results.compared(rows, until=last["entered_at"] + timedelta(days=DAYS))


_SIDES = campaign_results.sides("""
SELECT e.id, e.person, p.email, e.is_holdout, e.entered_at AS from_at,
  least(e.entered_at + interval '14 days', $3::timestamptz) AS until_at
FROM journey_entry e LEFT JOIN campaigns_people p ON p.id = e.person AND p.erased_at IS NULL
WHERE e.journey = $1 AND e.entered_at >= $2""")
