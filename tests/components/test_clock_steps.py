"""The machine's clock is put forward or back, as a time server does: nothing stands still until it has caught up,
nobody is locked out or let in for it, and nothing is done a thousand times.

Whatever waits or is limited by seconds counts them by the monotonic clock: `tests/architecture/test_house.py` lets
nobody but `clock` read the time of day.
"""

from collections.abc import AsyncIterator
from datetime import timedelta

import pyotp
import pytest
from procrastinate import App
from procrastinate.periodic import PeriodicDeferrer

from components import worker
from components.foundation import clock, database, jobs
from components.foundation.operations import own_jobs
from components.foundation.operations.own_jobs import WatchedJobs
from components.foundation.operations.steady_schedule import SteadySchedule
from components.people import rate_limits, sessions
from components.people.identity import identity_checks
from components.people.rate_limits import RateLimit, TooManyTries
from components.people.second_factor import authenticator_app
from tests.support import people

pytestmark = pytest.mark.usefixtures("db")
DAY = timedelta(days=1)
SECONDS_OF_A_DAY = 86_400
NOON = 1_793_966_400.5
"""Half a second after noon, as the schedule wakes up."""
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
async def app(dsn: str) -> AsyncIterator[App]:
    made = worker.job_app(dsn)
    made.job_manager = WatchedJobs(made.connector, dsn)
    async with made.open_async():
        yield made
        await made.job_manager.let_go()


def due(schedule: PeriodicDeferrer, at: float) -> list[str]:
    return [task.task.name for task, _ in schedule.get_previous_tasks(at=at)]


def test_the_schedule_goes_on_when_the_clock_is_put_back(app: App) -> None:
    schedule = SteadySchedule(app.periodic_registry)
    every_minute = {f"timetable:{name}" for cron, name in worker.TIMETABLE if cron == "* * * * *"}
    assert every_minute <= set(due(schedule, NOON))
    assert not due(schedule, NOON + 1), "what was due a second ago is due again"
    assert every_minute <= set(due(schedule, NOON - SECONDS_OF_A_DAY)), "it stands still for a day"
    assert every_minute <= set(due(schedule, NOON - SECONDS_OF_A_DAY + 60))


def test_put_forward_each_task_is_done_once(app: App) -> None:
    schedule = SteadySchedule(app.periodic_registry)
    due(schedule, NOON)
    due(schedule, NOON + 60)
    missed = due(schedule, NOON + 60 + SECONDS_OF_A_DAY)
    assert sorted(set(missed)) == sorted(missed), "a task is begun once for every minute that was skipped"
    assert "timetable:run_daily_benefits" in missed, "what is due once a day was left out"


async def test_attempts_noted_before_it_was_put_back_lock_nobody_out() -> None:
    limit, now = RateLimit("knocking", 2, timedelta(minutes=15)), clock.now()
    for _ in range(2):
        await rate_limits.hit(limit, "maya")
    with pytest.raises(TooManyTries):
        await rate_limits.hit(limit, "maya")
    clock.set_everywhere(now - DAY)
    for _ in range(2):
        await rate_limits.hit(limit, "maya")
    with pytest.raises(TooManyTries) as refused:
        await rate_limits.hit(limit, "maya")
    assert refused.value.retry_after <= 15 * 60


async def test_who_confirmed_before_it_was_put_back_is_asked_again() -> None:
    iris, now = await people.owner(), clock.now()
    token = await sessions.start(iris.id)
    assert await identity_checks.is_confirmed(token)
    clock.set_everywhere(now - DAY)
    assert not await identity_checks.is_confirmed(token), "confirmed for a day instead of ten minutes"
    assert await database.fetch_value("SELECT count(*) FROM session WHERE ended_at IS NULL") == 1
    clock.set_everywhere(now + timedelta(minutes=9))
    assert await identity_checks.is_confirmed(token)


async def test_an_app_signs_in_after_it_was_put_back_and_each_code_still_once(monkeypatch: pytest.MonkeyPatch) -> None:
    iris, at = await people.owner(), clock.of_this_machine()
    monkeypatch.setattr(clock, "of_this_machine", lambda: at)
    secret = (await authenticator_app.begin(iris.id, email=iris.email)).secret
    await authenticator_app.finish(iris.id, pyotp.TOTP(secret).at(at))
    monkeypatch.setattr(clock, "of_this_machine", lambda: at - DAY)
    code = pyotp.TOTP(secret).at(at - DAY)
    assert await authenticator_app.use(iris.id, code), "refused for a day"
    assert not await authenticator_app.use(iris.id, code)


async def test_put_forward_a_living_worker_keeps_its_job(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its heartbeat seems to be an hour old until it sends the next one, two seconds later."""
    await jobs.defer("deliver_fact", fact_id=NOBODY)
    assert await app.job_manager.fetch_job(None, await app.job_manager.register_worker())
    await database.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    assert await worker.resume_stalled(app) == 0, "the job is done twice at once"
    await database.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '50 minutes'")
    monkeypatch.setattr(own_jobs, "SILENT_SECONDS", 0.0)
    assert await worker.resume_stalled(app) == 1, "one that stays silent is dead, whoever holds its lock"


async def test_put_back_what_a_dead_worker_had_begun_is_done(app: App) -> None:
    """Its last heartbeat is in the future."""
    await jobs.defer("deliver_fact", fact_id=NOBODY)
    dead = await database.fetch_value(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() + interval '1 hour') RETURNING id"
    )
    await database.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = $1", dead)
    assert await worker.resume_stalled(app) == 1
