"""Who counts in which arm, when, with what; and what stops an experiment by itself."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from components.experiments import (
    experiment_figures,
    experiment_results,
    experiment_traffic,
    experiment_watch,
    experiments,
)
from components.experiments.experiment_results import ExperimentResults
from components.foundation import clock, database, ids
from components.memberships.editing import plans
from components.orders.tables import Order
from tests.components.experiments import made
from tests.support import make_plans

MINUTE = timedelta(minutes=1)


async def begun(**given: Any) -> UUID:
    plan = await make_plans.club()
    return (await made.started(made.price_draft(plan, **given), by=await made.owner())).row.id


async def ask(experiment: UUID, arm: int, count: int = 1) -> list[UUID]:
    """So many people who are asked now."""
    found = [ids.new() for _ in range(count)]
    await database.execute(
        """INSERT INTO experiment_exposure (id, experiment, person, arm, first_at)
        SELECT gen_random_uuid(), $1, person, $2, $3 FROM unnest($4::uuid[]) person""",
        experiment, arm, clock.now(), found,
    )  # fmt: skip
    return found


async def join(person: UUID, *, at: timedelta = timedelta(), source: str = "subscription") -> None:
    await database.execute(
        """INSERT INTO membership (id, holder, plan, source, source_id, starts_at, note)
        SELECT $1, $2, id, $3, $1, $4, '' FROM plan LIMIT 1""",
        ids.new(), person, source, clock.now() + at,
    )  # fmt: skip


async def order(
    person: UUID, total: int, *, at: timedelta = timedelta(), currency: str = "GBP", credit: int = 0
) -> UUID:
    then = clock.now() + at
    row = Order(
        id=ids.new(), number=f"T-{ids.new().hex[-12:]}", person=person, email="x@kiln.test", name="x",
        currency=currency, goods=total, total=total, credit=credit, address="{}", placed_at=then, paid_at=then,
        expires_at=then,
    )  # fmt: skip
    await Order.insert(row)
    made_id: UUID = row.id
    return made_id


async def seen(experiment: UUID) -> ExperimentResults:
    found = await experiments.by_id(experiment)
    return await experiment_results.results(found.row, found.arms, clock.now())


def later(**span: int) -> None:
    clock.set_everywhere(clock.now() + timedelta(**span))


async def test_a_join_counts_in_its_days_and_a_person_once_they_are_over(db: None) -> None:
    experiment = await begun(days=14)
    one, late, gift, before = await ask(experiment, 1, 4)
    (usual,) = await ask(experiment, 0)
    await join(one, at=timedelta(days=14) - MINUTE)
    await join(one, at=timedelta(days=3), source="term")
    await join(late, at=timedelta(days=14))
    await join(gift, at=timedelta(days=1), source="gift")
    await join(before, at=-MINUTE)
    await join(usual)
    assert [one.counted.people for one in (await seen(experiment)).arms] == [0, 0], "nobody’s days are over"
    later(days=13, hours=23)
    assert [one.counted.people for one in (await seen(experiment)).arms] == [0, 0]
    later(hours=1)
    found = await seen(experiment)
    assert [(one.asked, one.counted.people, one.counted.total) for one in found.arms] == [(1, 1, 1), (4, 4, 1)]
    assert found.arms[1].interval is None and not found.has_enough
    later(days=100)
    assert [one.counted.total for one in (await seen(experiment)).arms] == [1, 1], "what comes later changes nothing"


async def test_money_is_fees_and_orders_of_those_days(db: None) -> None:
    experiment = await begun(figure="money", spread=2000, least=500, base=0, days=10)
    (one,) = await ask(experiment, 1)
    await ask(experiment, 0)
    await order(one, 1_000, at=timedelta(days=1))
    await order(one, 500, at=timedelta(days=10) - MINUTE)
    await order(one, 800, at=timedelta(days=1), credit=800)
    await order(one, 9_999, at=timedelta(days=10))
    await order(one, 9_999, at=-MINUTE)
    await order(one, 9_999, at=timedelta(days=1), currency="EUR")
    plan_version = await database.fetch_value("SELECT id FROM plan_version LIMIT 1")
    await database.execute(
        """INSERT INTO paid_term (id, payer, plan_version, created_at, paid_at, taxes)
        VALUES ($1, $2, $3, $4, $4, '[]')""",
        ids.new(), one, plan_version, clock.now() + timedelta(days=2),
    )  # fmt: skip
    later(days=10)
    arm = (await seen(experiment)).arms[1].counted
    assert (arm.total, arm.squares) == (1_500 + 3_900, 5_400**2)


async def test_what_is_clear_is_said_and_what_is_not_is_not(db: None) -> None:
    experiment = await begun(days=1)
    for person in (await ask(experiment, 1, 600))[:150]:
        await join(person)
    for person in (await ask(experiment, 0, 600))[:60]:
        await join(person)
    later(days=1)
    found = await seen(experiment)
    interval = found.arms[1].interval
    assert interval and interval.is_certain and 0 < interval.low < 0.15 < interval.high
    assert len(found.history) == 1 and found.history[0].counted == (600, 600)
    assert not found.is_mismatched
    await ask(experiment, 1, 300)
    assert (await seen(experiment)).is_mismatched


async def refunded(person: UUID) -> None:
    await database.execute(
        """INSERT INTO refund (id, "order", amount, credit, currency, reason, restocks, at, status)
        VALUES ($1, $2, 100, 0, 'GBP', '', false, $3, 'succeeded')""",
        ids.new(), await order(person, 1_000), clock.now(),
    )  # fmt: skip


async def test_a_guard_that_is_surely_passed_stops_it_and_today_is_told(db: None) -> None:
    experiment = await begun(most_refunds=200)
    bad = await ask(experiment, 1, 200)
    await ask(experiment, 0, 200)
    for person in bad[:40]:
        await refunded(person)
    later(days=29)
    await experiment_watch.watch()
    assert (await experiments.by_id(experiment)).row.state == "running", "their thirty days are not over"
    later(days=1)
    await experiment_watch.watch()
    await experiment_watch.watch()
    row = (await experiments.by_id(experiment)).row
    assert row.state == "stopped" and row.stopped_by_itself and "had an order or a fee refunded" in row.stopped_why
    entry = await database.fetch_values("SELECT what FROM audit_entry WHERE what LIKE 'experiment%' ORDER BY at")
    assert entry.count("experiment stopped by itself") == 1


@pytest.mark.parametrize("limit", [None, 5_000])
async def test_a_guard_that_is_not_set_or_not_reached_stops_nothing(db: None, limit: int | None) -> None:
    experiment = await begun(most_refunds=limit)
    for person in (await ask(experiment, 1, 200))[:40]:
        await refunded(person)
    await ask(experiment, 0, 200)
    later(days=30)
    await experiment_watch.watch()
    assert (await experiments.by_id(experiment)).row.state == "running"


async def test_a_guard_that_may_be_chance_stops_nothing(db: None) -> None:
    """Three of 200 against none is beyond a limit of nothing, and may well be chance."""
    experiment = await begun(most_refunds=0)
    for person in (await ask(experiment, 1, 200))[:3]:
        await refunded(person)
    await ask(experiment, 0, 200)
    later(days=30)
    await experiment_watch.watch()
    assert (await experiments.by_id(experiment)).row.state == "running"


async def test_orders_that_fall_stop_it(db: None) -> None:
    experiment = await begun(most_order_loss=1_000)
    await ask(experiment, 1, 150)
    for person in await ask(experiment, 0, 150):
        await order(person, 1_000)
    later(days=30)
    await experiment_watch.watch()
    assert "orders per person" in (await experiments.by_id(experiment)).row.stopped_why


async def test_another_price_of_the_plan_stops_it(db: None) -> None:
    experiment = await begun()
    plan = await database.fetch_value("SELECT id FROM plan")
    await plans.revise(plan, price=4_200, by=None)
    await experiment_watch.watch()
    assert "price was changed" in (await experiments.by_id(experiment)).row.stopped_why


async def test_traffic_is_of_people_who_were_no_members(db: None) -> None:
    await begun()
    shopper, joiner, member = (ids.new() for _ in range(3))
    await order(shopper, 100, at=-timedelta(days=5))
    await order(shopper, 100, at=-timedelta(days=4))
    await join(joiner, at=-timedelta(days=3))
    await join(member, at=-timedelta(days=100))
    await order(member, 100, at=-timedelta(days=2))
    await order(ids.new(), 100, at=-timedelta(days=57))
    found = await experiment_traffic.seen()
    assert (found.people, found.joined, found.base_bp) == (2, 1, 5_000)


async def test_figures_of_every_name_can_be_asked(db: None) -> None:
    experiment = await begun()
    for figure in (*experiment_figures.FIGURES, *experiment_figures.GUARDS):
        assert await experiment_figures.by_day(experiment, figure, 14, clock.now()) == ()
