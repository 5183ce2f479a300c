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
_SUM = "SELECT count(*) FROM"
_LATE = "mirrored_invoice i JOIN subscription s ON s.id = i.local_id WHERE i.status"
AGREE = {
    "an order goes where its person pays fees from": (
        f"{_SUM} orders o JOIN subscription s ON s.payer = o.person",
        """SELECT o.number FROM orders o JOIN subscription s ON s.payer = o.person
        JOIN paid_period p ON p.subscription = s.id WHERE p.tax_country <> o.address::json ->> 'country'""",
    ),
    "a country is of people and not of orders: each has one": (
        f"{_SUM} (SELECT DISTINCT address::json ->> 'country' FROM orders OFFSET 2) third",
        "SELECT person FROM orders GROUP BY person HAVING count(DISTINCT address::json ->> 'country') > 1",
    ),
    "a charge that failed for good ended the membership and nothing was paid from then on": (
        f"{_SUM} {_LATE} = 'uncollectible'",
        f"""SELECT i.stripe_id FROM {_LATE} = 'uncollectible' AND (s.ended_at IS DISTINCT FROM i.created_at
          OR NOT EXISTS (SELECT FROM paid_period p WHERE p.subscription = s.id)
          OR EXISTS (SELECT FROM paid_period p WHERE p.subscription = s.id AND p.starts_at >= i.created_at))""",
    ),
    "who left for that is written down as such, and cancelled nothing": (
        f"{_SUM} movement WHERE because = 'payment failed'",
        """SELECT m.person FROM movement m JOIN subscription s ON s.payer = m.person
        WHERE m.kind = 'churn' AND (m.because = 'payment failed') <> (s.cancel_at IS NULL
          AND NOT EXISTS (SELECT FROM cancel_attempt c WHERE c.subscription = s.id)
          AND EXISTS (SELECT FROM mirrored_invoice i WHERE i.local_id = s.id AND i.status = 'uncollectible'))""",
    ),
    "a charge that failed first was paid when its period was, and is no first one": (
        f"{_SUM} {_LATE} = 'paid'",
        f"""SELECT i.stripe_id FROM {_LATE} = 'paid' AND 1 <> (SELECT count(*) FROM paid_period p
          WHERE p.subscription = s.id AND p.starts_at = i.created_at AND p.paid_at = i.paid_at
          AND p.amount = i.total AND p.starts_at > s.started_at)""",
    ),
    "a benefit is used by who holds it, in an order of theirs, for what it saved": (
        f"{_SUM} benefit_use",
        """SELECT u.reference FROM benefit_use u WHERE NOT EXISTS (SELECT FROM entitlement e JOIN orders o
          ON o.id = u.order_id AND o.person = e.person AND o.paid_at = u.at AND o.member_savings = u.regular - u.paid
        WHERE e.person = u.person AND e.benefit = u.benefit AND holds(e.from_at, e.until_at, u.at))""",
    ),
    "who holds it when they order uses it": (
        f"{_SUM} orders o WHERE EXISTS (SELECT FROM benefit_use u WHERE u.order_id = o.id)",
        """SELECT o.number FROM orders o JOIN entitlement e ON e.person = o.person
        AND holds(e.from_at, e.until_at, o.paid_at)
        WHERE NOT EXISTS (SELECT FROM benefit_use u WHERE u.order_id = o.id AND u.benefit = e.benefit)""",
    ),
}
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


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("what", sorted(AGREE))
async def test_the_rows_say_the_same_of_one_another(what: str) -> None:
    """What no promise compares: where people live, what was paid late or never, and who used a benefit."""
    looked_at, differ = AGREE[what]
    assert await database.fetch_value(looked_at) > 0, "there is something to compare"
    assert await database.fetch_rows(f"{differ} LIMIT 3") == []


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
    """The statements that need the fees themselves read them once each; who pays now, the last of theirs; a renewal
    that failed, one before it."""
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
        failed = await database.fetch_value(
            "SELECT count(failed_at) FROM insights_invoices WHERE reason = 'subscription_cycle'"
        )
    ends = 2 * (1 + len(theirs))  # the first and the last fee, which the planner looks up for each of them
    assert len(alone) * periods < read <= (1 + len(alone)) * periods + paying + failed + ends


_READ = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'paid_period'"
