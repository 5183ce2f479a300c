"""Notifications from other processes: PostgreSQL's LISTEN on a dedicated connection that reconnects."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import structlog

from components.foundation import database
from components.foundation.operations import supervised_tasks

CONNECT_SECONDS = 5
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
        self._is_first = True

    def on(self, channel: str, heard: Heard, *, after_a_gap: Callable[[], Awaitable[None]]) -> None:
        self._heard[channel] = heard
        self._after_a_gap.append(after_a_gap)

    async def start(self) -> None:
        """Returns once the first connection is listening."""
        self._notices, self._lost, self._ready = asyncio.Queue(), asyncio.Event(), asyncio.Event()
        self._is_first = True
        self._tasks = [
            supervised_tasks.begin("listening to the database", self._stay_connected),
            supervised_tasks.begin("passing notifications on", self._pass_on),
        ]
        await asyncio.wait_for(self._ready.wait(), 10)

    async def stop(self) -> None:
        for task in self._tasks:
            await supervised_tasks.end(task)
        self._tasks = []

    async def _stay_connected(self) -> None:
        while True:
            try:
                connection = await asyncpg.connect(database.dsn(), timeout=CONNECT_SECONDS)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
                await asyncio.sleep(0.5)
                continue
            try:
                await self._listen(connection)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as trouble:
                log.warning("the connection for notifications was cut", trouble=repr(trouble))
                await asyncio.sleep(0.1)
            finally:
                connection.terminate()

    async def _listen(self, connection: asyncpg.Connection) -> None:
        """Until the connection is lost. It may be cut at any step."""
        self._lost.clear()
        connection.add_termination_listener(lambda _: self._lost.set())
        for channel in self._heard:
            await connection.add_listener(channel, self._keep)
        if not self._is_first:
            await self._mend_the_gap()
        self._is_first = False
        self._ready.set()
        await self._lost.wait()

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
