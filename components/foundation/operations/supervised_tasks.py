"""Tasks that last as long as the process: whatever ends one, it is begun again, with an error in the log."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog

PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0)
STEADY_SECONDS = 30
"""After so long the next end is a new trouble, with a short pause."""
WATCHED = "watched: "
log = structlog.get_logger()
Work = Callable[[], Awaitable[None]]


def begin(name: str, work: Work) -> "asyncio.Task[None]":
    """The task that watches over `work`, which is to last. End it with `end`."""
    return asyncio.create_task(_watch(name, work), name=f"watch of {name}")


async def end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@contextlib.asynccontextmanager
async def going_on(name: str, work: Work) -> AsyncIterator[None]:
    task = begin(name, work)
    try:
        yield
    finally:
        await end(task)


async def _watch(name: str, work: Work) -> None:
    loop, ends = asyncio.get_running_loop(), 0
    while True:
        began = loop.time()
        inner = asyncio.create_task(_run(work), name=f"{WATCHED}{name}")
        try:
            await asyncio.wait({inner})
        finally:
            if not inner.done():
                await end(inner)
        ends = 1 if loop.time() - began > STEADY_SECONDS else ends + 1
        pause = PAUSES[min(ends, len(PAUSES)) - 1]
        trouble = None if inner.cancelled() else inner.exception()
        log.error("what lasts has ended and is begun again", what=name, pause_seconds=pause, exc_info=trouble)
        await asyncio.sleep(pause)


async def _run(work: Work) -> None:
    await work()
