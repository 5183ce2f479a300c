"""Every kind of damage is done once, to a shop of which everything holds, and exactly the rules that name it say so."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from components.foundation import database, ids, json
from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant, References
from components.foundation.database import schema
from components.insights import invariants
from components.insights.movements import movement_invariants
from components.insights.rollups import figure_rolls, kept_invariants
from tests.components.insights.corruptions import CORRUPTIONS
from tests.support import consistent_world

if TYPE_CHECKING:
    from tests.support.shops import Shop

RULES = [rule for rules in invariants.parts().values() for rule in rules]
FIGURES = {"each month adds up to what was paid", "each person pays what their movements say",
           "a movement is dated by what happened"}  # fmt: skip


class _Undone(Exception):
    """What was done for a moment is not to stay."""


async def found(sql: str, rules: Sequence[Invariant | References], *, figures: bool = True) -> set[str]:
    """The names of what is broken once this was done with no constraint and no trigger in the way."""
    broken: set[str] = set()
    try:
        async with database.transaction():
            await database.execute("SET LOCAL session_replication_role = replica")
            await _without_checks([name for name in _ALL if name in sql])
            for statement in sql.split(";"):
                if not await database.execute(statement):
                    broken.add(f"nothing was damaged by {statement}")
            broken |= {one.rule for one in await invariant_walks.broken(rules)}
            if figures:
                broken |= {one.rule for one in await movement_invariants.against_payments()}
            if any(name in sql for name in KEPT_TABLES):
                broken |= {one.rule for one in await kept_invariants.against_rows()}
            raise _Undone
    except _Undone:
        return broken


_CHECKS = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conrelid::regclass::text = ANY($1)"""
_UNIQUE = """
SELECT format('DROP INDEX %I', i.indexrelid::regclass) FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
WHERE i.indisunique AND t.relnamespace = 'public'::regnamespace AND t.relname = ANY($1)
AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)"""


async def _without_checks(tables: list[str]) -> None:
    for listed in (_CHECKS, _UNIQUE):
        for statement in await database.fetch_values(listed, tables):
            await database.execute(statement)


async def test_each_corruption_is_found_by_exactly_the_rules_that_name_it(goods: "Shop") -> None:
    await consistent_world.happened(goods)
    await figure_rolls.roll_all()
    standing = [words async for part in invariants.examine() for words in part.broken]
    assert standing == []
    reads = {rule: await _tables_read(rule) for rule in RULES}
    wrong = []
    for one in CORRUPTIONS:
        touched = {name for name in _ALL if name in one.sql}
        rules = [rule for rule in RULES if reads[rule] & touched]
        told = await found(one.sql, rules, figures=bool(touched & FIGURE_TABLES))
        if told != {one.rule, *one.also}:
            wrong.append(f"{one.table}, {one.words}: {sorted(told ^ {one.rule, *one.also})}")
    assert wrong == [], "\n".join(wrong)


KEPT_TABLES = {"figure_movement", "figure_month", "figure_cohort", "figure_standing", "figure_state", "figure_day",
               "figure_fee_day", "figure_sold_day", "figure_payer_country",
               "figure_renewal", "figure_plan_movement", "figure_plan_month", "figure_renewal_month", "figure_member",
               "figure_member_part", "figure_buyer", "figure_buyer_month", "figure_joiner_month"}  # fmt: skip
FIGURE_TABLES = {"movement", "paid_period", "subscription", "pause", "membership", "plan_version"}
_ALL = [table._meta.tablename for table in schema.tables()]


async def _tables_read(rule: Invariant | References) -> set[str]:
    """By the plan of its statement: damage elsewhere cannot make a difference to it."""
    if isinstance(rule, References):
        return {rule.table, *(other for _, other in rule.columns)}
    sql = rule.sql.replace("{now}", "now()")
    is_text = rule.each.startswith("mirrored_")
    plan = await database.fetch_value(f"EXPLAIN (FORMAT JSON) {sql}", ["key"] if is_text else [ids.new()])
    words = str(json.load(plan))
    return {table for table in _ALL if f"'Relation Name': '{table}'" in words}
