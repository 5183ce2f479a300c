"""Sales, refunds, benefit costs and margins over a year of orders drawn at random, each worked out twice."""

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from components.foundation import clock, database
from components.insights.metrics import figures, plan_results
from components.insights.periods import sold_flows
from components.insights.rollups import figure_rebuild, figure_rolls, kept_comparison
from tests.conftest import NOON
from tests.figures.comparing import compare
from tests.figures.order_rows import Drawn
from tests.support import make_plans

DAY = timedelta(days=1)
MEMBERSHIP = """INSERT INTO membership (id, holder, plan, source, source_id, starts_at, ends_at)
  VALUES ($1, $2, $3, $4, $1, $5, $6)"""


@pytest.fixture
async def connection(db: None) -> AsyncIterator[asyncpg.Connection]:
    connected = await asyncpg.connect(database.dsn())
    yield connected
    await connected.close()


async def town(connection: asyncpg.Connection) -> list[UUID]:
    """Twenty people who were members by turns, of the free plan too, some of them never."""
    chance, people = random.Random(8), [uuid4() for _ in range(20)]
    with clock.frozen(NOON - 500 * DAY):
        plans = [
            (await make_plans.club(slug=slug, price=price)).id for slug, price in (("a", 3900), ("b", 900), ("c", 0))
        ]
    for person in people[:16]:
        at = NOON - 480 * DAY
        while at < NOON - 30 * DAY:
            ends = at + chance.randint(20, 200) * DAY
            plan = chance.choice(plans)
            source = "free" if plan == plans[2] else chance.choice(["comp", "earned"])
            until = None if ends > NOON else ends
            await connection.execute(MEMBERSHIP, uuid4(), person, plan, source, at, until)
            at = ends + chance.choice([-60, 0, 40]) * DAY
    return people


async def test_a_year_of_orders_benefits_and_credit_is_the_same_counted_twice(connection: asyncpg.Connection) -> None:
    drawn = Drawn(connection, seed=8)
    people = await town(connection)
    await drawn.write(people, number=300, from_at=NOON - 450 * DAY, until=NOON)
    await drawn.write(people, number=40, from_at=NOON - 7 * DAY, until=NOON)
    for at in (NOON, NOON - 100 * DAY):
        with clock.frozen(at):
            found = await compare()
            assert found.found == []
    results = await plan_results.by_plan(365)
    assert all(one.margin and one.lines > one.costed > 0 for one in results[:2])
    assert all(0 < one.in_margin < one.by_kind["member_price"] for one in results[:2])
    assert {kind for one in results for kind in one.by_kind} >= {"member_price", "free_delivery", "cashback", ""}
    (sold,) = await database.batch(figures.sales(1, 30))
    assert sold[1].refunds and sold[1].orders > sold[0].orders


FAULTS = (
    (plan_results, "_SQL", ", 'expired'", "", "costs of"),
    (plan_results, "_SQL", "(m.ends_at IS NULL OR m.ends_at > gave.at) DESC, ", "", "costs of"),
    (plan_results, "_SQL", " AND l.unit_cost IS NOT NULL", "", "in the margin of"),
    (plan_results, "_SQL", "l.unit_cost * l.quantity", "l.unit_cost", "margin of"),
    (plan_results, "_SQL", "m.source = 'free', ", "", "margin of"),
    (figures, "_SALES", "status <> 'failed' AND ", "", "refunds, 30 days"),
    (figures, "_SALES", "sum(total)", "sum(total - credit)", "sales, 30 days"),
)


async def test_a_wrong_formula_is_found(connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    await Drawn(connection, seed=8).write(await town(connection), number=200, from_at=NOON - 300 * DAY, until=NOON)
    await Drawn(connection, seed=9).write([], number=60, from_at=NOON - 20 * DAY, until=NOON)
    for module, name, right, wrong, said in FAULTS:
        sql = getattr(module, name)
        assert right in sql, (name, right)
        with monkeypatch.context() as patch:
            patch.setattr(module, name, sql.replace(right, wrong))
            assert any(words.startswith(said) for words in (await compare()).found), (name, right)
    assert (await compare()).found == []


LATER = (
    """UPDATE orders SET person = NULL WHERE id = (SELECT id FROM orders WHERE person IS NOT NULL AND paid_at < $1
       LIMIT 1)""",
    """UPDATE refund SET status = 'failed' WHERE id = (SELECT id FROM refund WHERE status = 'pending' AND at < $1
       LIMIT 1)""",
    """UPDATE orders SET paid_at = placed_at WHERE id = (SELECT id FROM orders WHERE paid_at IS NULL AND placed_at < $1
       LIMIT 1)""",
    """UPDATE membership SET ends_at = starts_at + interval '5 days' WHERE id = (SELECT id FROM membership
       WHERE starts_at < $1 AND source <> 'free' AND (ends_at IS NULL OR ends_at > starts_at + interval '15 days')
       ORDER BY starts_at DESC LIMIT 1)""",
    """DELETE FROM membership WHERE id = (SELECT id FROM membership WHERE starts_at < $1 AND source <> 'free'
       LIMIT 1)""",
)
"""What may become of a day that is over, and was added up."""


async def test_days_that_are_kept_follow_whatever_becomes_of_them(connection: asyncpg.Connection) -> None:
    drawn, people = Drawn(connection, seed=8), await town(connection)
    await drawn.write(people, number=150, from_at=NOON - 450 * DAY, until=NOON)
    await figure_rolls.roll_all()
    assert (await compare()).found == []
    assert await database.fetch_value("SELECT count(*) FROM figure_day_change") == 0
    for place, statement in enumerate(LATER):
        assert await database.execute(statement, NOON - 30 * DAY) == 1, statement
        assert await database.fetch_value("SELECT count(*) FROM figure_day_change") > 0, statement
        assert (await compare()).found == [] and await kept_comparison.compare() == []
        await drawn.write(people, number=5, from_at=NOON - 300 * DAY, until=NOON)
        if place % 2:
            await figure_rolls.roll_all()
        assert (await compare()).found == [] and await kept_comparison.compare() == []
    await figure_rolls.roll_all()
    assert (await compare()).found == [] and await kept_comparison.compare() == []
    with clock.frozen(NOON - 100 * DAY):
        assert (await compare()).found == []


async def test_an_order_somebody_joined_with_is_a_members_order(connection: asyncpg.Connection) -> None:
    """Also where the membership began a moment after the payment, and the order’s day was over and added up by then."""
    people = await town(connection)
    await Drawn(connection, seed=8).write(people, number=200, from_at=NOON - 300 * DAY, until=NOON)
    await figure_rolls.roll_all()
    before = await _of_members()
    strangers = await connection.fetch(STRANGERS, people[16:], NOON - 2 * DAY)
    assert len(strangers) > 10
    (plan,) = await database.fetch_values("SELECT id FROM plan WHERE slug = 'a'")
    (version, *_) = await database.fetch_values("SELECT id FROM plan_version WHERE plan = $1", plan)
    for place, (order, person, paid_at) in enumerate(strangers):
        joined = uuid4()
        begun = paid_at + (DAY if place % 2 else timedelta(seconds=2))
        await connection.execute(
            f"UPDATE orders SET {('joins', 'joins_term')[place % 2]} = $2, joining_version = $3 WHERE id = $1",
            order,
            joined,
            version,
        )
        await connection.execute(JOINED, person, plan, joined, begun, begun + timedelta(seconds=1))
    assert (await compare()).found == [] and await kept_comparison.compare() == []
    assert await _of_members() == before + len(strangers)
    await figure_rolls.roll_all()
    assert (await compare()).found == [] and await kept_comparison.compare() == []
    assert await _of_members() == before + len(strangers)


STRANGERS = """SELECT id, person, paid_at FROM orders WHERE person = ANY($1) AND paid_at < $2"""
JOINED = """INSERT INTO membership (id, holder, plan, source, source_id, starts_at, ends_at)
  VALUES (gen_random_uuid(), $1, $2, 'comp', $3, $4, $5)"""


async def _of_members() -> int:
    edges = [figures.midnight(NOON - 365 * DAY), figures.midnight(NOON + DAY)]
    (found,) = await database.batch(sold_flows.query(edges, now=NOON))
    return int(found.between(*edges).members_orders)


async def test_days_are_read_as_they_are_kept_and_added_up_anew_when_asked(connection: asyncpg.Connection) -> None:
    await Drawn(connection, seed=8).write(await town(connection), number=60, from_at=NOON - 200 * DAY, until=NOON)
    await figure_rolls.roll_all()
    await database.execute("UPDATE figure_day SET amount = amount + 1")
    assert any(words.startswith("sales, 365 days") for words in (await compare()).found)
    assert [one.name for one in await kept_comparison.compare()] == ["days"]
    await figure_rebuild.rebuild()
    assert (await compare()).found == [] and await kept_comparison.compare() == []


async def test_a_day_of_which_nothing_is_kept_is_found(connection: asyncpg.Connection) -> None:
    await Drawn(connection, seed=8).write([], number=20, from_at=NOON - 40 * DAY, until=NOON)
    await figure_rolls.roll_all()
    assert await kept_comparison.compare() == []
    await database.execute("DELETE FROM figure_day WHERE day = (SELECT min(day) FROM figure_day WHERE number > 0)")
    assert [(one.name, one.rows > 0) for one in await kept_comparison.compare()] == [("days", True)]
