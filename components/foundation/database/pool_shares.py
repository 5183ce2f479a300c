"""Who gets one of the pool's connections: changes may not take them all, so that pages are read while many wait."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache

import asyncpg

from components.foundation.database import time_limits

MOST_FOR_READERS = 3
MOST_STREAMS = 2
"""Files that are read at a time, each for as long as it takes: the others wait for their turn."""


class Places:
    """The connections of one pool. A third of them, three at most, is given to nobody but readers."""

    def __init__(self, pool_size: int) -> None:
        self._for_changes = asyncio.Semaphore(pool_size - min(MOST_FOR_READERS, pool_size // 3))
        self._for_streams = asyncio.Semaphore(max(1, min(MOST_STREAMS, pool_size // 4)))

    async def take(self, pool: asyncpg.Pool) -> asyncpg.Connection:
        """A connection for a change. Raises `TimeoutError`. It must be given back."""
        seconds = time_limits.current().for_a_connection()
        until = time.monotonic() + seconds
        async with asyncio.timeout(seconds):
            await self._for_changes.acquire()
        try:
            return await pool.acquire(timeout=max(until - time.monotonic(), 0.01))
        except BaseException:
            self._for_changes.release()
            raise

    async def give_back(self, pool: asyncpg.Pool, connection: asyncpg.Connection) -> None:
        try:
            await pool.release(connection)
        finally:
            self._for_changes.release()

    @asynccontextmanager
    async def for_a_stream(self) -> AsyncIterator[None]:
        """A turn to keep a statement open. Raises `TimeoutError`."""
        async with asyncio.timeout(time_limits.current().turn):
            await self._for_streams.acquire()
        try:
            yield
        finally:
            self._for_streams.release()

    @asynccontextmanager
    async def for_statement(self, pool: asyncpg.Pool, sql: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection for one statement outside a transaction. Raises `TimeoutError`."""
        if only_reads(sql):
            async with pool.acquire(timeout=time_limits.current().for_a_connection()) as connection:
                yield connection
            return
        connection = await self.take(pool)
        try:
            yield connection
        finally:
            await asyncio.shield(self.give_back(pool, connection))


def only_reads(sql: str) -> bool:
    """Whether the statement is a query that waits for nobody's row."""
    head = sql[:200].lstrip()[:6].upper()
    return head == "SELECT" or (head[:4] == "WITH" and not _changes(sql))


@lru_cache(maxsize=500)
def _changes(sql: str) -> bool:
    return _CHANGING.search(sql) is not None


_CHANGING = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+(\w+\s+)?SET|DELETE\s+FROM|MERGE\s+INTO)\b", re.IGNORECASE)
