"""Kept figures are worked out anew, in one transaction: until it ends everybody reads what was kept before."""

from collections.abc import Awaitable, Callable

from components.foundation import clock, database
from components.foundation.database import advisory_locks, time_limits
from components.foundation.shop_settings import shop_settings
from components.insights.rollups import (
    buyer_parts,
    day_parts,
    fee_days,
    member_parts,
    payer_countries,
    plan_parts,
    renewal_parts,
    sold_days,
)
from components.insights.rollups import counted_movements as counted
from components.insights.rollups.tables import FigureBuyerChange, FigureDayChange, FigurePayerChange
from components.insights.rollups.unrolled import RULES

TURN = "kept figures"
"""One at a time brings them up to date, or works them out anew."""
PATIENCE = "SELECT set_config('statement_timeout', '60min', true), set_config('work_mem', '64MB', true)"
"""Time, and memory to sort everybody's rows in."""
FILLINGS = (
    ("figure_movement", "DELETE FROM figure_movement", f"""INSERT INTO figure_movement (id, {counted.COLUMNS})
     {counted.FRESH_BY_KEPT_STINTS} SELECT gen_random_uuid(), {counted.COLUMNS} FROM fresh_joined"""),
    ("figure_month", "DELETE FROM figure_month", f"""INSERT INTO figure_month
       (id, month, kind, because, amount, movements, people, members_left)
     SELECT gen_random_uuid(), found.* FROM ({counted.by_month("FROM figure_movement")}) found"""),
    ("figure_cohort", "DELETE FROM figure_cohort", f"""INSERT INTO figure_cohort
       (id, cohort, plan, every, month, people, mrr, joined, opening)
     SELECT gen_random_uuid(), found.* FROM ({counted.by_cohort("FROM figure_movement")}) found"""),
    ("figure_plan_movement", "DELETE FROM figure_plan_movement", f"""INSERT INTO figure_plan_movement
       (id, {plan_parts.COLUMNS})
     WITH {plan_parts.KEPT_STINTS}, {plan_parts.lines("FROM figure_movement")}
     SELECT gen_random_uuid(), {plan_parts.COLUMNS} FROM lines"""),
    ("figure_plan_month", "DELETE FROM figure_plan_month", f"""INSERT INTO figure_plan_month
       (id, {plan_parts.KEY}, {plan_parts.VALUES.replace(" ", ", ")})
     SELECT gen_random_uuid(), found.* FROM ({plan_parts.by_month("FROM figure_plan_movement")}) found"""),
    ("figure_standing", "DELETE FROM figure_standing", f"""INSERT INTO figure_standing (person, a_month, a_year, since)
     {counted.STANDING.format(whom=counted.EVERYBODY)}"""),
    ("figure_renewal", "DELETE FROM figure_renewal", f"""INSERT INTO figure_renewal ({renewal_parts.COLUMNS})
     {renewal_parts.ANEW.format(whom=renewal_parts.EVERYBODY)} ORDER BY at"""),
    ("figure_renewal_month", "DELETE FROM figure_renewal_month", f"""INSERT INTO figure_renewal_month
       (id, {renewal_parts.MONTH_KEY}, made, renewed)
     SELECT gen_random_uuid(), found.* FROM ({renewal_parts.by_month("FROM figure_renewal")}) found"""),
    ("figure_member_part", "DELETE FROM figure_member_part", f"""INSERT INTO figure_member_part (part, number)
     {member_parts.by_part("FROM figure_member")}"""),
    ("figure_buyer", "DELETE FROM figure_buyer", f"""INSERT INTO figure_buyer ({buyer_parts.COLUMNS})
     {buyer_parts.OF_EVERYBODY}"""),
    ("figure_buyer_month", "DELETE FROM figure_buyer_month", f"""INSERT INTO figure_buyer_month
       (id, {buyer_parts.MONTH_KEY}, number, amount)
     SELECT gen_random_uuid(), found.* FROM ({buyer_parts.by_month("TABLE figure_buyer")}) found"""),
    ("figure_joiner_month", "DELETE FROM figure_joiner_month", f"""INSERT INTO figure_joiner_month
       (id, {buyer_parts.JOINER_KEY}, number, amount, people, again, known)
     SELECT gen_random_uuid(), found.* FROM ({buyer_parts.by_joining("TABLE figure_buyer")}) found"""),
    ("figure_day", "DELETE FROM figure_day", f"""INSERT INTO figure_day (id, {day_parts.COLUMNS})
     WITH {day_parts.EVERY_DAY}
     SELECT gen_random_uuid(), {day_parts.COLUMNS} FROM ({day_parts.ALL_BUT_HOLDINGS}) found"""),
    ("figure_day", "DELETE FROM figure_day WHERE source IN ('began', 'ended')",
     f"""INSERT INTO figure_day (id, {day_parts.COLUMNS})
     WITH {day_parts.EDGE_DAYS} SELECT gen_random_uuid(), {day_parts.COLUMNS} FROM ({day_parts.HOLDINGS}) found"""),
    ("figure_fee_day", "DELETE FROM figure_fee_day", f"""INSERT INTO figure_fee_day (id, {fee_days.COLUMNS})
     WITH {day_parts.EVERY_DAY} SELECT gen_random_uuid(), {fee_days.COLUMNS} FROM ({fee_days.PAID}) found"""),
    ("figure_sold_day", "DELETE FROM figure_sold_day", f"""INSERT INTO figure_sold_day (id, {sold_days.COLUMNS})
     WITH {day_parts.EVERY_DAY} SELECT gen_random_uuid(), {sold_days.COLUMNS} FROM ({sold_days.SOLD}) found"""),
    ("figure_payer_country", "DELETE FROM figure_payer_country", f"""INSERT INTO figure_payer_country
       ({payer_countries.COLUMNS}) {payer_countries.ANEW.format(whom=payer_countries.EVERYBODY)}"""),
)  # fmt: skip
Tell = Callable[[str, int], None]


def _quietly(table: str, rows: int) -> None:
    """Nobody looks on."""


async def rebuild(tell: Tell = _quietly) -> None:
    """All of it; `tell` is told each table and its rows. Whoever is at it is waited for.

    What is queued when it begins is in it; what comes meanwhile stays queued, and is rolled up afterwards.
    """
    with time_limits.of_an_update():
        async with database.transaction():
            await database.fetch_value(PATIENCE)
            await advisory_locks.take_turns(TURN)
            await _in_place(tell)


async def rebuild_when(is_due: Callable[[], Awaitable[bool]]) -> None:
    """If it still is once it is our turn. Whoever is at it does it for all: nobody waits for them to do it again."""
    with time_limits.of_an_update():
        async with database.transaction():
            await database.fetch_value(PATIENCE)
            if await has_turn() and await is_due():
                await _in_place(_quietly)


async def has_turn() -> bool:
    """Until this transaction ends; False while somebody else is at it."""
    return bool(await database.fetch_value(_TURN, TURN))


_TURN = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))"


async def _in_place(tell: Tell) -> None:
    """Rows replace rows: tables that others read are neither dropped nor closed to them."""
    zone = shop_settings.current().time_zone
    await FigurePayerChange.delete(force=True)
    await FigureDayChange.delete(force=True)
    await FigureBuyerChange.delete(force=True)
    tell("figure_member", await _members())
    await database.execute(plan_parts.KEEP_STINTS)
    await database.execute("ANALYZE figure_stints")
    for table, emptying, filling in FILLINGS:
        await database.execute(emptying)
        args = [zone] if "$1" in filling else []
        tell(table, await database.execute(filling, *args))
    await database.execute("DROP TABLE figure_stints")
    await database.execute(_STATE, zone, RULES, clock.now())


async def _members() -> int:
    """As they are now, where all else holds at every moment."""
    await database.execute("DELETE FROM figure_member")
    return await database.execute(_MEMBERS, clock.now())


_MEMBERS = f"INSERT INTO figure_member ({member_parts.COLUMNS}) {member_parts.of_everybody()}"
_STATE = """INSERT INTO figure_state (is_only, zone, rules, paying, mrr, arr, rebuilt_at)
SELECT true, $1, $2, count(*), coalesce(sum(a_month), 0), coalesce(sum(a_year), 0), $3 FROM figure_standing
ON CONFLICT (is_only) DO UPDATE SET zone = excluded.zone, rules = excluded.rules, paying = excluded.paying,
  mrr = excluded.mrr, arr = excluded.arr, rebuilt_at = excluded.rebuilt_at"""
