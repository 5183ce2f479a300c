"""Kept figures are worked out anew beside the old ones, which they replace at one moment."""

from collections.abc import Callable

from components.foundation import clock, database
from components.foundation.database import advisory_locks, time_limits
from components.foundation.shop_settings import shop_settings
from components.insights.rollups import counted_movements as counted
from components.insights.rollups import day_parts
from components.insights.rollups.unrolled import RULES

TURN = "kept figures"
"""One at a time brings them up to date, or works them out anew."""
PATIENCE = "SELECT set_config('statement_timeout', '60min', true)"
FILLINGS = (
    ("figure_movement", f"""INSERT INTO figure_movement_anew (id, {counted.COLUMNS})
     {counted.FRESH} SELECT gen_random_uuid(), {counted.COLUMNS} FROM fresh"""),
    ("figure_month", f"""INSERT INTO figure_month_anew
       (id, month, kind, because, amount, movements, people, members_left)
     SELECT gen_random_uuid(), found.* FROM ({counted.by_month("FROM figure_movement_anew")}) found"""),
    ("figure_cohort", f"""INSERT INTO figure_cohort_anew (id, cohort, month, people, mrr, joined, opening)
     SELECT gen_random_uuid(), found.* FROM ({counted.by_cohort("FROM figure_movement_anew")}) found"""),
    ("figure_standing", f"""INSERT INTO figure_standing_anew (person, a_month, a_year, since)
     {counted.STANDING.format(whom=counted.EVERYBODY)}"""),
    ("figure_day", f"""INSERT INTO figure_day_anew (id, {day_parts.COLUMNS})
     WITH {day_parts.EVERY_DAY} SELECT gen_random_uuid(), {day_parts.COLUMNS} FROM ({day_parts.ALL}) found"""),
)  # fmt: skip
Tell = Callable[[str, int], None]


def _quietly(table: str, rows: int) -> None:
    """Nobody looks on."""


async def rebuild(tell: Tell = _quietly) -> None:
    """All of it; `tell` is told each table and its rows. Until the end everybody reads what was kept before.

    What is queued when it begins is in it; what comes meanwhile stays queued, and is rolled up afterwards.
    """
    zone = shop_settings.current().time_zone
    with time_limits.of_an_update():
        async with database.transaction():
            await _in_place(zone, tell)


async def _in_place(zone: str, tell: Tell) -> None:
    await advisory_locks.take_turns(TURN)
    await database.fetch_value(PATIENCE)
    await database.execute("DELETE FROM figure_payer_change")
    await database.execute("DELETE FROM figure_day_change")
    for table, filling in FILLINGS:
        await _ddl("CREATE TABLE %1$I (LIKE %2$I INCLUDING ALL)", f"{table}_anew", table)
        args = [zone] if "$1" in filling else []
        tell(table, await database.execute(filling, *args))
    for table, _ in FILLINGS:
        await _replace(table)
    await database.execute(_STATE, zone, RULES, clock.now())


async def _replace(table: str) -> None:
    """By the new one, whose indexes take the names of the old ones."""
    names = await database.fetch_values(_INDEXES, table)
    made = await database.fetch_values(_INDEXES, f"{table}_anew")
    await _ddl("DROP TABLE %1$I", table)
    await _ddl("ALTER TABLE %1$I RENAME TO %2$I", f"{table}_anew", table)
    for name, was in zip(names, made, strict=True):
        await _ddl("ALTER INDEX %1$I RENAME TO %2$I", was, name)


async def _ddl(words: str, *names: str) -> None:
    await database.execute(await database.fetch_value("SELECT format($1, VARIADIC $2::text[])", words, list(names)))


_INDEXES = """SELECT i.indexrelid::regclass::text FROM pg_index i WHERE i.indrelid = $1::text::regclass
  ORDER BY i.indisprimary, i.indkey::text"""
_STATE = """INSERT INTO figure_state (is_only, zone, rules, paying, mrr, arr, rebuilt_at)
SELECT true, $1, $2, count(*), coalesce(sum(a_month), 0), coalesce(sum(a_year), 0), $3 FROM figure_standing
ON CONFLICT (is_only) DO UPDATE SET zone = excluded.zone, rules = excluded.rules, paying = excluded.paying,
  mrr = excluded.mrr, arr = excluded.arr, rebuilt_at = excluded.rebuilt_at"""
