"""What came of a journey: orders and joins in the 14 days after each entered, of those who walk it and of the holdout.

As for campaigns: everybody who entered counts on their side, also who left early, once: from when they first entered
in the last twelve months. Who is on their way does not enter again, and of the holdout nobody is on their way: counted
by entries, the two sides would not be alike.
"""

from datetime import timedelta

from components.campaigns import campaign_results
from components.campaigns.campaign_results import DAYS, Results, SideRow
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
    rows = await database.fetch_as(SideRow, _SIDES, journey.id, now - MONTHS, now, currency, now)
    return campaign_results.compared(rows, until=last["entered_at"] + timedelta(days=DAYS))


_SIDES = campaign_results.sides("""
SELECT DISTINCT ON (e.person) e.id, e.person, p.email, e.is_holdout, e.entered_at AS from_at,
  least(e.entered_at + interval '14 days', $3::timestamptz) AS until_at
FROM journey_entry e LEFT JOIN campaigns_people p ON p.id = e.person AND p.erased_at IS NULL
WHERE e.journey = $1 AND e.entered_at >= $2 ORDER BY e.person, e.entered_at, e.id""")
