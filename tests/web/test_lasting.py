"""Every task that is to last as long as the process is watched: cut off, it is begun again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from components.foundation import database, settings
from components.foundation.operations import supervised_tasks
from tests.support.demos import ROOT
from web import app as application
from web.standin.standin import StandIn

WATCHERS = {"worker watch", "watch of listening to the database", "watch of passing notifications on",
            "watch of looking for dead workers", "watch of the practice bank’s deliveries",
            "watch of writing down page views"}  # fmt: skip
CUT = {"worker clubfront", "worker emails", *(name.replace("watch of ", supervised_tasks.WATCHED) for name in WATCHERS)}
CUT.discard("worker watch")


@pytest.fixture
async def running(db: None, dsn: str, tmp_path: Path) -> AsyncIterator[None]:
    """The shop as it runs while it is served, beside the pool of the tests."""
    own = database.DB.pool, database.DB.places
    database.DB.pool = None
    stand_in = StandIn(tmp_path / "stand-in.sqlite", settings.current().stripe_webhook_secret)
    try:
        async with application.running(stand_in, dsn=dsn, works=True), application.delivering(stand_in, _nobody):
            yield
    finally:
        database.DB.pool, database.DB.places = own


async def _nobody(scope: Any, receive: Any, send: Any) -> None:
    """Answers nothing."""


def of_this_shop() -> dict[str, "asyncio.Task[Any]"]:
    """Tasks that run code of ours, by name, and the job runner's two workers; its other tasks belong to these."""
    return {task.get_name(): task for task in asyncio.all_tasks() if _is_ours(task)}


def _is_ours(task: "asyncio.Task[Any]") -> bool:
    code = getattr(task.get_coro(), "cr_code", None)
    if task.get_name() == "deferrer":  # the schedule, which the job runner begins and ends with its worker
        return False
    if code is None or task.get_name() in {"worker clubfront", "worker emails"}:
        return code is not None
    return Path(code.co_filename).is_relative_to(ROOT / "components")


async def test_every_lasting_task_is_begun_again_when_it_is_cut(running: None) -> None:
    for _ in range(100):
        if set(of_this_shop()) >= WATCHERS | CUT:
            break
        await asyncio.sleep(0.05)
    before = of_this_shop()
    assert set(before) == WATCHERS | CUT, "a task that lasts is begun with `supervised_tasks.begin`"
    for name in CUT:
        before[name].cancel()
    for _ in range(100):
        now = of_this_shop()
        if all(name in now and now[name] is not before[name] for name in CUT):
            break
        await asyncio.sleep(0.1)
    assert all(now[name] is not before[name] for name in CUT), set(now)
    assert all(now[name] is before[name] for name in WATCHERS)


async def test_what_lasts_is_begun_again_whatever_ends_it() -> None:
    begun: list[int] = []

    async def work() -> None:
        begun.append(len(begun))
        if len(begun) == 1:
            raise ValueError("not seen before")
        if len(begun) == 3:
            await asyncio.sleep(60)

    async with supervised_tasks.going_on("a test", work):
        for _ in range(100):
            if len(begun) == 3:
                break
            await asyncio.sleep(0.05)
    assert begun == [0, 1, 2]
