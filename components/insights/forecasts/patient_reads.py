"""Reads of whole histories: they take as long as they take, in a process that nobody waits for."""

from typing import Any, TypeVar

from components.foundation import database
from components.foundation.database import time_limits

T = TypeVar("T")
PATIENCE = "SELECT set_config('statement_timeout', '60min', true)"


async def fetch_as(kind: type[T], sql: str, *args: Any) -> list[T]:
    with time_limits.of_an_update():
        async with database.transaction():
            await database.fetch_value(PATIENCE)
            return await database.fetch_as(kind, sql, *args)


async def fetch_value(sql: str, *args: Any) -> Any:
    with time_limits.of_an_update():
        async with database.transaction():
            await database.fetch_value(PATIENCE)
            return await database.fetch_value(sql, *args)
