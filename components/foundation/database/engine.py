"""Piccolo's PostgreSQL engine with correct transactions.

Piccolo 1.38 on its own loses a connection when COMMIT fails, treats a nested transaction as none at all, and lets
a task started inside a transaction use a connection that has been given back. `docs/decisions.md` says more.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from types import TracebackType
from typing import Any

from piccolo.engine.postgres import PostgresEngine, PostgresTransaction, Savepoint
from piccolo.querystring import QueryString

from components.foundation.database import time_limits
from components.foundation.database.pool_shares import Places


class QueryCounter:
    """Counts the statements sent."""

    def __init__(self) -> None:
        self.count = 0


tally: ContextVar[QueryCounter] = ContextVar("tally", default=QueryCounter())


class Transaction(PostgresTransaction):
    """Owned by the task that opened it; always returns its connection; nested, it is a savepoint.

    `after` is done once it is committed: of a savepoint that is undone nothing.
    """

    __slots__ = ("after", "is_over", "marker", "owner", "places", "was_after")

    engine: "Engine"
    owner: "asyncio.Task[Any] | None"
    marker: Savepoint
    places: Places | None
    _parent: "Transaction | None"
    after: list[Callable[[], Awaitable[None]]]
    was_after: int

    async def __aenter__(self) -> PostgresTransaction:
        self.owner, self.is_over = asyncio.current_task(), False
        if self._parent is not None:
            self.marker, self.was_after = await self._parent.savepoint(), len(self._parent.after)
            return self._parent
        self.after = []
        self.places = self.engine.places
        self.connection = await self._taken()
        self.transaction = self.connection.transaction()
        try:
            await self.begin()  # type: ignore[no-untyped-call]
        except BaseException:
            await asyncio.shield(self._give_back())
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if self._parent is not None:
            if kind is not None:
                del self._parent.after[self.was_after :]
            await (self.marker.release() if kind is None else self.marker.rollback_to())
            return False
        try:
            if kind is None:
                await self.commit()  # type: ignore[no-untyped-call]
            elif not self.connection.is_closed():
                await self.rollback()  # type: ignore[no-untyped-call]
        finally:
            self.is_over = True
            self.engine.current_transaction.reset(self.context)
            await asyncio.shield(self._give_back())
        for each in dict.fromkeys(self.after) if kind is None else ():
            await each()
        return False

    async def _taken(self) -> Any:
        if self.places is not None and self.engine.pool is not None:
            return await self.places.take(self.engine.pool)
        return await self.get_connection()  # type: ignore[no-untyped-call]

    async def _give_back(self) -> None:
        if self.engine.pool is not None and self.places is not None:
            await self.places.give_back(self.engine.pool, self.connection)
        else:
            await self.connection.close()


class Engine(PostgresEngine):
    """Connects on request, not on import."""

    def __init__(self) -> None:
        super().__init__(config={}, extensions=())
        self.places: Places | None = None

    async def check_version(self) -> None:
        """Does nothing: Piccolo would open a connection on import."""

    def transaction_of_this_task(self) -> Transaction | None:
        """The open transaction, if this task opened it. Raises when another task's is still open around this one."""
        current: Any = self.current_transaction.get()
        if current is None or current.is_over:
            return None
        if current.owner is not asyncio.current_task():
            raise RuntimeError("a transaction belongs to one task: finish it before starting others")
        found: Transaction = current
        return found

    def transaction(self, allow_nested: bool = True) -> PostgresTransaction:
        if self.transaction_of_this_task() is None and self.current_transaction.get() is not None:
            self.current_transaction.set(None)
        return Transaction(self, allow_nested)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        query, args = querystring.compile_string(engine_type=self.engine_type)
        return await self._send(query, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        return await self._send(ddl, [])

    async def _send(self, query: str, args: list[Any]) -> Any:
        tally.get().count += 1
        seconds = time_limits.current().statement
        if current := self.transaction_of_this_task():
            return await current.connection.fetch(query, *args, timeout=seconds)
        if self.pool is not None and self.places is not None:
            async with self.places.for_statement(self.pool, query) as connection:
                return await connection.fetch(query, *args, timeout=seconds)
        return await self._run_in_new_connection(query, args)
