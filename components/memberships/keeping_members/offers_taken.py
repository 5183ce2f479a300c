"""Offers that were taken by doing what they offered: a pause, or a smaller plan."""

from components.foundation import clock, database
from components.memberships.facts import PauseBegan, PausePlanned, PlanChanged, PlanChangePlanned


async def pause_taken(fact: PauseBegan | PausePlanned) -> None:
    """A pause soon after it was offered is what the offer led to. May run twice."""
    await database.execute(_TAKEN, fact.subscription_id, clock.now(), "pause", None)


async def plan_taken(fact: PlanChanged | PlanChangePlanned) -> None:
    """The same of the smaller plan, at once or planned."""
    for plan_id in await database.fetch_values(_PLANS, fact.subscription_id):
        await database.execute(_TAKEN, fact.subscription_id, clock.now(), "downgrade", plan_id)


_TAKEN = """
UPDATE save_offer_shown s SET accepted_at = $2 FROM save_offer o WHERE o.id = s.offer AND s.subscription = $1
  AND s.accepted_at IS NULL AND o.kind = $3 AND s.seen_at > $2::timestamptz - interval '1 day'
  AND ($4::uuid IS NULL OR o.to_plan = $4)
"""
_PLANS = """
SELECT v.plan FROM subscription s JOIN plan_version v ON v.id = s.plan_version WHERE s.id = $1
UNION SELECT v.plan FROM plan_change c JOIN plan_version v ON v.id = c.to_version
WHERE c.subscription = $1 AND c.applied_at IS NULL AND c.dropped_at IS NULL
"""
