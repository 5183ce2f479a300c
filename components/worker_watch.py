"""Watches the worker of this process: whatever ends it, it is started again, and what it left is taken up.

A worker ends when its database does: a restart of a tenth of a second is enough. Nobody but this notices.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg
import structlog
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from components.foundation import clock
from components.foundation.operations import supervised_tasks
from components.foundation.operations.own_jobs import AWAY, CONNECT_SECONDS, WatchedJobs

PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds before the worker is started again: longer each time, but never so long that it misses a recovery."""
STEADY_SECONDS = 30
"""After so long at work the next end of it is a new trouble, with a short pause."""
LOST_SECONDS = 20
"""Twice what a worker gives its jobs to finish."""
LOOK_SECONDS = 1.0
"""Pause between two looks for what dead workers have left."""
log = structlog.get_logger()
Resume = Callable[[App], Awaitable[object]]
"""Takes up the jobs of workers that are gone."""
Make = Callable[[], tuple[App, tuple[Worker, ...]]]


@dataclass
class OwnWorker:
    """The worker of this process: whether there is one, since when it does not run, and its app while it does."""

    is_wanted: bool = False
    down_since: datetime | None = None
    left_by: list[int] = field(default_factory=list)
    app: App | None = None
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    """Set at the end of work: being cancelled alone may be lost, where it meets an answer of the database."""


own = OwnWorker()


@contextlib.asynccontextmanager
async def kept_running(dsn: str, make: Make, resume: Resume) -> AsyncIterator[None]:
    """Work until the block ends, then let running jobs finish."""
    own.is_wanted, own.down_since, own.left_by, own.ending = True, None, [], asyncio.Event()
    watched = asyncio.create_task(_watch(dsn, make, resume), name="worker watch")
    try:
        async with supervised_tasks.going_on("looking for dead workers", lambda: _look(resume)):
            yield
    finally:
        own.is_wanted = False
        own.ending.set()
        watched.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watched


async def _watch(dsn: str, make: Make, resume: Resume) -> None:
    ends = 0
    while True:
        began = time.monotonic()
        trouble: Exception | None = None
        try:
            await _work(dsn, make, resume)
        except Exception as raised:
            trouble = raised
        if not own.is_wanted:
            return
        own.down_since = own.down_since or clock.of_this_machine()
        ends = 1 if time.monotonic() - began > STEADY_SECONDS else ends + 1
        pause = PAUSES[min(ends, len(PAUSES)) - 1]
        log.error("the worker has ended and is started again", pause_seconds=pause, ends=ends, exc_info=trouble)
        await asyncio.sleep(pause)


async def _work(dsn: str, make: Make, resume: Resume) -> None:
    """Run the workers until one of them ends. Raises what ended it; returns when one of its side tasks failed."""
    await (await asyncpg.connect(dsn, timeout=CONNECT_SECONDS)).close(timeout=CONNECT_SECONDS)  # says at once if away
    app, workers = make()
    app.job_manager = own_jobs = WatchedJobs(app.connector, dsn)
    async with app.open_async():
        await _take_up(app, resume)
        if own.down_since is not None:
            log.warning("the worker runs again", down_since=own.down_since.isoformat())
        own.down_since = None
        own.app = app
        try:
            await _until_one_ends(workers)
        finally:
            own.app = None
            own.left_by = [worker.worker_id for worker in workers if worker.worker_id is not None]
            await own_jobs.let_go()


async def _until_one_ends(workers: tuple[Worker, ...]) -> None:
    """The others then finish what they do; together they are started again. Raises what ended the first."""
    running = [asyncio.create_task(worker.run(), name=f"worker {worker.worker_name}") for worker in workers]
    ending = asyncio.create_task(own.ending.wait(), name="end of the workers")
    try:
        await asyncio.wait([*running, ending], return_when=asyncio.FIRST_COMPLETED)
    finally:
        ending.cancel()
        await _end(running)
    for task in running:
        if not task.cancelled() and (raised := task.exception()) is not None:
            raise raised


async def _end(running: list[asyncio.Task[None]]) -> None:
    """Whoever has not ended long after a worker gives up its jobs is cancelled once more: the first time was lost."""
    waiting = set(running)
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=LOST_SECONDS)


async def _take_up(app: App, resume: Resume) -> None:
    """What this process itself had begun when its worker ended, and what others have left."""
    for worker_id in own.left_by:
        await app.job_manager.unregister_worker(worker_id)
    own.left_by = []
    await resume(app)


async def _look(resume: Resume) -> None:
    """What a dead worker had begun is done by a living one within seconds."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if own.app is None:
            continue
        try:
            await resume(own.app)
        except (*AWAY, ConnectorException):
            continue  # the worker itself notices a database that is away
        except Exception:
            log.exception("what dead workers have left could not be taken up")
