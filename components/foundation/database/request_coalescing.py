"""The same queries, sent by many at the same moment, are one statement.

The first is sent at once. Whoever comes while an answer is under way waits for it and is then served together with
all others who wait: under load there are few statements for many visitors, without load nobody waits.
"""

import asyncio
from functools import lru_cache
from typing import Any

from components.foundation.database.pool import DB
from components.foundation.database.queries import Query, batch, with_placeholders
from components.foundation.database.rows import fetch_rows

MOST = 64
Shape = tuple[tuple[str, tuple[str, ...]], ...]
Waiting = tuple[tuple[Any, ...], "asyncio.Future[tuple[str | None, ...]]"]


async def ask(*queries: Query[Any]) -> tuple[Any, ...]:
    """As `database.batch`; every query names the types of its arguments. Inside a transaction it is not shared."""
    if not queries or DB.transaction_of_this_task():
        return await batch(*queries)
    shape = tuple((query.sql, query.types) for query in queries)
    args = tuple(arg for query in queries for arg in query.args)
    texts = await _queue_of(asyncio.get_running_loop(), shape).ask(args)
    return tuple(query.answer(text) for query, text in zip(queries, texts, strict=True))


class _Queue:
    """Everybody who sends these queries in this process."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.waiting: list[Waiting] = []
        self.sender: asyncio.Task[None] | None = None

    async def ask(self, args: tuple[Any, ...]) -> tuple[str | None, ...]:
        future: asyncio.Future[tuple[str | None, ...]] = asyncio.get_running_loop().create_future()
        self.waiting.append((args, future))
        if self.sender is None:
            self.sender = asyncio.create_task(self._send_all())
        return await future

    async def _send_all(self) -> None:
        try:
            while self.waiting:
                these, self.waiting = self.waiting[:MOST], self.waiting[MOST:]
                await _answer(self.shape, these)
        finally:
            self.sender = None


async def _answer(shape: Shape, these: list[Waiting]) -> None:
    """Each of these gets their own row, or all of them the error."""
    try:
        columns = [list(column) for column in zip(*(args for args, _ in these), strict=True)]
        rows = await fetch_rows(_one_statement(shape), *columns)
        if len(rows) != len(these):
            raise RuntimeError("there must be one answer for every request")
    except BaseException as trouble:
        for _, future in these:
            if not future.done():
                future.set_exception(trouble)
        if not isinstance(trouble, Exception):
            raise
        return
    for (_, future), row in zip(these, rows, strict=True):
        if not future.done():
            future.set_result(tuple(row))


@lru_cache(maxsize=100)
def _one_statement(shape: Shape) -> str:
    """The queries once for each row of arguments, which are passed as one array per placeholder."""
    types = [each for _, types in shape for each in types]
    columns, offset = [], 0
    for sql, own in shape:
        columns.append(f"({with_placeholders(sql, 'asked.c{}', offset)})::text")
        offset += len(own)
    names = ", ".join(f"c{number}" for number in range(1, len(types) + 1))
    arrays = ", ".join(f"${number}::{each}[]" for number, each in enumerate(types, 1))
    return (
        f"SELECT {', '.join(columns)} FROM unnest({arrays}) WITH ORDINALITY AS asked({names}, place)"
        " ORDER BY asked.place"
    )


@lru_cache(maxsize=100)
def _queue_of(_loop: asyncio.AbstractEventLoop, shape: Shape) -> _Queue:
    return _Queue(shape)
