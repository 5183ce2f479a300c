"""Offline, the practice clock is moved in steps, so that a month moved does what a month would have done.

At each stop the payment stand-in does what was due by then, the shop hears of it, and the schedule runs what would have
run since the last stop: reminders go out before what they announce, and every date is within a step of the true one.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol

import asyncpg
import structlog

from components.foundation import database, jobs

TASK = "move_practice_clock"
DAY = timedelta(days=1)
STEPS = ((timedelta(days=8), timedelta(hours=6)), (timedelta(days=45), timedelta(hours=12)))
"""Up to this distance from the target, so long a step; beyond, a day."""
FIRST_STOP_HOUR = 9
"""UTC: after the jobs of the early morning."""
PATIENCE_SECONDS = 10.0
PAUSE_SECONDS = 0.05
log = structlog.get_logger()

RunScheduled = Callable[[datetime, datetime], Awaitable[None]]
Settle = Callable[[], Awaitable[None]]


class PracticeClock(Protocol):
    """What the shop needs of the stand-in's clock."""

    def now(self) -> datetime: ...

    def target(self) -> datetime | None:
        """Where the clock is being moved to; None while it only follows the real time."""

    def step_to(self, at: datetime) -> None:
        """What is due by then happens; at the target, moving is over."""

    async def deliver(self) -> None:
        """Webhooks that are due are posted to the shop."""


class _Practice:
    clock: PracticeClock | None = None


def use(clock: PracticeClock | None) -> None:
    _Practice.clock = clock


def moving_to() -> datetime | None:
    """Where the clock is being moved to, for the banner."""
    return _Practice.clock.target() if _Practice.clock is not None else None


async def continue_moving() -> None:
    """Have the worker move the clock to its target, if it has one. Asked twice, it is moved once."""
    if moving_to() is not None:
        with suppress(asyncpg.UniqueViolationError):  # somebody else asked at the same instant
            await jobs.defer(TASK, lock=TASK, queueing_lock=TASK)


async def move(run_scheduled: RunScheduled, *, settle: Settle | None = None) -> None:
    """To the target, step by step; `settle` waits until the shop has heard of everything and answered it."""
    clock = _Practice.clock
    if clock is None:
        return
    settle = settle or JobSettling(clock).wait
    await settle()
    while (target := clock.target()) is not None:
        since = clock.now()
        clock.step_to(next_stop(since, target))
        await settle()
        await run_scheduled(since, clock.now())
        await settle()


def next_stop(now: datetime, target: datetime) -> datetime:
    """The next multiple of the step, counted from nine in the morning."""
    step = next((step for distance, step in STEPS if target - now <= distance), DAY)
    origin = datetime(2000, 1, 1, FIRST_STOP_HOUR, tzinfo=UTC)
    return min(origin + ((now - origin) // step + 1) * step, target)


class JobSettling:
    """Waits for the queue for as long as it is worked off, however slow the machine.

    Where nothing moved, it does not wait again after it has waited in vain twice: nobody may be working it off.
    """

    def __init__(self, clock: PracticeClock) -> None:
        self.clock = clock
        self.in_vain = 0

    async def wait(self) -> None:
        patience = PATIENCE_SECONDS if self.in_vain < 2 else PAUSE_SECONDS
        seen, until = None, time.monotonic() + patience
        while (open_jobs := await self._open()) is not None:
            if open_jobs != seen:
                seen, until = open_jobs, time.monotonic() + patience
            if time.monotonic() > until:
                self.in_vain += 1
                log.warning("the practice clock does not wait for jobs any longer")
                return
            await asyncio.sleep(PAUSE_SECONDS)
        self.in_vain = 0

    async def _open(self) -> tuple[int, float] | None:
        """Which jobs are to do or being done, by number and sum of ids; None when all are done."""
        await self.clock.deliver()
        ((jobs_left, ids),) = await database.fetch_rows(_OPEN, TASK)
        return (jobs_left, ids) if jobs_left else None


_OPEN = """
SELECT count(*), coalesce(sum(id + CASE WHEN status = 'doing' THEN 0.5 ELSE 0 END), 0) FROM procrastinate_jobs
WHERE (status = 'doing' OR status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))
  AND task_name NOT IN ($1, 'send_email') AND task_name NOT LIKE 'timetable:%'
"""
