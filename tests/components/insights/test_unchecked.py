"""What could not be checked is said: a check never passes because it did not happen."""

import asyncio
import time
from datetime import timedelta

import pytest

from components.foundation import clock, database, jobs
from components.foundation.consistency import invariant_walks
from components.foundation.consistency.table_keys import Extent
from components.insights import invariants, operations_commands
from components.insights.movements import movement_invariants, movements
from components.memberships.grants import imported_memberships
from components.memberships.plans import plan_catalogue
from tests.conftest import NOON
from tests.support import make_plans, people


@pytest.fixture(autouse=True)
async def one_member(db: None) -> None:
    began, ended = NOON - timedelta(days=400), NOON - timedelta(days=35)
    with clock.frozen(began - timedelta(days=1)):
        await make_plans.club(price=3900, interval="year", slug="annual")
        theo = await people.customer("theo@kiln.test")
    plan = plan_catalogue.by_slug("annual", began)
    await imported_memberships.import_membership(theo.id, plan, started_at=began, ended_at=ended, reason="price")
    await movements.record(theo.id, at=began + timedelta(minutes=1))
    await movements.record(theo.id, at=ended + timedelta(minutes=1))
    await database.execute("DELETE FROM procrastinate_jobs")


async def test_a_comparison_that_is_cut_off_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Staff read it the next morning, and `check-invariants` does not call everything consistent."""
    extent = Extent()
    monkeypatch.setattr(invariant_walks, "WHOLE_SECONDS", 1)
    slow = "SELECT NULL::uuid AS person, $1::timestamptz AS paid, 0 AS noted FROM pg_sleep(9)"
    monkeypatch.setattr(movement_invariants, "_BY_PAYER", slow)
    assert await movement_invariants.against_payments(extent) == []
    too_long = "Not checked, because it took too long: each person pays what their movements say"
    assert extent.unchecked == [too_long] and await invariants.nightly() == [too_long]
    assert operations_commands._verdict(0, extent) == "What was checked is consistent."


async def test_figures_are_compared_at_night_unless_news_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nightly check is a job itself, and others are always waiting for their time."""
    extent = Extent()
    await jobs.defer("timetable:reconcile_payments_fully", timestamp=0)
    await database.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    monkeypatch.setattr(
        movement_invariants, "_NO_EDGE", "SELECT payer AS person, now() AS at FROM insights_subscriptions"
    )
    assert "nothing was paid, paused or ended then" in (await movement_invariants.against_payments(extent))[0].words
    await jobs.defer("process_event", event_id="evt_1")
    assert await movement_invariants.against_payments(extent) == [] and "1 piece of news waits" in extent.put_off[0]


async def test_at_night_news_is_waited_for_only_while_somebody_works_it_off() -> None:
    extent = Extent(patience=60)
    await jobs.defer("process_event", event_id="evt_1")
    began = time.monotonic()
    await movement_invariants.against_payments(extent)
    await database.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    await movement_invariants.against_payments(extent)
    assert time.monotonic() - began < 10 and len(extent.put_off) == 2
    waiting = asyncio.create_task(movement_invariants.against_payments(extent))
    await database.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    await asyncio.sleep(1.5)
    assert not waiting.done()
    await database.execute("DELETE FROM procrastinate_jobs")
    await waiting
    assert len(extent.put_off) == 2
