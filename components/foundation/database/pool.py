"""The pool, and the one transaction that a change happens in."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TypeVar

import asyncpg
from piccolo.columns.combination import Combinable
from piccolo.table import Table

from components.foundation.database import time_limits
from components.foundation.database.engine import Engine, QueryCounter, tally
from components.foundation.database.pool_shares import Places

TableRow = TypeVar("TableRow", bound=Table)

DB = Engine()
STATEMENTS_KEPT = 500
"""Prepared, by each connection: the shop has more than the hundred that asyncpg keeps unasked."""


async def connect(dsn: str, *, pool_size: int = 10, pooled: str = "") -> None:
    """Open the pool. Raises what asyncpg raises when the server cannot be reached.

    `pooled` is the address of a pooler that lends connections for single transactions. It knows no prepared
    statements (one without a name is prepared and run in one transaction), and sets the time limits itself.
    """
    DB.config = {"dsn": dsn}
    settings = {"timezone": "UTC", "application_name": "clubfront"}
    if not pooled:
        settings |= time_limits.SERVER_SETTINGS
    DB.places = Places(pool_size)
    await DB.start_connection_pool(
        dsn=pooled or dsn,
        min_size=1,
        max_size=pool_size,
        server_settings=settings,
        statement_cache_size=0 if pooled else STATEMENTS_KEPT,
        reset=_unchanged,
        command_timeout=time_limits.PATIENT_SECONDS,
    )


async def _unchanged(connection: asyncpg.Connection) -> None:
    """A connection comes back without session settings, locks or listeners of its own: nothing is to be undone, and
    asking the server to undo it would be a second round trip for every statement."""


async def disconnect() -> None:
    if DB.pool is not None:
        await DB.close_connection_pool()


@contextlib.asynccontextmanager
async def opened(dsn: str, *, pool_size: int) -> AsyncIterator[None]:
    """The pool, while the block lasts."""
    await connect(dsn, pool_size=pool_size)
    try:
        yield
    finally:
        await disconnect()


def dsn() -> str:
    return str(DB.config["dsn"])


@contextlib.asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Everything inside happens or nothing does. Inside another transaction it is a savepoint."""
    async with DB.transaction():
        yield


async def after_commit(what: Callable[[], Awaitable[None]]) -> None:
    """Once what is being changed is committed, and never if it is undone; outside a transaction at once.

    For what is kept in memory: read again inside the transaction it would hold what nobody may ever see.
    """
    if current := DB.transaction_of_this_task():
        current.after.append(what)
    else:
        await what()


async def locked(table: type[TableRow], where: Combinable) -> TableRow | None:
    """The deciding row, held for this transaction: whoever comes second waits, then sees what the first did."""
    assert DB.transaction_exists(), "a row can only be locked inside a transaction"
    return await table.objects().where(where).lock_rows().first()


@contextlib.asynccontextmanager
async def connection(sql: str) -> AsyncIterator[asyncpg.Connection]:
    """The connection for this one statement: the transaction's when this task has one open, else one from the pool."""
    tally.get().count += 1
    if current := DB.transaction_of_this_task():
        yield current.connection
        return
    if DB.pool is None or DB.places is None:
        raise ConnectionError("the database is not connected")
    async with DB.places.for_statement(DB.pool, sql) as pooled:
        yield pooled


@contextlib.asynccontextmanager
async def stream_turn() -> AsyncIterator[None]:
    """While a statement is kept open and read bit by bit: few are at a time. Raises `TimeoutError`."""
    if DB.places is None:
        raise ConnectionError("the database is not connected")
    async with DB.places.for_a_stream():
        yield


@contextlib.contextmanager
def counted() -> Iterator[QueryCounter]:
    """How many statements the block sends: tests hold pages to a budget with it."""
    fresh = QueryCounter()
    token = tally.set(fresh)
    try:
        yield fresh
    finally:
        tally.reset(token)


async def is_reachable() -> bool:
    async def one() -> bool:
        async with connection(_ONE) as asked:
            return bool(await asked.fetchval(_ONE))

    try:
        return await asyncio.wait_for(one(), timeout=2)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


_ONE = "SELECT true"
