"""All the rows of a statement, read once and some at a time: for files of whatever size.

    async for row in row_streams.each_as(Kind, sql, *args):

The server works the statement out a single time, as of one instant, and keeps it open. Nobody may dawdle meanwhile: a
connection is taken until the last row is read.
"""

from collections.abc import AsyncIterator
from typing import Any, TypeVar

from components.foundation.database.pool import connection, stream_turn, transaction
from components.foundation.database.rows import fetch_value
from components.foundation.database.time_limits import LONG_SECONDS

T = TypeVar("T")
AT_ONCE = 1_000
"""Rows that are in memory."""
# All of it is wanted, so the plan is not to be the one that gives its first rows soonest.
_PATIENCE = "SELECT set_config('statement_timeout', $1, true), set_config('cursor_tuple_fraction', '1', true)"


async def each_as(kind: type[T], sql: str, *args: Any) -> AsyncIterator[T]:
    """Each as one `kind` made from its columns by name. Raises `TimeoutError` where others read for too long."""
    async with stream_turn(), transaction():
        await fetch_value(_PATIENCE, f"{LONG_SECONDS}s")
        async with connection(sql) as asked:
            async for row in asked.cursor(sql, *args, prefetch=AT_ONCE, timeout=LONG_SECONDS):
                yield kind(**dict(row))
