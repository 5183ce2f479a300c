"""A month moved on the practice clock does what a month would have done."""

import asyncio
import dataclasses
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from components import worker
from components.foundation import clock, database, jobs, practice_time, settings
from components.foundation.operations import doctor, terminal
from components.insights import invariants, operations_commands
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from components.people import cleanup, session_list, sessions
from tests.conftest import NOON
from tests.support import agreed_dates, buy_products, fill_basket, join_members, make_plans, make_products, people
from tests.support.shops import Shop
from web.app import SteppedClock
from web.standin.state import practice_offset

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def moved(shop: Shop) -> Iterator[Any]:
    """The clock belongs to the stand-in, as in a served practice shop; `moved(steps)` moves it and lets jobs work."""
    shop.stand_in.follow(lambda: NOON)
    clock.set_everywhere(None)
    clock.use_source(shop.stand_in.now)
    practice_time.use(SteppedClock(shop.stand_in, shop.app))

    async def move(step: timedelta) -> None:
        shop.stand_in.engine.move(step)
        await practice_time.move(worker.run_scheduled, settle=shop.catch_up)

    yield move
    practice_time.use(None)


async def test_moving_the_clock_signs_nobody_out_and_keeps_nobody_in(shop: Shop, moved: Any) -> None:
    """How long somebody is signed in is counted in real time; the clock's own half year is half a minute."""
    await people.customer()
    browser = await shop.signed_in("noor@kiln.test")
    token, now = browser.client.cookies["session"], clock.unmoved()
    await moved(timedelta(days=200))
    assert clock.now() == NOON + 200 * DAY
    assert (await browser.get("/account")).heading == "Hello, Noor"
    (open_session,) = await session_list.active_sessions(await join_members.person("noor@kiln.test"), token=token)
    assert open_session.is_this_one and abs(open_session.started_at - now) < HOUR
    await cleanup.delete_expired()
    for real, is_in in ((now + 29 * DAY, True), (now + 31 * DAY, False)):
        with clock.frozen(real):
            assert ((await database.batch(sessions.query(token)))[0] is not None) is is_in


async def written(template: str) -> list[datetime]:
    rows = await database.fetch("SELECT created_at FROM email WHERE template = $1 ORDER BY created_at", template)
    return [row["created_at"] for row in rows]


async def sound() -> list[str]:
    return [words async for part in invariants.examine() for words in part.broken]


async def test_a_month_moved_sends_what_a_month_would_have_sent(shop: Shop, moved: Any) -> None:
    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=14, trial_ends="card"), by=None)
    await join_members.joins(shop, plan_catalogue.by_slug("monthly"))
    await moved(timedelta(days=31))
    assert clock.now() == NOON + 31 * DAY and practice_time.moving_to() is None
    (notice,) = await written("trial_ending")
    assert NOON + 6 * DAY <= notice <= NOON + 7 * DAY, "a Visa card: at least seven days before"
    (period,) = await database.fetch("SELECT starts_at, amount FROM paid_period")
    assert (period["starts_at"], period["amount"]) == (NOON + 14 * DAY, 450)
    assert await sound() == []
    await moved(timedelta(days=31))
    assert len(await written("trial_ending")) == 1
    assert await database.fetch_value("SELECT count(*) FROM paid_period") == 2
    assert await sound() == []


async def test_a_pause_ends_on_its_day_although_the_clock_jumps_over_it(shop: Shop, moved: Any) -> None:
    browser = await join_members.joins(shop, await make_plans.club(price=400, interval="month", slug="monthly"))
    await browser.post("/account/membership/pause", agreed_dates.pause_now())
    await shop.catch_up()
    await moved(timedelta(days=40))
    assert await database.fetch_value("SELECT status FROM subscription") == "active"
    ended = await database.fetch_value("SELECT ended_at FROM pause")
    assert NOON + 31 * DAY - HOUR <= ended <= NOON + 31 * DAY + 11 * HOUR
    assert await sound() == []


async def test_what_was_bought_just_before_is_confirmed_although_a_month_is_moved(shop: Shop, moved: Any) -> None:
    await fill_basket.ways()
    await make_products.product()
    await buy_products.buy(shop, shop.browser())
    await moved(timedelta(days=31))
    assert len(await written("order_confirmation")) == 1


async def test_moving_again_meanwhile_adds_to_the_target_and_what_was_begun_is_continued(
    shop: Shop, moved: Any, dsn: str
) -> None:
    shop.stand_in.engine.move(DAY)
    shop.stand_in.engine.move(DAY)
    assert practice_time.moving_to() == NOON + 2 * DAY and clock.now() == NOON
    await asyncio.gather(practice_time.continue_moving(), practice_time.continue_moving())
    await practice_time.continue_moving()
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'move_practice_clock'"
    assert await database.fetch_value(waiting) == 1
    assert "The clock is being moved to Wednesday 3 March 2027" in (await shop.browser().get("/collections")).words
    await worker.catch_up(dsn)
    assert clock.now() == NOON + 2 * DAY and practice_time.moving_to() is None
    assert "being moved" not in (await shop.browser().get("/collections")).words


async def test_the_control_page_answers_at_once_and_the_worker_moves_the_clock(
    shop: Shop, moved: Any, dsn: str
) -> None:
    browser = shop.browser()
    page = await browser.post("/offline-payments/control/clock", {"step": "day"})
    assert page.status == 200 and "The clock is being moved to" in page.words
    assert clock.now() == NOON
    await practice_time.continue_moving()
    await worker.catch_up(dsn)
    assert clock.now() == NOON + DAY


async def test_one_failing_task_does_not_stop_the_others(
    shop: Shop, moved: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    async def fails() -> None:
        raise ValueError("no")

    async def notes() -> None:
        ran.append("send_trial_notices")

    monkeypatch.setitem(worker.TASKS, "send_renewal_notices", fails)
    monkeypatch.setitem(worker.TASKS, "send_trial_notices", notes)
    await moved(3 * DAY)
    assert len(ran) == 3


def test_stops_are_few_and_every_day_has_one_after_the_jobs_of_the_morning() -> None:
    now, target, stops = NOON, NOON + timedelta(days=366), []
    while now < target:
        now = practice_time.next_stop(now, target)
        stops.append(now)
    assert stops[-1] == target and len(stops) < 500
    assert {stop.hour for stop in stops[:300]} == {9}
    assert practice_time.next_stop(NOON, NOON + HOUR) == NOON + HOUR


def test_each_task_runs_once_between_two_stops_in_the_order_of_the_day() -> None:
    morning, evening = datetime(2027, 3, 2, 9, tzinfo=UTC), datetime(2027, 3, 1, 21, tzinfo=UTC)
    assert worker._last("7 8 * * *", evening, morning) == datetime(2027, 3, 2, 8, 7, tzinfo=UTC)
    assert worker._last("*/15 * * * *", evening, morning) == morning
    assert worker._last("7 8 * * *", morning, morning + 12 * HOUR) is None


# Terminal commands


@pytest.fixture
def at_home(shop: Shop) -> Iterator[Path]:
    """A data folder with the shop's stand-in in it, as terminal commands find it."""
    terminal.use_practice_offset(practice_offset.read)
    clock.set_everywhere(None)
    yield shop.stand_in.engine.store.path.parent
    terminal.use_practice_offset(lambda folder: timedelta())
    clock.use_system_time()


async def test_commands_live_in_the_time_of_the_practice_clock(
    shop: Shop, at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.stand_in.engine.source = lambda: int(clock.of_this_machine().timestamp())
    shop.stand_in.advance(31 * DAY)
    clock.use_source(shop.stand_in.now)
    await join_members.joins(shop, await make_plans.club(price=325, interval="month", slug="monthly"))
    await worker.TASKS["record_movements"]()
    clock.use_system_time()
    terminal.follow_practice_clock(at_home)
    assert timedelta(days=30) < clock.now() - clock.of_this_machine() < timedelta(days=32)
    assert await operations_commands.check_sample() == 0, capsys.readouterr().out
    assert "the practice clock is 3" in (await doctor._clock()).words


def test_with_a_stripe_key_or_without_a_stand_in_it_is_the_machines_time(
    shop: Shop, at_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.stand_in.advance(31 * DAY)
    terminal.follow_practice_clock(tmp_path / "elsewhere")
    assert clock.now() - clock.of_this_machine() < HOUR
    real = dataclasses.replace(settings.current(), stripe_secret_key="sk_test_1")
    monkeypatch.setattr(settings, "current", lambda: real)
    terminal.follow_practice_clock(at_home)
    assert clock.now() - clock.of_this_machine() < HOUR


async def test_a_slow_machine_is_waited_for_and_one_that_does_nothing_twice_at_most(
    shop: Shop, moved: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the clock runs ahead of the webhooks, and the shop differs from Stripe until it has caught up."""
    monkeypatch.setattr(practice_time, "PATIENCE_SECONDS", 0.4)
    settling = practice_time.JobSettling(SteppedClock(shop.stand_in, shop.app))
    for number in range(12):
        await jobs.defer("react", fact_id=str(number), reaction="none")
    working = asyncio.create_task(_one_job_after_the_other())
    await settling.wait()
    assert working.done() and await database.fetch_value(_LEFT) == 0 and settling.in_vain == 0
    await jobs.defer("react", fact_id="stuck", reaction="none")
    for _ in range(3):
        begun = time.monotonic()
        await settling.wait()
    assert settling.in_vain == 3 and time.monotonic() - begun < 0.3


_LEFT = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"


async def _one_job_after_the_other() -> None:
    next_one = "SELECT min(id) FROM procrastinate_jobs WHERE status = 'todo'"
    while (job := await database.fetch_value(next_one)) is not None:
        await asyncio.sleep(0.15)
        await database.execute("DELETE FROM procrastinate_jobs WHERE id = $1", job)
