"""Kept figures are brought up to date: of whoever has changed, what was counted is taken off, what counts now added."""

from uuid import UUID

from components.foundation import clock, database
from components.foundation.database import any_of
from components.foundation.shop_settings import shop_settings
from components.insights.rollups import (
    buyer_parts,
    day_parts,
    fee_days,
    figure_readiness,
    figure_rebuild,
    member_parts,
    payer_countries,
    plan_parts,
    renewal_parts,
    sold_days,
)
from components.insights.rollups import counted_movements as counted
from components.insights.rollups.tables import (
    FigureBuyer,
    FigureBuyerMonth,
    FigureCohort,
    FigureDay,
    FigureFeeDay,
    FigureJoinerMonth,
    FigureMember,
    FigureMemberPart,
    FigureMonth,
    FigureMovement,
    FigurePayerCountry,
    FigurePlanMonth,
    FigurePlanMovement,
    FigureRenewal,
    FigureRenewalMonth,
    FigureSoldDay,
    FigureStanding,
)
from components.insights.rollups.unrolled import CURRENT, RULES

AT_ONCE = 2_000
DAYS_AT_ONCE = 20
"""However many rows name them: each is added up from all that was sold on it, within one statement's time."""


async def roll_all() -> None:
    """Until nothing is queued. All of it is worked out anew where that is due; done for all by whoever began first."""
    if await figure_readiness.is_rebuild_due():
        await figure_rebuild.rebuild_when(figure_readiness.is_rebuild_due)
    while await roll() or await roll_days() or await roll_buyers():
        pass


async def is_current() -> bool:
    """Whether what is kept is by today's time zone and rules."""
    return bool(await database.fetch_value(f"SELECT {CURRENT}", zone(), RULES))


def zone() -> str:
    return shop_settings.current().time_zone


async def roll() -> int:
    """Some of the queue, and of those who became something else by themselves, in one transaction; returns how many
    rows of it, none while somebody else is at it.

    A person may be queued again meanwhile: they are then counted once more.
    """
    async with database.transaction():
        if not await figure_rebuild.has_turn() or not await is_current():
            return 0
        queued = await database.fetch_values(_TAKE, AT_ONCE)
        changed = await database.fetch_values(_CHANGED_BY_THEMSELVES, clock.now(), AT_ONCE)
        if queued or changed:
            await _recount(list({*queued, *changed}))
    return len(queued) + len(changed)


async def roll_buyers() -> int:
    """As `roll`, of whoever bought, or joined."""
    async with database.transaction():
        if not await figure_rebuild.has_turn() or not await is_current():
            return 0
        queued = await database.fetch_values(_TAKE_BUYERS, AT_ONCE)
        if queued:
            await _recount_buyers(list(set(queued)))
    return len(queued)


async def roll_days() -> int:
    """As `roll`, of the days that have waited longest: each is added up anew, and returned is how many they were."""
    async with database.transaction():
        if not await figure_rebuild.has_turn() or not await is_current():
            return 0
        days = await database.fetch_values(_TAKE_DAYS, DAYS_AT_ONCE, zone())
        if days:
            await FigureDay.delete().where(any_of(FigureDay.day, days))
            await database.execute(_ADD_DAYS, zone(), days)
            await FigureFeeDay.delete().where(any_of(FigureFeeDay.day, days))
            await database.execute(_ADD_FEE_DAYS, zone(), days)
            await FigureSoldDay.delete().where(any_of(FigureSoldDay.day, days))
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
_TAKE_BUYERS = _TAKE.replace("figure_payer_change", "figure_buyer_change")
_CHANGED_BY_THEMSELVES = """(SELECT person FROM figure_member WHERE until <= $1 LIMIT $2::bigint)
UNION ALL (SELECT person FROM figure_member WHERE since > $1 LIMIT $2::bigint)"""
_THEIRS = "FROM figure_movement WHERE person = ANY($1)"
_THEIR_PLANS = "FROM figure_plan_movement WHERE person = ANY($1)"


async def _recount(people: list[UUID]) -> None:
    await _count_in("-", people)
    for table in (
        FigureMovement, FigurePlanMovement, FigureStanding, FigureRenewal, FigurePayerCountry, FigureMember
    ):  # fmt: skip
        await table.delete().where(any_of(table.person, people))
    await database.execute(_COUNT, zone(), people)
    await database.execute(_COUNT_PLANS, zone(), people)
    await database.execute(_STAND, people)
    await database.execute(_RENEW, people)
    await database.execute(_PLACE, people)
    await database.execute(_BE, clock.now(), people)
    await _count_in("+", people)
    await FigureMonth.delete().where(FigureMonth.movements == 0)
    await FigurePlanMonth.delete().where(FigurePlanMonth.movements == 0)
    await FigureRenewalMonth.delete().where(FigureRenewalMonth.made == 0)
    await FigureMemberPart.delete().where(FigureMemberPart.number == 0)
    one = FigureCohort
    await one.delete().where(one.people == 0, one.mrr == 0, one.joined == 0, one.opening == 0)


async def _count_in(sign: str, people: list[UUID]) -> None:
    for statement in (_MONTHS, _PLAN_MONTHS, _COHORTS, _PARTS):
        await database.execute(statement[sign], people)
    await database.execute(_RENEWAL_MONTHS[sign], people, zone())
    await database.execute(_totals(sign), people)


async def _recount_buyers(people: list[UUID]) -> None:
    for statement in (_BUYER_MONTHS, _JOINER_MONTHS):
        await database.execute(statement["-"], zone(), people)
    await FigureBuyer.delete().where(any_of(FigureBuyer.person, people))
    await database.execute(_BUY, people)
    for statement in (_BUYER_MONTHS, _JOINER_MONTHS):
        await database.execute(statement["+"], zone(), people)
    await FigureBuyerMonth.delete().where(FigureBuyerMonth.number == 0)
    await FigureJoinerMonth.delete().where(FigureJoinerMonth.number == 0, FigureJoinerMonth.known == 0)


_COUNT = f"""INSERT INTO figure_movement (id, {counted.COLUMNS})
WITH RECURSIVE people AS (SELECT $2::uuid[] AS ids), {counted.FRESH_OF}
SELECT gen_random_uuid(), {counted.COLUMNS} FROM fresh_joined"""
_COUNT_PLANS = f"""INSERT INTO figure_plan_movement (id, {plan_parts.COLUMNS})
WITH people AS (SELECT $2::uuid[] AS ids), {plan_parts.stints(counted.THESE)},
{plan_parts.lines("FROM figure_movement WHERE person = ANY($2)")}
SELECT gen_random_uuid(), {plan_parts.COLUMNS} FROM lines"""
_THESE = "WITH people AS (SELECT $1::uuid[] AS ids)"
_STAND = f"""INSERT INTO figure_standing (person, a_month, a_year, since)
{_THESE} {counted.STANDING.format(whom=counted.THESE)}"""
_RENEW = f"""INSERT INTO figure_renewal ({renewal_parts.COLUMNS})
{_THESE} {renewal_parts.ANEW.format(whom=renewal_parts.THESE)}"""
_PLACE = f"""INSERT INTO figure_payer_country ({payer_countries.COLUMNS})
{_THESE} {payer_countries.ANEW.format(whom=payer_countries.THESE)}"""
_BE = f"""INSERT INTO figure_member ({member_parts.COLUMNS})
WITH people AS (SELECT $2::uuid[] AS ids) {member_parts.of_these()}"""
_BUY = f"INSERT INTO figure_buyer ({buyer_parts.COLUMNS}) {_THESE} {buyer_parts.OF_THESE}"


def _added(into: str, key: str, values: str, found: str, *, id: str = "gen_random_uuid(), ") -> dict[str, str]:
    """What adds sums of `values`, by `key`, to those that are kept, and what takes them off."""
    names = values.split()
    sums = ", ".join(f"{one} = kept.{one} + excluded.{one}" for one in names)
    return {
        sign: f"""{into} AS kept ({"id, " if id else ""}{key}, {", ".join(names)})
SELECT {id}{key}, {", ".join(f"{sign}{one}" for one in names)} FROM ({found}) found
ON CONFLICT ({key}) DO UPDATE SET {sums}"""
        for sign in "+-"
    }


_MONTHS = _added(
    "INSERT INTO figure_month",
    "month, kind, because",
    "amount movements people members_left",
    counted.by_month(_THEIRS),
)
_PLAN_MONTHS = _added(
    "INSERT INTO figure_plan_month", plan_parts.KEY, plan_parts.VALUES, plan_parts.by_month(_THEIR_PLANS)
)
_COHORTS = _added(
    "INSERT INTO figure_cohort", "cohort, plan, every, month", "people mrr joined opening", counted.by_cohort(_THEIRS)
)
_PARTS = _added(
    "INSERT INTO figure_member_part",
    "part",
    "number",
    member_parts.by_part("FROM figure_member WHERE person = ANY($1)"),
    id="",
)
_RENEWAL_MONTHS = _added(
    "INSERT INTO figure_renewal_month", renewal_parts.MONTH_KEY, renewal_parts.MONTH_VALUES,
    renewal_parts.by_month("FROM figure_renewal WHERE person = ANY($1)", "$2"),
)  # fmt: skip
_THEIR_ROWS = "SELECT * FROM figure_buyer WHERE person = ANY($2)"
_BUYER_MONTHS = _added(
    "INSERT INTO figure_buyer_month", buyer_parts.MONTH_KEY, buyer_parts.MONTH_VALUES, buyer_parts.by_month(_THEIR_ROWS)
)
_JOINER_MONTHS = _added(
    "INSERT INTO figure_joiner_month",
    buyer_parts.JOINER_KEY,
    buyer_parts.JOINER_VALUES,
    buyer_parts.by_joining(_THEIR_ROWS),
)


def _totals(sign: str) -> str:
    return f"""UPDATE figure_state AS kept SET paying = kept.paying {sign} theirs.paying,
  mrr = kept.mrr {sign} theirs.mrr, arr = kept.arr {sign} theirs.arr
FROM (SELECT count(*) AS paying, coalesce(sum(a_month), 0)::bigint AS mrr, coalesce(sum(a_year), 0)::bigint AS arr
  FROM figure_standing WHERE person = ANY($1)) theirs"""
