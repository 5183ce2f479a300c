"""What a step may ask before somebody goes on: statements about entries `e`, at {now}."""

from collections.abc import Sequence
from uuid import UUID

from components.campaigns import audience
from components.campaigns.journeys.journey_occasions import OCCASIONS
from components.campaigns.journeys.tables import Journey, JourneyEntry, JourneyStep
from components.foundation import clock, database
from components.foundation.database import any_of
from components.segments import segments

_BEGAN = """e.happened_at - make_interval(days => (SELECT (j.entry = 'welcome')::int FROM journey j
  WHERE j.id = e.journey))"""
"""What brought them in; of a welcome a day before, since whoever joins while ordering orders just before they join."""
_ORDERED = f"EXISTS (SELECT FROM campaigns_orders o WHERE o.person = e.person AND o.paid_at >= {_BEGAN})"
_USED = f"""EXISTS (SELECT FROM campaigns_benefit_uses u WHERE u.person = e.person AND u.at >= {_BEGAN}
    AND u.reference NOT LIKE 'refund%'
  UNION ALL SELECT FROM campaigns_reward_uses r WHERE r.person = e.person AND r.at >= {_BEGAN})"""
_MEMBER = """EXISTS (SELECT FROM campaigns_memberships m WHERE m.holder = e.person AND m.source <> 'free'
  AND holds(m.starts_at, m.ends_at, {now}))"""
CONDITIONS: dict[str, tuple[str, str]] = {
    "not_ordered": ("they have not ordered since what brought them in", f"NOT {_ORDERED}"),
    "ordered": ("they have ordered since what brought them in", _ORDERED),
    "not_used": ("they have used no benefit since what brought them in", f"NOT {_USED}"),
    "used": ("they have used a benefit since what brought them in", _USED),
    "member": ("they are a member", _MEMBER),
    "not_member": ("they are no member", f"NOT {_MEMBER}"),
    "segment": ("they fit the segment", ""),
}
"""Each in words that follow “if”."""


async def still_fitting(journey: Journey, entries: Sequence[UUID]) -> set[UUID]:
    """Of whom it is still true what brought them into the journey."""
    return await _where(OCCASIONS[journey.entry].fits, entries)


async def holding(step: JourneyStep, entries: Sequence[UUID]) -> set[UUID]:
    """For whom the step's condition holds; a segment is asked of each alone, however many members there are.

    Raises `Refusal` where its segment cannot be asked.
    """
    if step.condition != "segment":
        return await _where(CONDITIONS[step.condition][1], entries)
    rules = await audience.rules(step.segment)
    people = await JourneyEntry.select(JourneyEntry.id, JourneyEntry.person).where(any_of(JourneyEntry.id, entries))
    return {row["id"] for row in people if await segments.fits(rules, row["person"])}


async def _where(condition: str, entries: Sequence[UUID]) -> set[UUID]:
    asked = f"SELECT e.id FROM journey_entry e WHERE e.id = ANY($1) AND $2::timestamptz IS NOT NULL AND {condition}"
    return set(await database.fetch_values(asked.replace("{now}", "$2::timestamptz"), list(entries), clock.now()))
