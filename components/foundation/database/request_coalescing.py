"""Request coalescing: the same queries made by many requests at the same moment become one statement.

The first request queries at once. Requests that arrive while a query is running wait for it and are then batched with
all others that wait: under load there are few statements for many visitors, without load no request waits.
"""

import asyncio
from functools import lru_cache
from typing import Any

from components.foundation import database
from components.foundation.database import Query

MOST = 64
Shape = tuple[tuple[str, tuple[str, ...]], ...]
Asked = tuple[tuple[Any, ...], "asyncio.Future[tuple[str | None, ...]]"]


async def ask(*questions: Query[Any]) -> tuple[Any, ...]:
    """Like `database.together`; each question declares its argument types. No batching inside a transaction."""
    if not questions or database.DB.transaction_of_this_task():
        return await database.batch(*questions)
    shape = tuple((question.sql, question.types) for question in questions)
    args = tuple(arg for question in questions for arg in question.args)
    texts = await _of(asyncio.get_running_loop(), shape).ask(args)
    return tuple(question.answer(text) for question, text in zip(questions, texts, strict=True))


class _Crowd:
    """All requests for these questions in this process."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.waiting: list[Asked] = []
        self.asking: asyncio.Task[None] | None = None

    async def ask(self, args: tuple[Any, ...]) -> tuple[str | None, ...]:
        future: asyncio.Future[tuple[str | None, ...]] = asyncio.get_running_loop().create_future()
        self.waiting.append((args, future))
        if self.asking is None:
            self.asking = asyncio.create_task(self._ask_for_all())
        return await future

    async def _ask_for_all(self) -> None:
        try:
            while self.waiting:
                these, self.waiting = self.waiting[:MOST], self.waiting[MOST:]
                await _answer(self.shape, these)
        finally:
            self.asking = None


async def _answer(shape: Shape, these: list[Asked]) -> None:
    """Each request gets its own row, or all of them the error."""
    try:
        columns = [list(column) for column in zip(*(args for args, _ in these), strict=True)]
        rows = await database.fetch_rows(_for_all(shape), *columns)
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
def _for_all(shape: Shape) -> str:
    """The questions once for each row of arguments, which are passed as one array per placeholder."""
    types = [each for _, types in shape for each in types]
    columns, offset = [], 0
    for sql, own in shape:
        columns.append(f"({_named(sql, offset, len(own))})::text")
        offset += len(own)
    names = ", ".join(f"c{number}" for number in range(1, len(types) + 1))
    arrays = ", ".join(f"${number}::{each}[]" for number, each in enumerate(types, 1))
    return (
        f"SELECT {', '.join(columns)} FROM unnest({arrays}) WITH ORDINALITY AS asked({names}, place)"
        " ORDER BY asked.place"
    )


def _named(sql: str, offset: int, count: int) -> str:
    for number in range(count, 0, -1):
        sql = sql.replace(f"${number}", f"asked.c{number + offset}")
    return sql


@lru_cache(maxsize=100)
def _of(_loop: asyncio.AbstractEventLoop, shape: Shape) -> _Crowd:
    return _Crowd(shape)
