"""Rows of many tables, gathered and copied into the database a block at a time: all of a block or nothing of it.

The generator names tables by their names: it is a second program that fills the shop, as the migrations are one that
makes it, and knows its columns from the schema. A column that does not exist is an error at once.
"""

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from components.foundation import database
from components.foundation.database import schema, time_limits

A_BLOCK = 20_000
"""Rows held at a time: some 30 MB."""
Value = Any
Default = Callable[[], Value]


@cache
def _defaults(name: str) -> dict[str, Value]:
    """Every column of a table with what stands in it when nothing is said."""
    table = next(table for table in schema.tables() if table._meta.tablename == name)
    return {column._meta.db_column_name: column.get_default_value() for column in table._meta.columns}


class CopiedBlocks:
    """`copied` counts the rows of each table so far."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[Value, ...]]] = {}
        self.size = 0
        self.copied: dict[str, int] = {}

    def add(self, table: str, /, **values: Value) -> None:
        defaults = _defaults(table)
        row = {**defaults, **values}
        if len(row) != len(defaults):
            raise KeyError(f"{table} has no column {sorted(row.keys() - defaults.keys())}")
        self._waiting.setdefault(table, []).append(tuple(row.values()))
        self.size += 1

    @property
    def is_full(self) -> bool:
        return self.size >= A_BLOCK

    async def flush(self) -> int:
        """Copy what waits, referenced tables first; how many rows that were."""
        with time_limits.of_an_update():
            async with database.transaction():
                for table in schema.tables():
                    if rows := self._waiting.get(table._meta.tablename):
                        await database.insert_rows(table, list(_defaults(table._meta.tablename)), rows)
        for name, rows in self._waiting.items():
            self.copied[name] = self.copied.get(name, 0) + len(rows)
        done, self.size, self._waiting = self.size, 0, {}
        return done


class RowIds:
    """Ids that are the same for the same seed, and sort by the time they are made for, as `ids.new` has them."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(f"ids {seed}")

    def at(self, second: int) -> UUID:
        bits = self._chance.getrandbits(84)
        high = (second * 1000 + (bits >> 74)) << 80
        return UUID(int=high | 7 << 76 | (bits >> 62 & 0xFFF) << 64 | 2 << 62 | bits & 0x3FFFFFFFFFFFFFFF)

    def stripe(self, prefix: str) -> str:
        return f"{prefix}_{self._chance.getrandbits(96):024x}"
