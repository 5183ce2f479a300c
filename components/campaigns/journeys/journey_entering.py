"""Who enters a journey: found anew at each look, some at a time, each person once for each occasion.

A look reads what happened in the last three days, and what is there already enters no second time: so a fact that is
noted late still counts, and a timetable that stood still for longer has missed it. Nobody enters for what happened
before the journey was started or resumed, or while they are still on their way in it; but where staff wanted those too
to whom it had happened by then, they enter as if it happened now.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from components.campaigns import audience
from components.campaigns.journeys import journey_states
from components.campaigns.journeys.journey_occasions import OCCASIONS
from components.campaigns.journeys.tables import Journey, JourneyStep
from components.foundation import clock, database
from components.foundation.database import time_limits
from components.foundation.database.time_limits import LONG_SECONDS
from components.foundation.shop_settings import shop_settings

LOT = 1_000
BACK = timedelta(days=3)
LONG_AGO = timedelta(days=730)
"""Whoever has been in a state for longer than that is let in no more."""


async def enter_lot(journey_id: UUID) -> int:
    """How many entered, `LOT` at most. Raises `Refusal` where its segment cannot be asked."""
    async with database.transaction():
        journey = await held(journey_id)
        first = await _first(journey_id) if journey and journey_states.may(journey, "enter") else None
        if journey is None or first is None:
            return 0
        sql, args = await statement(journey, first)
        with time_limits.of_long_work():
            await database.fetch_value("SELECT set_config('statement_timeout', $1, true)", f"{LONG_SECONDS}s")
            return await database.execute(sql, *args)


async def note_all_in(journey_id: UUID) -> None:
    """Everybody who was there already has been let in; of one that is paused they still are to be."""
    one = Journey
    await one.update({one.lets_in: False}).where(one.id == journey_id, one.lets_in.eq(True), one.state == "running")


async def held(journey_id: UUID) -> Journey | None:
    """As it is, its steps included, until the transaction ends: whoever changes it waits. Others may read with us."""
    return await Journey.objects().where(Journey.id == journey_id).lock_rows("SHARE").first()


async def statement(journey: Journey, first: JourneyStep) -> tuple[str, tuple[Any, ...]]:
    """What writes down some of those who enter now, with its arguments."""
    entering = _ENTER.replace("{at}", "{now}" if journey.lets_in else "n.at")
    return await named(entering, journey, first, since=_since(journey, clock.now()))


async def named(
    sql_of_those: str, journey: Journey, first: JourneyStep | None, *, since: datetime
) -> tuple[str, tuple[Any, ...]]:
    """A statement about those who would enter for what happened since, with its arguments."""
    condition, args = "", ()
    if journey.segment:
        sql, args = await audience.compiled(journey.segment)
        condition = f"AND p.id IN ({sql})"
    now, number = clock.now(), len(args) + 1
    names = {
        name: f"${number + place}::{kind}"
        for place, (name, kind) in enumerate(
            (("since", "timestamptz"), ("now", "timestamptz"), ("days", "int"), ("zone", "text"), ("journey", "uuid"),
             ("kind", "varchar"), ("holdout", "int"), ("first", "uuid"), ("hours", "int"))
        )
    }  # fmt: skip
    found = OCCASIONS[journey.entry].found
    written = _named(sql_of_those.replace("{found}", found).replace("{condition}", condition), names)
    return written, (
        *args, since, now, journey.days, shop_settings.current().time_zone, journey.id, journey.kind,
        journey.holdout, first.id if first else None, first.hours if first else 0,
    )  # fmt: skip


def _named(sql: str, names: dict[str, str]) -> str:
    for name, placeholder in names.items():
        sql = sql.replace(f"{{{name}}}", placeholder)
    return sql


def _since(journey: Journey, now: datetime) -> datetime:
    assert journey.running_since is not None, "the database holds it"
    if journey.lets_in:
        return now - LONG_AGO
    return max(journey.running_since, now - BACK)


async def _first(journey_id: UUID) -> JourneyStep | None:
    there = (JourneyStep.journey == journey_id) & JourneyStep.removed_at.is_null()
    return await JourneyStep.objects().where(there).order_by(JourneyStep.position).first()


WHO = """
  SELECT DISTINCT ON (f.person) f.person, f.occasion, f.at, ('x' || substr(md5({journey}::text || f.person::text), 1,
    8))::bit(32)::bigint % 100 < {holdout} AS is_holdout
  FROM ({found}) f JOIN campaigns_people p ON p.id = f.person AND p.erased_at IS NULL
  JOIN campaigns_contacts c ON c.email = p.email AND c.agreed @> ARRAY[{kind}] AND c.unreachable_at IS NULL
  WHERE f.at >= {since} AND f.at <= {now} AND {days} >= 0 AND {zone} <> '' {condition} AND NOT EXISTS (
    SELECT FROM journey_entry e WHERE e.journey = {journey} AND e.person = f.person
      AND (e.occasion = f.occasion OR e.outcome = '' AND NOT e.is_holdout))
  ORDER BY f.person, f.at"""
_ENTER = f"""
INSERT INTO journey_entry (id, journey, person, occasion, happened_at, entered_at, is_holdout, step, due_at, outcome)
SELECT gen_random_uuid(), {{journey}}, n.person, n.occasion, {{at}}, {{now}}, n.is_holdout,
  CASE WHEN NOT n.is_holdout THEN {{first}} END,
  CASE WHEN NOT n.is_holdout THEN {{at}} + make_interval(hours => {{hours}}) END, ''
FROM ({WHO} LIMIT {LOT}) n
ON CONFLICT (journey, person, occasion) DO NOTHING"""
