"""The jobs that wait, done at once, by one runner that stays open for all tests of a process."""

from procrastinate import App

from components import worker
from components.foundation import database

IS_ANY_DUE = """
SELECT EXISTS (SELECT FROM procrastinate_jobs
               WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))
"""


class _Open:
    runner: App | None = None


async def work_off(dsn: str) -> None:
    """What the worker would have done by now."""
    if await database.fetch_value(IS_ANY_DUE):
        if _Open.runner is None:
            _Open.runner = worker.application(dsn)
            await _Open.runner.open_async()
        await worker.work_off(_Open.runner)


async def close() -> None:
    if _Open.runner is not None:
        await _Open.runner.close_async()
        _Open.runner = None
