"""The worker ends with its process, also where being told to meets an answer of the database and is lost."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from procrastinate import App
from procrastinate.worker import Worker

from components import worker, worker_watch

pytestmark = pytest.mark.usefixtures("db")


async def deaf(wait: asyncio.Event, times: list[int]) -> None:
    """Goes on though it was cancelled, as a call does that has its answer at the same instant."""
    while times:
        wait.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            times.pop()


class DeafWorker(Worker):
    heard: asyncio.Event
    times: list[int]

    async def run(self) -> None:
        await deaf(self.heard, self.times)
        await super().run()


def made(dsn: str, of: Callable[[App], Worker]) -> Callable[[], tuple[App, tuple[Worker, ...]]]:
    def make() -> tuple[App, tuple[Worker, ...]]:
        app = worker.job_app(dsn)
        return app, (of(app),)

    return make


async def ends(
    dsn: str, of: Callable[[App], Worker], resume: Callable[[App], Awaitable[object]], began: asyncio.Event
) -> None:
    async with asyncio.timeout(30) as limit:
        async with worker_watch.kept_running(dsn, made(dsn, of), resume):
            await began.wait()
    assert not limit.expired()
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith(("worker", "end of the workers"))]


def plain(app: App) -> Worker:
    return Worker(app, queues=["default"], install_signal_handlers=False, shutdown_graceful_timeout=1)


async def test_it_ends_though_told_while_it_takes_up_work(dsn: str) -> None:
    began, times = asyncio.Event(), [1]
    await ends(dsn, plain, lambda _: deaf(began, times), began)


async def test_it_ends_though_one_of_its_workers_did_not_hear(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_watch, "LOST_SECONDS", 1)
    began = asyncio.Event()

    def of(app: App) -> Worker:
        one = DeafWorker(app, queues=["default"], install_signal_handlers=False, shutdown_graceful_timeout=1)
        one.heard, one.times = began, [1]
        return one

    async def nothing(_: App) -> None:
        return

    await ends(dsn, of, nothing, began)
