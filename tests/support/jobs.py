"""The jobs that wait, done at once, by one runner that stays open for all tests of a process."""

from typing import TYPE_CHECKING

from psycopg_pool import AsyncConnectionPool

from components.foundation import database

if TYPE_CHECKING:
    from procrastinate import App

IS_ANY_DUE = """
SELECT EXISTS (SELECT FROM procrastinate_jobs
               WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))
"""
OFTEN = {"*", "*/5", "*/10"}
"""Minutes of the timetable: a worker that is started would run these at once, at any time of day."""


class _Open:
    runner: "App | None" = None
    pool: AsyncConnectionPool | None = None


async def work_off(dsn: str) -> bool:
    """What waits. Returns whether anything did."""
    from components import worker  # everything there is: tests of one component do not wait for it

    if not await database.fetch_value(IS_ANY_DUE):
        return False
    if _Open.runner is None:
        # A connection is not asked whether it still lives each time it is taken, as the shop's is.
        _Open.pool = AsyncConnectionPool(dsn, min_size=1, max_size=6, timeout=5, open=False, kwargs=worker.CONNECTING)
        await _Open.pool.open(wait=True)
        _Open.runner = worker.job_app(dsn)
        _Open.runner.periodic_registry.periodic_tasks.clear()
        await _Open.runner.open_async(_Open.pool)
    await worker.work_off(_Open.runner)
    return True


async def run_timetable() -> None:
    """What a worker does of its timetable when it is started.

    Straight away: putting them into the queue costs more than most of these tasks. What runs hourly or daily is
    called by the tests of it, whatever hour they are run in.
    """
    from components import worker

    for cron, name in worker.TIMETABLE:
        if cron.split()[0] in OFTEN:
            await worker.TASKS[name]()


async def close() -> None:
    if _Open.runner is not None and _Open.pool is not None:
        await _Open.runner.close_async()
        await _Open.pool.close()
        _Open.runner = _Open.pool = None
