"""The shop of many members that figures are measured with: its rows are right, and no index or reference is missing."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from benchmarks import bulk_writing, many_members, small_shop
from components.foundation import clock, database
from components.insights import invariants
from components.insights.rollups import day_parts, figure_rebuild, kept_comparison, renewal_parts
from tests.support.shops import Shop

MEMBERS, ORDERS = 60, 700
_MADE = """SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid::regclass::text !~ '^pg_'
  UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated
    FROM pg_constraint WHERE conrelid <> 0 ORDER BY 1"""


async def made() -> list[str]:
    """Indexes and constraints, without the casts and brackets that differ once PostgreSQL has read its own words."""
    return [re.sub(r"::[a-z ]+(\[\])?|[()]", "", one) for one in await database.fetch_values(_MADE)]


@pytest.fixture
async def before(shop: Shop) -> AsyncIterator[list[str]]:
    """The indexes and references of before, in a shop that has been written since."""
    clock.set_everywhere(datetime.now(UTC))
    await small_shop.stock()
    found = await made()
    await bulk_writing.write(many_members.LARGE, many_members.statements(MEMBERS, ORDERS))
    yield found


async def test_the_rows_keep_every_promise_and_every_index_is_there_again(before: list[str]) -> None:
    assert await made() == before and len(before) > 500
    assert await database.fetch_value("SELECT count(*) FROM orders") == ORDERS
    assert await database.fetch_value("SELECT count(*) FROM subscription") == MEMBERS
    await figure_rebuild.rebuild()
    assert await kept_comparison.compare() == []
    assert {part.name: part.broken async for part in invariants.examine() if part.broken} == {}


async def test_kept_renewals_read_each_paid_period_once(before: list[str]) -> None:
    told = await database.fetch_value(
        f"EXPLAIN (ANALYZE, FORMAT JSON) {renewal_parts.ANEW.format(whom=renewal_parts.EVERYBODY)}"
    )
    waiting, read = [json.loads(told)[0]["Plan"]], 0
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        if node.get("Relation Name") == "paid_period":
            read += int(node["Actual Rows"] * node["Actual Loops"])
    assert read == await database.fetch_value("SELECT count(*) FROM paid_period") > 10 * MEMBERS


@pytest.mark.usefixtures("before")
async def test_movements_and_those_of_plans_share_one_reading_of_all_paid_periods() -> None:
    """The statements that need the fees themselves read them once each, and who pays now the last of theirs."""
    theirs = [
        filling
        for table, _, filling in figure_rebuild.FILLINGS
        if "insights_paid_periods" in filling
        and table not in ("figure_movement", "figure_plan_movement", "figure_standing")
    ]
    alone = [filling for filling in theirs if "insights_paid_periods" in filling.replace(day_parts.EVERY_DAY, "")]
    periods = await database.fetch_value("SELECT count(*) FROM paid_period")
    async with database.transaction():
        before = await database.fetch_value(_READ)  # what this connection did of late may still be counted with it
        await figure_rebuild.rebuild()
        read = await database.fetch_value(_READ) - before
        paying = await database.fetch_value("SELECT count(*) FROM figure_standing")
    ends = 2 * (1 + len(theirs))  # the first and the last fee, which the planner looks up for each of them
    assert len(alone) * periods < read <= (1 + len(alone)) * periods + paying + ends


_READ = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'paid_period'"
