"""An upgrade tried on a copy: what it does, how long it takes, what it would lock, and what it would break."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from components.foundation import database
from components.foundation.consistency import invariant_walks
from components.foundation.consistency.table_keys import Extent
from components.foundation.database import migrations
from components.foundation.operations import table_sums
from components.foundation.operations.backup import BackupFailed
from components.insights import invariants
from components.keeping import restore_proof

NOT_THERE_YET = (asyncpg.UndefinedColumnError, asyncpg.UndefinedTableError, asyncpg.UndefinedFunctionError)
"""A rule of this version may ask for what its migrations have not made yet."""


class RehearsalFailed(BackupFailed):
    """The upgrade does not work on the copy; the message says why."""


@dataclass(frozen=True)
class Lock:
    """A table that was there before and that nobody can use (`is_closed`) or change until the upgrade is done."""

    table: str
    is_closed: bool


@dataclass(frozen=True)
class Rehearsal:
    """`fewer` are tables with fewer rows than before; `broken_before` was so already."""

    migrations: tuple[str, ...]
    seconds: float
    locks: tuple[Lock, ...]
    fewer: tuple[str, ...]
    broken_before: int


def rehearse(backup: Path) -> Rehearsal:
    """Restore it beside, and upgrade that. Raises `RehearsalFailed`, `BackupFailed`."""
    with restore_proof.restored(backup) as (dsn, _):
        return asyncio.run(_on_copy(dsn))


async def _on_copy(dsn: str) -> Rehearsal:
    before = await asyncio.to_thread(table_sums.of, dsn)
    async with database.opened(dsn, pool_size=4):
        pending = tuple(await migrations.pending())
        broken_before = await _broken()
        locks: list[Lock] = []

        async def look() -> None:
            locks.extend(await database.fetch_as(Lock, _LOCKS, sorted(before)))

        began = time.monotonic()
        try:
            await migrations.apply(before_commit=look)
        except Exception as trouble:  # a migration may fail in any way
            raise RehearsalFailed(f"{type(trouble).__name__}: {trouble}") from trouble
        seconds = time.monotonic() - began
        if new := sorted(await _broken() - broken_before):
            raise RehearsalFailed(f"It leaves what is inconsistent: {' '.join(new[:5])}")
    after = await asyncio.to_thread(table_sums.of, dsn)
    fewer = [f"{name} ({rows:,} → {after.get(name, (0, ''))[0]:,})" for name, (rows, _) in before.items()
             if after.get(name, (0, ""))[0] < rows]  # fmt: skip
    return Rehearsal(pending, seconds, tuple(locks), tuple(fewer), len(broken_before))


_LOCKS = """
SELECT c.relname::text AS table, bool_or(l.mode = 'AccessExclusiveLock') AS is_closed
FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
WHERE l.pid = pg_backend_pid() AND l.granted AND c.relkind = 'r' AND c.relname = ANY($1)
  AND l.mode IN ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock')
GROUP BY c.relname ORDER BY c.relname
"""


async def _broken() -> set[str]:
    """What every rule that can be asked finds."""
    found: set[str] = set()
    for rules in invariants.parts().values():
        for rule in rules:
            try:
                found |= {one.words for one in await invariant_walks.broken((rule,), await _extent())}
            except NOT_THERE_YET:
                continue
    return found


async def _extent() -> Extent:
    """What is new, and a sample: where nothing was ever checked, all of it."""
    try:
        return await invariants.in_passing()
    except NOT_THERE_YET:
        return Extent(is_full=False)
