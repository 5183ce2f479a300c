"""How many a journey would let in that are there already, and for how many it begins in a month, about."""

from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from components.campaigns.journeys import journey_entering
from components.campaigns.journeys.journey_occasions import OCCASIONS
from components.campaigns.journeys.tables import Journey
from components.foundation import clock, database
from components.foundation.refusals import Refusal
from components.segments import segments

A_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class JourneyReach:
    """`there`: who is in that state now, of those who agreed, and `held_out` of them are kept to compare with;
    `monthly`: for whom it began in the last 30 days."""

    there: int
    held_out: int
    monthly: int

    @property
    def gets(self) -> int:
        return self.there - self.held_out


def may_let_in(journey: Journey) -> bool:
    """Whether somebody may be there already when it begins."""
    return OCCASIONS[journey.entry].lasts


async def reach_soon(journey: Journey) -> JourneyReach | None:
    """For somebody who waits: None if it takes long, cannot be asked, or is none of these beginnings."""
    if not may_let_in(journey):
        return None
    try:
        sql, args = await journey_entering.named(_COUNTED, journey, None, since=clock.now() - journey_entering.LONG_AGO)
        async with database.transaction():
            await database.fetch_value("SELECT set_config('statement_timeout', $1, true)", segments.PATIENCE)
            return await database.fetch_one_as(JourneyReach, sql, *args)
    except (asyncpg.QueryCanceledError, TimeoutError, Refusal):
        return None


_COUNTED = f"""
SELECT count(*) AS there, count(*) FILTER (WHERE n.is_holdout) AS held_out,
  count(*) FILTER (WHERE n.at >= {{now}} - interval '{A_MONTH.days} days') AS monthly
FROM ({journey_entering.WHO}) n WHERE {{first}} IS NULL AND {{hours}} = 0"""
