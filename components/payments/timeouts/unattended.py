"""Waiting for an answer as long as a visitor may wait; what was begun goes on when they have left."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar, cast

import structlog

from components.foundation.database import time_limits
from components.foundation.refusals import Refusal
from components.payments.timeouts import request_time

T = TypeVar("T")
_under_way: dict[Hashable, "asyncio.Task[Any]"] = {}
log = structlog.get_logger()


class StillUnderWay(Exception):
    """There is no answer yet; the work goes on."""


async def answered(name: Hashable, work: Callable[[], Awaitable[T]]) -> T:
    """What `work` returns or raises, if it does so in time; whoever comes with the same `name` waits for the same work.

    It is a task of its own, which nobody cancels. Raises `StillUnderWay`.
    """
    task = _under_way.get(name)
    if task is None:
        task = asyncio.create_task(_run(work))
        _under_way[name] = task
        task.add_done_callback(lambda done: _ended(name, done))
    await asyncio.wait({task}, timeout=request_time.time_to_answer())
    if not task.done():
        raise StillUnderWay
    return cast(T, task.result())


def is_under_way(name: Hashable) -> bool:
    return name in _under_way


async def finish() -> None:
    """Before the process ends: what is nearly answered may be; the worker settles the rest."""
    if _under_way:
        await asyncio.wait(set(_under_way.values()), timeout=request_time.patience().answer)


async def _run(work: Callable[[], Awaitable[T]]) -> T:
    with time_limits.of_work(), request_time.own_time():
        return await work()


def _ended(name: Hashable, task: "asyncio.Task[Any]") -> None:
    _under_way.pop(name, None)
    trouble = None if task.cancelled() else task.exception()
    if trouble is not None and not isinstance(trouble, Refusal):
        log.error("what was asked of Stripe broke off; it is settled later", name=str(name), exc_info=trouble)
