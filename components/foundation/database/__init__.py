"""The database: one engine, one transaction per change, and several queries in one round trip."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

import asyncpg
from piccolo.columns.combination import Combinable
from piccolo.table import Table

from components.foundation import json
from components.foundation.database.engine import Engine, QueryCounter, tally

T = TypeVar("T")
Row = TypeVar("Row", bound=Table)

DB = Engine()


async def connect(dsn: str, *, pool_size: int = 10) -> None:
    """Open the pool. Raises what asyncpg raises when the server cannot be reached."""
    DB.config = {"dsn": dsn}
    settings = {"jit": "off", "timezone": "UTC", "application_name": "clubfront"}
    await DB.start_connection_pool(
        min_size=1, max_size=pool_size, server_settings=settings, reset=_as_it_is, command_timeout=30
    )


async def _as_it_is(connection: asyncpg.Connection) -> None:
    """Connections are returned without session settings, locks or listeners, so there is nothing to reset, and a reset
    would cost a second round trip for every statement."""


async def disconnect() -> None:
    if DB.pool is not None:
        await DB.close_connection_pool()


def dsn() -> str:
    return str(DB.config["dsn"])


@contextlib.asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """All or nothing. Inside another transaction it is a savepoint."""
    async with DB.transaction():
        yield


async def locked(table: type[Row], where: Combinable) -> Row | None:
    """The row, locked for this transaction: a second transaction waits, then sees the first one's changes."""
    assert DB.transaction_exists(), "a row can only be locked inside a transaction"
    return await table.objects().where(where).lock_rows().first()


@contextlib.asynccontextmanager
async def _connection() -> AsyncIterator[asyncpg.Connection]:
    tally.get().count += 1
    if current := DB.transaction_of_this_task():
        yield current.connection
        return
    if DB.pool is None:
        raise ConnectionError("the database is not connected")
    async with DB.pool.acquire() as connection:
        yield connection


async def fetch(sql: str, *args: Any) -> list[dict[str, Any]]:
    """Rows of a statement with $1 placeholders, inside the current transaction when there is one."""
    async with _connection() as connection:
        return [dict(row) for row in await connection.fetch(sql, *args)]


async def fetch_rows(sql: str, *args: Any) -> list[tuple[Any, ...]]:
    """As `fetch`, without the columns' names."""
    async with _connection() as connection:
        return [tuple(row) for row in await connection.fetch(sql, *args)]


async def fetch_one(sql: str, *args: Any) -> dict[str, Any] | None:
    async with _connection() as connection:
        row = await connection.fetchrow(sql, *args)
        return dict(row) if row is not None else None


async def fetch_as(kind: type[T], sql: str, *args: Any) -> list[T]:
    """The rows of a statement with $1 placeholders, each as one `kind` made from its columns by name."""
    async with _connection() as connection:
        return [kind(**dict(row)) for row in await connection.fetch(sql, *args)]


async def fetch_one_as(kind: type[T], sql: str, *args: Any) -> T | None:
    async with _connection() as connection:
        row = await connection.fetchrow(sql, *args)
        return kind(**dict(row)) if row is not None else None


async def fetch_values(sql: str, *args: Any) -> list[Any]:
    """The first column of every row."""
    async with _connection() as connection:
        return [row[0] for row in await connection.fetch(sql, *args)]


async def fetch_value(sql: str, *args: Any) -> Any:
    async with _connection() as connection:
        return await connection.fetchval(sql, *args)


async def execute(sql: str, *args: Any) -> int:
    """Run a statement; returns the number of affected rows."""
    async with _connection() as connection:
        status = await connection.execute(sql, *args)
        last = status.rsplit(" ", 1)[-1]
        return int(last) if last.isdigit() else 0


async def execute_many(sql: str, rows: list[tuple[Any, ...]]) -> None:
    async with _connection() as connection:
        await connection.executemany(sql, rows)


@dataclass(frozen=True)
class Query(Generic[T]):
    """A component's question as one scalar JSON value, so that several can be asked in one round trip.

    `sql` is a SELECT with its own $1, $2 … that yields one JSON value; `read` turns it (or None) into the answer.
    `types` are PostgreSQL's names for the arguments' types: only a crowd (`foundation.crowd`) needs them.
    """

    sql: str
    args: tuple[Any, ...]
    read: Callable[[Any], T]
    types: tuple[str, ...] = ()

    def answer(self, text: str | None) -> T:
        return self.read(None if text is None else json.load(text))


class TextQuestion(Query[T]):
    """`read` receives the JSON as text, so that it can cache results by it."""

    def answer(self, text: str | None) -> T:
        return self.read(text)


async def batch(*questions: Query[Any]) -> tuple[Any, ...]:
    """The answers to several questions in one statement, so all as of the same instant."""
    if not questions:
        return ()
    sql = _together(tuple((question.sql, len(question.args)) for question in questions))
    row = await fetch_one(sql, *(arg for question in questions for arg in question.args)) or {}
    return tuple(question.answer(row[f"a{i}"]) for i, question in enumerate(questions))


@lru_cache(maxsize=200)
def _together(asked: tuple[tuple[str, int], ...]) -> str:
    """Several statements as one, with their arguments one after the other."""
    columns: list[str] = []
    offset = 0
    for position, (sql, count) in enumerate(asked):
        columns.append(f"({_renumbered(sql, offset, count)})::text AS a{position}")
        offset += count
    return "SELECT " + ", ".join(columns)


def _renumbered(sql: str, offset: int, count: int) -> str:
    for number in range(count, 0, -1):
        sql = sql.replace(f"${number}", f"$\x00{number + offset}")
    return sql.replace("\x00", "")


async def notify(channel: str, payload: str = "") -> None:
    """Notify every listening process when this transaction commits."""
    await fetch_value("SELECT pg_notify($1, $2)", channel, payload)


@contextlib.contextmanager
def counted() -> Iterator[QueryCounter]:
    """Counts the statements sent in the block, so that tests can give pages a budget."""
    fresh = QueryCounter()
    token = tally.set(fresh)
    try:
        yield fresh
    finally:
        tally.reset(token)


async def is_reachable() -> bool:
    try:
        return bool(await asyncio.wait_for(fetch_value("SELECT true"), timeout=2))
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
