"""Kept figures are brought up to date: of whoever has changed, what was counted is taken off, what counts now added."""

from uuid import UUID

from components.foundation import database
from components.foundation.shop_settings import shop_settings
from components.insights.rollups import counted_movements as counted
from components.insights.rollups import (
    day_parts,
    fee_days,
    figure_readiness,
    figure_rebuild,
    payer_countries,
    plan_parts,
    renewal_parts,
    sold_days,
)
from components.insights.rollups.unrolled import CURRENT, RULES

AT_ONCE = 2_000
DAYS_AT_ONCE = 20
"""However many rows name them: each is added up from all that was sold on it, within one statement's time."""


async def roll_all() -> None:
    """Until nothing is queued. All of it is worked out anew where that is due; done for all by whoever began first."""
    if await figure_readiness.is_rebuild_due():
        await figure_rebuild.rebuild_when(figure_readiness.is_rebuild_due)
    while await roll() or await roll_days():
        pass


async def is_current() -> bool:
    """Whether what is kept is by today's time zone and rules."""
    return bool(await database.fetch_value(f"SELECT {CURRENT}", zone(), RULES))


def zone() -> str:
    return shop_settings.current().time_zone


async def roll() -> int:
    """Some of the queue, in one transaction; returns how many rows of it, none while somebody else is at it.

    A person may be queued again meanwhile: they are then counted once more.
    """
    async with database.transaction():
        if not await figure_rebuild.has_turn() or not await is_current():
            return 0
        queued = await database.fetch_values(_TAKE, AT_ONCE)
        if queued:
            await _recount(list(set(queued)))
    return len(queued)


async def roll_days() -> int:
    """As `roll`, of the days that have waited longest: each is added up anew, and returned is how many they were."""
    async with database.transaction():
        if not await figure_rebuild.has_turn() or not await is_current():
            return 0
        days = await database.fetch_values(_TAKE_DAYS, DAYS_AT_ONCE, zone())
        if days:
            await database.execute("DELETE FROM figure_day WHERE day = ANY($1)", days)
            await database.execute(_ADD_DAYS, zone(), days)
            await database.execute("DELETE FROM figure_fee_day WHERE day = ANY($1)", days)
            await database.execute(_ADD_FEE_DAYS, zone(), days)
            await database.execute("DELETE FROM figure_sold_day WHERE day = ANY($1)", days)
            await database.execute(_ADD_SOLD_DAYS, zone(), days)
    return len(days)


_TAKE_DAYS = """WITH first AS (SELECT (at AT TIME ZONE $2)::date AS day FROM figure_day_change
    GROUP BY 1 ORDER BY min(id) LIMIT $1),
taken AS (DELETE FROM figure_day_change WHERE (at AT TIME ZONE $2)::date IN (SELECT day FROM first) RETURNING id)
SELECT day FROM first WHERE (SELECT count(*) FROM taken) > 0"""
_ADD_DAYS = f"""INSERT INTO figure_day (id, {day_parts.COLUMNS})
WITH {day_parts.THESE_DAYS} SELECT gen_random_uuid(), {day_parts.COLUMNS} FROM ({day_parts.ALL}) found"""
_ADD_FEE_DAYS = f"""INSERT INTO figure_fee_day (id, {fee_days.COLUMNS})
WITH {day_parts.THESE_DAYS} SELECT gen_random_uuid(), {fee_days.COLUMNS} FROM ({fee_days.PAID}) found"""
_ADD_SOLD_DAYS = f"""INSERT INTO figure_sold_day (id, {sold_days.COLUMNS})
WITH {day_parts.THESE_DAYS} SELECT gen_random_uuid(), {sold_days.COLUMNS} FROM ({sold_days.SOLD}) found"""
_TAKE = """DELETE FROM figure_payer_change WHERE id IN (SELECT id FROM figure_payer_change ORDER BY id LIMIT $1)
  RETURNING person"""
_THEIRS = "FROM figure_movement WHERE person = ANY($1)"
_THEIR_PLANS = "FROM figure_plan_movement WHERE person = ANY($1)"


async def _recount(people: list[UUID]) -> None:
    await _count_in("-", people)
    await database.execute("DELETE FROM figure_movement WHERE person = ANY($1)", people)
    await database.execute("DELETE FROM figure_plan_movement WHERE person = ANY($1)", people)
    await database.execute("DELETE FROM figure_standing WHERE person = ANY($1)", people)
    await database.execute("DELETE FROM figure_renewal WHERE person = ANY($1)", people)
    await database.execute("DELETE FROM figure_payer_country WHERE person = ANY($1)", people)
    await database.execute(_COUNT, zone(), people)
    await database.execute(_COUNT_PLANS, zone(), people)
    await database.execute(_STAND, people)
    await database.execute(_RENEW, people)
    await database.execute(_PLACE, people)
    await _count_in("+", people)
    await database.execute("DELETE FROM figure_month WHERE movements = 0")
    await database.execute("DELETE FROM figure_plan_month WHERE movements = 0")
    await database.execute("DELETE FROM figure_cohort WHERE (people, mrr, joined, opening) = (0, 0, 0, 0)")


async def _count_in(sign: str, people: list[UUID]) -> None:
    for statement in (_months, _plan_months, _cohorts, _totals):
        await database.execute(statement(sign), people)


_COUNT = f"""INSERT INTO figure_movement (id, {counted.COLUMNS})
WITH RECURSIVE people AS (SELECT $2::uuid[] AS ids), {counted.FRESH_OF}
SELECT gen_random_uuid(), {counted.COLUMNS} FROM fresh_joined"""
_COUNT_PLANS = f"""INSERT INTO figure_plan_movement (id, {plan_parts.COLUMNS})
WITH people AS (SELECT $2::uuid[] AS ids), {plan_parts.stints(counted.THESE)},
{plan_parts.lines("FROM figure_movement WHERE person = ANY($2)")}
SELECT gen_random_uuid(), {plan_parts.COLUMNS} FROM lines"""
_STAND = f"""INSERT INTO figure_standing (person, a_month, a_year, since)
WITH people AS (SELECT $1::uuid[] AS ids) {counted.STANDING.format(whom=counted.THESE)}"""

_RENEW = f"""INSERT INTO figure_renewal ({renewal_parts.COLUMNS})
WITH people AS (SELECT $1::uuid[] AS ids) {renewal_parts.ANEW.format(whom=renewal_parts.THESE)}"""


_PLACE = f"""INSERT INTO figure_payer_country ({payer_countries.COLUMNS})
WITH people AS (SELECT $1::uuid[] AS ids) {payer_countries.ANEW.format(whom=payer_countries.THESE)}"""


def _months(sign: str) -> str:
    return f"""INSERT INTO figure_month AS kept (id, month, kind, because, amount, movements, people, members_left)
SELECT gen_random_uuid(), month, kind, because, {sign}amount, {sign}movements, {sign}people, {sign}members_left
FROM ({counted.by_month(_THEIRS)}) found
ON CONFLICT (month, kind, because) DO UPDATE SET amount = kept.amount + excluded.amount,
  movements = kept.movements + excluded.movements, people = kept.people + excluded.people,
  members_left = kept.members_left + excluded.members_left"""


def _plan_months(sign: str) -> str:
    values = plan_parts.VALUES.split()
    return f"""INSERT INTO figure_plan_month AS kept (id, {plan_parts.KEY}, {", ".join(values)})
SELECT gen_random_uuid(), {plan_parts.KEY}, {", ".join(f"{sign}{one}" for one in values)}
FROM ({plan_parts.by_month(_THEIR_PLANS)}) found
ON CONFLICT ({plan_parts.KEY}) DO UPDATE SET {", ".join(f"{one} = kept.{one} + excluded.{one}" for one in values)}"""


def _cohorts(sign: str) -> str:
    return f"""INSERT INTO figure_cohort AS kept (id, cohort, plan, every, month, people, mrr, joined, opening)
SELECT gen_random_uuid(), cohort, plan, every, month, {sign}people, {sign}mrr, {sign}joined, {sign}opening
FROM ({counted.by_cohort(_THEIRS)}) found
ON CONFLICT (cohort, plan, every, month) DO UPDATE SET people = kept.people + excluded.people,
  mrr = kept.mrr + excluded.mrr, joined = kept.joined + excluded.joined, opening = kept.opening + excluded.opening"""


def _totals(sign: str) -> str:
    return f"""UPDATE figure_state AS kept SET paying = kept.paying {sign} theirs.paying,
  mrr = kept.mrr {sign} theirs.mrr, arr = kept.arr {sign} theirs.arr
FROM (SELECT count(*) AS paying, coalesce(sum(a_month), 0)::bigint AS mrr, coalesce(sum(a_year), 0)::bigint AS arr
  FROM figure_standing WHERE person = ANY($1)) theirs"""
