"""The jobs that wait, done at once, by one runner that stays open for all tests of a process."""

from typing import TYPE_CHECKING

from components.foundation import database

if TYPE_CHECKING:
    from procrastinate import App

IS_ANY_DUE = """
SELECT EXISTS (SELECT FROM procrastinate_jobs
               WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))
"""


class _Open:
    runner: "App | None" = None


async def work_off(dsn: str) -> None:
    """What the worker would have done by now."""
    from components import worker  # everything there is: tests of one component do not wait for it

    if await database.fetch_value(IS_ANY_DUE):
        if _Open.runner is None:
            _Open.runner = worker.job_app(dsn)
            await _Open.runner.open_async()
        await worker.work_off(_Open.runner)


async def close() -> None:
    if _Open.runner is not None:
        await _Open.runner.close_async()
        _Open.runner = None
