"""Statements written as SQL, and their rows as typed things: frozen dataclasses or named tuples.

A row whose columns are not the type's fields is a `TypeError` at once, and from there on mypy knows every field.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from piccolo.columns import Column
from piccolo.columns.combination import WhereRaw
from piccolo.table import Table

from components.foundation.database.pool import connection
from components.foundation.database.time_limits import current

T = TypeVar("T")


async def fetch_as(kind: type[T], sql: str, *args: Any) -> list[T]:
    """The rows of a statement with $1 placeholders, each as one `kind` made from its columns by name."""
    async with connection(sql) as asked:
        return [kind(**dict(row)) for row in await asked.fetch(sql, *args, timeout=current().statement)]


async def fetch_one_as(kind: type[T], sql: str, *args: Any) -> T | None:
    async with connection(sql) as asked:
        row = await asked.fetchrow(sql, *args, timeout=current().statement)
        return kind(**dict(row)) if row is not None else None


async def fetch(sql: str, *args: Any) -> list[dict[str, Any]]:
    """Rows of a statement with $1 placeholders, inside the current transaction when there is one."""
    async with connection(sql) as asked:
        return [dict(row) for row in await asked.fetch(sql, *args, timeout=current().statement)]


async def fetch_rows(sql: str, *args: Any) -> list[tuple[Any, ...]]:
    """As `fetch`, without the columns' names."""
    async with connection(sql) as asked:
        return [tuple(row) for row in await asked.fetch(sql, *args, timeout=current().statement)]


async def fetch_one(sql: str, *args: Any) -> dict[str, Any] | None:
    async with connection(sql) as asked:
        row = await asked.fetchrow(sql, *args, timeout=current().statement)
        return dict(row) if row is not None else None


async def fetch_value(sql: str, *args: Any) -> Any:
    async with connection(sql) as asked:
        return await asked.fetchval(sql, *args, timeout=current().statement)


async def fetch_values(sql: str, *args: Any) -> list[Any]:
    """The first column of every row."""
    async with connection(sql) as asked:
        return [row[0] for row in await asked.fetch(sql, *args, timeout=current().statement)]


async def execute(sql: str, *args: Any) -> int:
    """Run a statement; how many rows it touched."""
    async with connection(sql) as asked:
        status = await asked.execute(sql, *args, timeout=current().statement)
        last = status.rsplit(" ", 1)[-1]
        return int(last) if last.isdigit() else 0


async def execute_many(sql: str, rows: list[tuple[Any, ...]]) -> None:
    async with connection(sql) as asked:
        await asked.executemany(sql, rows, timeout=current().statement)


def any_of(column: Column, values: Iterable[Any]) -> WhereRaw:
    """The column is one of these, for Piccolo: one statement however many they are, and no row where there are none.

    `is_in` writes a placeholder for each: another statement for every number of them, and none for more than 32,767.
    """
    meta = column._meta
    return WhereRaw(f'"{meta.table._meta.tablename}"."{meta.db_column_name}" = ANY({{}})', list(values))


async def insert_rows(table: type[Table], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows in one go, by COPY; columns that are not named have their default. Says nothing of conflicts:
    one row that cannot be is none of them."""
    if not rows:
        return
    name = table._meta.tablename
    async with connection(f"COPY {name}") as asked:
        await asked.copy_records_to_table(name, records=rows, columns=columns, timeout=current().statement)


async def notify(channel: str, payload: str = "") -> None:
    """Tell every listening process, when this transaction commits."""
    await fetch_value("SELECT pg_notify($1, $2)", channel, payload)
