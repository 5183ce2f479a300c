"""Which rows of a table are looked at, by their keys, a few thousand at a time.

All of a small table, or of every table on demand. Of a large one what is new since the last check, and a random sample
of the rest: what slipped in earlier is found sooner or later, and at the latest by a full check.

Statements are put together here from the names of tables and columns, which come from the classes of tables. Which
table it is shows only at run time, because rules of all components are checked in this one place.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from piccolo import columns

from components.foundation import database
from components.foundation.database import schema

STEP = 2000
SMALL = 50_000
"""Up to so many rows a table is looked at whole, each time."""
SAMPLE = 10_000
OVERLAP = timedelta(days=1)
"""Keys begin with the time they were made at; a transaction may take a while until its rows are seen."""

_AFTER = "SELECT %(key)s FROM ONLY %(table)s WHERE %(key)s > $1 ORDER BY %(key)s LIMIT %(most)s"
_FIRST = "SELECT %(key)s FROM ONLY %(table)s ORDER BY %(key)s LIMIT %(most)s"
_COUNT = "SELECT count(*) FROM (SELECT FROM ONLY %(table)s LIMIT %(most)s) few"
_SAMPLE = "SELECT %(key)s FROM ONLY %(table)s TABLESAMPLE SYSTEM (%(share)s) LIMIT %(most)s"
_ROWS = "SELECT greatest(reltuples, 1)::float8 FROM pg_class WHERE oid = $1::text::regclass"
_DANGLING = "SELECT r.%(key)s, %(flags)s FROM ONLY %(table)s r WHERE r.%(key)s = ANY($1) AND (%(any)s) LIMIT %(most)s"
_IS_DANGLING = '(r."%s" IS NOT NULL AND NOT EXISTS (SELECT FROM ONLY %s o WHERE o.%s = r."%s"))'


@dataclass(slots=True)
class Extent:
    """How much is looked at. `since`: the newest key that was checked before, by table; `newest` is that of now.

    `looked_at` counts the rows, by table; `sampled` are the tables that were not looked at whole; `unchecked` says
    which rules took too long, and `put_off` which can be checked only when what has arrived was worked off: that is
    waited for `patience` seconds. Of the `unfinished` tables some rows are still to be looked at.
    """

    is_full: bool = True
    since: dict[str, UUID] = field(default_factory=dict)
    newest: dict[str, UUID] = field(default_factory=dict)
    looked_at: dict[str, int] = field(default_factory=dict)
    sampled: set[str] = field(default_factory=set)
    unchecked: list[str] = field(default_factory=list)
    put_off: list[str] = field(default_factory=list)
    unfinished: set[str] = field(default_factory=set)
    patience: int = 0


@cache
def _key_of(table: str) -> tuple[str, bool]:
    """The key's column, and whether keys sort by time."""
    (found,) = (known for known in schema.tables() if known._meta.tablename == table)
    key = found._meta.primary_key
    return str(key._meta.db_column_name), isinstance(key, columns.UUID)


async def steps(table: str, extent: Extent) -> AsyncIterator[list[Any]]:
    key, is_by_time = _key_of(table)
    names = {"table": table, "key": key}
    count = await database.fetch_value(_COUNT % {**names, "most": SMALL + 1})
    if extent.is_full or count <= SMALL:
        chosen = _onwards(names, None, extent)
    elif is_by_time and table in extent.since:
        chosen = _onwards(names, _earlier(extent.since[table]), extent)
    else:
        chosen = None
    if chosen is not None:
        async for keys in chosen:
            extent.looked_at[table] = extent.looked_at.get(table, 0) + len(keys)
            yield keys
    if not extent.is_full and count > SMALL:
        extent.sampled.add(table)
        sample = await _sample(names)
        extent.looked_at[table] = extent.looked_at.get(table, 0) + len(sample)
        for start in range(0, len(sample), STEP):
            yield sample[start : start + STEP]


async def _onwards(names: dict[str, str], after: UUID | None, extent: Extent) -> AsyncIterator[list[Any]]:
    """All keys after this one, in their order; the last of them is remembered when it is a time."""
    last: Any = after
    while True:
        if last is None:
            keys = await database.fetch_values(_FIRST % {**names, "most": STEP})
        else:
            keys = await database.fetch_values(_AFTER % {**names, "most": STEP}, last)
        if keys:
            last = keys[-1]
            yield keys
        if len(keys) < STEP:
            break
    if isinstance(last, UUID):
        extent.newest[names["table"]] = last


async def _sample(names: dict[str, str]) -> list[Any]:
    """Random pages of the table, each with all its rows."""
    rows = await database.fetch_value(_ROWS, names["table"])
    share = min(100.0, 100 * 1.1 * SAMPLE / rows)
    return await database.fetch_values(_SAMPLE % {**names, "share": f"{share:.6f}", "most": SAMPLE})


def _earlier(key: UUID) -> UUID:
    """The first key of a day before: of a version 7 UUID, 48 bits are the milliseconds."""
    milliseconds = (key.int >> 80) - int(OVERLAP.total_seconds() * 1000)
    return UUID(int=max(0, milliseconds) << 80)


async def dangling(
    table: str, columns: Sequence[tuple[str, str]], keys: list[Any], *, most: int
) -> list[tuple[Any, str, str]]:
    """(key, column, table) of each reference to a row that is not there."""
    key, _ = _key_of(table)
    tests = [_IS_DANGLING % (column, other, _key_of(other)[0], column) for column, other in columns]
    names = {"table": table, "key": key, "flags": ", ".join(tests), "any": " OR ".join(tests), "most": most}
    return [
        (row[0], column, other)
        for row in await database.fetch_rows(_DANGLING % names, keys)
        for (column, other), is_dangling in zip(columns, row[1:], strict=True)
        if is_dangling
    ]
