"""Notifications from other processes: PostgreSQL's LISTEN on a dedicated connection that reconnects."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import asyncpg
import structlog

from components.foundation import database

Heard = Callable[[str], Awaitable[None]]
log = structlog.get_logger()


class Listener:
    """Calls `heard(payload)` for each notification, one at a time, and `after_a_gap()` if some may be lost."""

    def __init__(self) -> None:
        self._heard: dict[str, Heard] = {}
        self._after_a_gap: list[Callable[[], Awaitable[None]]] = []
        self._notices: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._lost = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._ready = asyncio.Event()

    def on(self, channel: str, heard: Heard, *, after_a_gap: Callable[[], Awaitable[None]]) -> None:
        self._heard[channel] = heard
        self._after_a_gap.append(after_a_gap)

    async def start(self) -> None:
        """Returns once the first connection is listening."""
        self._notices, self._lost, self._ready = asyncio.Queue(), asyncio.Event(), asyncio.Event()
        self._tasks = [asyncio.create_task(self._stay_connected()), asyncio.create_task(self._pass_on())]
        await asyncio.wait_for(self._ready.wait(), 10)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    async def _stay_connected(self) -> None:
        is_first = True
        while True:
            try:
                connection = await asyncpg.connect(database.dsn())
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.5)
                continue
            self._lost.clear()
            connection.add_termination_listener(lambda _: self._lost.set())
            for channel in self._heard:
                await connection.add_listener(channel, self._keep)
            if not is_first:
                await self._mend_the_gap()
            is_first = False
            self._ready.set()
            try:
                await self._lost.wait()
            finally:
                connection.terminate()

    def _keep(self, _connection: object, _pid: int, channel: str, payload: object) -> None:
        self._notices.put_nowait((channel, str(payload)))

    async def _pass_on(self) -> None:
        while True:
            channel, payload = await self._notices.get()
            try:
                await self._heard[channel](payload)
            except Exception:
                log.exception("a notification could not be processed", channel=channel, payload=payload)

    async def _mend_the_gap(self) -> None:
        for catch_up in self._after_a_gap:
            try:
                await catch_up()
            except Exception:
                log.exception("missed notifications could not be read again")


listener = Listener()
