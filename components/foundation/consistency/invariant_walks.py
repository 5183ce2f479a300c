"""Checking rules while the shop is open: keys in small steps, each statement short and read-only, memory bounded.

`table_keys` says which keys: all of them, or what is new and a random sample.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from components.foundation import clock, database
from components.foundation.consistency import table_keys
from components.foundation.consistency.invariant_rules import Invariant, References
from components.foundation.consistency.table_keys import Extent

MOST_TOLD = 20
"""Of one rule: what breaks it a million times need not be told a million times."""
STEP_SECONDS, WHOLE_SECONDS = 10, 25


@dataclass(frozen=True, slots=True)
class Broken:
    rule: str
    words: str


async def broken(rules: Sequence[Invariant | References], extent: Extent | None = None) -> list[Broken]:
    """What breaks these rules: everything, unless the extent says otherwise."""
    extent = extent or Extent()
    found: list[Broken] = []
    for table in dict.fromkeys(_table(rule) for rule in rules):
        of_table = [rule for rule in rules if _table(rule) == table]
        if not table:
            for rule in of_table:
                found += await _tried(rule, None, extent)
            continue
        async for keys in table_keys.steps(table, extent):
            for rule in of_table:
                found += await _tried(rule, keys, extent)
    return _shortened(found)


async def at_once(name: str, check: Callable[[], Awaitable[list[Broken]]], extent: Extent) -> list[Broken]:
    """A check that looks at everything in one statement. When that takes too long, the extent says so."""
    try:
        async with _short_reading(WHOLE_SECONDS):
            return _shortened(await check())
    except (asyncpg.QueryCanceledError, TimeoutError):
        _note_too_long(name, extent)
        return []


def _note_too_long(name: str, extent: Extent) -> None:
    words = f"Not checked, because it took too long: {name}"
    if words not in extent.unchecked:
        extent.unchecked.append(words)


async def sentences(rules: Sequence[Invariant | References]) -> list[str]:
    return [one.words for one in await broken(rules)]


def _table(rule: Invariant | References) -> str:
    return rule.each if isinstance(rule, Invariant) else rule.table


def _name(rule: Invariant | References) -> str:
    return rule.name if isinstance(rule, Invariant) else f"what {rule.table} refers to is there"


def _shortened(found: list[Broken]) -> list[Broken]:
    told: dict[str, int] = {}
    kept = []
    for one in found:
        told[one.rule] = told.get(one.rule, 0) + 1
        if told[one.rule] <= MOST_TOLD:
            kept.append(one)
    more = {rule: times - MOST_TOLD for rule, times in told.items() if times > MOST_TOLD}
    return [*kept, *(Broken(rule, f"… and {times} more of: {rule}") for rule, times in more.items())]


async def _tried(rule: Invariant | References, keys: list[Any] | None, extent: Extent) -> list[Broken]:
    """One statement. Of one that takes too long the keys are halved, down to a single one."""
    try:
        async with _short_reading(STEP_SECONDS if keys is not None else WHOLE_SECONDS):
            return await _asked(rule, keys)
    except (asyncpg.QueryCanceledError, TimeoutError):
        if keys is None or len(keys) == 1:
            _note_too_long(_name(rule), extent)
            extent.unfinished |= {_table(rule)} - {""}
            return []
    except asyncpg.DataError as trouble:
        return [Broken(_name(rule), f"{_name(rule)}: could not be checked, because of rows that cannot be ({trouble})")]
    half = len(keys) // 2
    return [*await _tried(rule, keys[:half], extent), *await _tried(rule, keys[half:], extent)]


@asynccontextmanager
async def _short_reading(seconds: int) -> AsyncIterator[None]:
    """A transaction of its own with its own time limit, whatever the shop's is."""
    is_own = not database.DB.transaction_exists()
    async with database.transaction():
        if is_own:
            await database.execute("SET TRANSACTION READ ONLY")
            await database.fetch_value("SELECT set_config('statement_timeout', $1, true)", f"{seconds}s")
        yield


async def _asked(rule: Invariant | References, keys: list[Any] | None) -> list[Broken]:
    if isinstance(rule, References):
        return await _dangling(rule, keys or [])
    arguments: list[Any] = [] if keys is None else [keys]
    sql = rule.sql
    if "{now}" in sql:
        arguments.append(clock.now())
        sql = sql.replace("{now}", f"${len(arguments)}::timestamptz")
    rows = await database.fetch(f"{sql} LIMIT {MOST_TOLD + 1}", *arguments)
    return [Broken(rule.name, rule.words.format(**row)) for row in rows]


async def _dangling(rule: References, keys: list[Any]) -> list[Broken]:
    found = await table_keys.dangling(rule.table, rule.columns, keys, most=MOST_TOLD + 1)
    return [
        Broken(rule.name_of(column), f"{rule.table} {key}: its {column} names a row of {other} that is not there")
        for key, column, other in found
    ]
