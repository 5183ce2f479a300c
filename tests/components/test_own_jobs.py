"""A job is its worker's until that worker is dead, and is never done twice at once."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from procrastinate import App
from procrastinate.jobs import Job, Status

from components import worker
from components.foundation import database, jobs
from components.foundation.operations.own_jobs import WatchedJobs

pytestmark = pytest.mark.usefixtures("db")
NOBODY = "00000000-0000-0000-0000-000000000000"
NO_HEARTBEAT = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '7 seconds'"
STATE = "SELECT status::text || ' of ' || worker_id FROM procrastinate_jobs"
CUT = """
SELECT pg_terminate_backend(pid) FROM pg_locks
WHERE locktype = 'advisory' AND classid = 727003 AND objid::bigint = $1
"""
HOLDER = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 727003 AND objid::bigint = $1"
LOCKED = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 727003 AND objid::bigint = $1"
OTHER_PROCESS = """
import asyncio, sys
from procrastinate import App, PsycopgConnector
from components.foundation.operations.own_jobs import WatchedJobs

async def begin(dsn):
    app = App(connector=PsycopgConnector(conninfo=dsn, min_size=1, max_size=1))
    async with app.open_async():
        own = WatchedJobs(app.connector, dsn)
        job = await own.fetch_job(None, await own.register_worker())
        print("begun", job.worker_id, flush=True)
        await asyncio.sleep(60)

asyncio.run(begin(sys.argv[1]))
"""


@pytest.fixture
async def app(dsn: str) -> AsyncIterator[App]:
    made = worker.job_app(dsn)
    made.job_manager = WatchedJobs(made.connector, dsn)
    async with made.open_async():
        yield made
        await made.job_manager.let_go()


async def _begun(app: App) -> Job:
    """A job that a worker of this app has in hand."""
    await jobs.defer("deliver_fact", fact_id=NOBODY)
    job = await app.job_manager.fetch_job(None, await app.job_manager.register_worker())
    assert job is not None
    return job


@contextmanager
def begun_elsewhere(dsn: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-c", OTHER_PROCESS, dsn], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("begun")
        yield process
    finally:
        process.kill()
        process.wait()


async def test_killed_and_only_then_what_it_had_begun_is_taken_up(app: App, dsn: str) -> None:
    """A worker that is slow, and sends no heartbeat, is not dead: its process holds its lock."""
    await jobs.defer("deliver_fact", fact_id=NOBODY)
    with begun_elsewhere(dsn) as process:
        await database.execute(NO_HEARTBEAT)
        assert await worker.resume_stalled(app) == 0
        process.kill()
        process.wait()
        for _ in range(100):
            if await worker.resume_stalled(app):
                break
            await asyncio.sleep(0.02)
    assert await database.fetch_value("SELECT status::text FROM procrastinate_jobs") == "todo"


async def test_two_that_take_up_the_same_job_give_it_to_one(app: App, dsn: str) -> None:
    lost = await _begun(app)
    await database.execute("DELETE FROM procrastinate_workers")
    other = worker.job_app(dsn)
    async with other.open_async():
        seen_by_both = [await each.job_manager.abandoned() for each in (app, other)]
        assert [len(seen) for seen in seen_by_both] == [1, 1]
        await app.job_manager.retry_job(seen_by_both[0][0])
        again = await app.job_manager.fetch_job(None, await app.job_manager.register_worker())
        assert again is not None and again.id == lost.id
        await other.job_manager.retry_job(seen_by_both[1][0])
    assert await database.fetch_value(STATE) == f"doing of {again.worker_id}"


async def test_who_lost_a_job_neither_ends_nor_repeats_it(app: App) -> None:
    """A worker that was taken for dead, and comes back, finds its job in somebody else's hands."""
    lost = await _begun(app)
    await app.job_manager.retry_job(lost)
    now = await app.job_manager.fetch_job(None, await app.job_manager.register_worker())
    assert now is not None and now.id == lost.id and now.worker_id != lost.worker_id
    await app.job_manager.finish_job(lost, status=Status.SUCCEEDED, delete_job=True)
    await app.job_manager.retry_job(lost)
    assert await database.fetch_value(STATE) == f"doing of {now.worker_id}"
    await app.job_manager.finish_job(now, status=Status.SUCCEEDED, delete_job=True)
    assert await database.fetch_value("SELECT count(*) FROM procrastinate_jobs") == 0


async def test_a_lock_that_is_cut_off_is_taken_again(app: App) -> None:
    mine = await _begun(app)
    cut_off = await database.fetch_value(HOLDER, mine.worker_id)
    await database.execute(CUT, mine.worker_id)
    for _ in range(1500):
        if await database.fetch_value(HOLDER, mine.worker_id) not in (cut_off, None):
            break
        await asyncio.sleep(0.02)
    await database.execute(NO_HEARTBEAT)
    assert await worker.resume_stalled(app) == 0
    assert mine.worker_id is not None
    await app.job_manager.unregister_worker(mine.worker_id)
    assert await database.fetch_value(LOCKED, mine.worker_id) == 0
