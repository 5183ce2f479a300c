"""Many rows are written at once: without indexes and references, which are made again behind them, and without a log.

Of a shop that nobody uses meanwhile, and that is thrown away if it goes wrong. Triggers are off: whoever writes the
rows writes what those would have written, or has it worked out afterwards.
"""

import contextlib
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import asyncpg

from components.foundation import database
from components.foundation.database import embedded
from components.foundation.database.pool import connection

UNLOGGED = {
    "fsync": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0", "archive_mode": "off",
    "max_wal_size": "'4GB'", "shared_buffers": "'1GB'", "autovacuum": "off", "synchronous_commit": "off",
}  # fmt: skip
SETTINGS = """SET LOCAL session_replication_role = replica; SET LOCAL statement_timeout = 0; SET LOCAL jit = off;
  SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '1GB'; SET LOCAL max_parallel_maintenance_workers = 2;
  SET LOCAL max_parallel_workers_per_gather = 0"""
PATIENCE = 7200
_CONSTRAINTS = """SELECT conrelid::regclass::text AS "table", quote_ident(conname) AS name,
    pg_get_constraintdef(oid) AS made
  FROM pg_constraint WHERE contype::text = ANY($2) AND (conrelid = ANY($1::text[]::regclass[])
    OR confrelid = ANY($1::text[]::regclass[]))
  ORDER BY 1, 2"""
_INDEXES = """SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made FROM pg_index
  WHERE indrelid = ANY($1::text[]::regclass[]) ORDER BY 1"""


@contextlib.asynccontextmanager
async def server(data: Path) -> AsyncIterator[None]:
    """The shop's own, which keeps no log while this lasts, and does afterwards as always."""
    await database.connect(embedded.start(data), pool_size=2)
    for name, value in UNLOGGED.items():
        await database.execute(f"ALTER SYSTEM SET {name} = {value}")
    await _stop(data)
    await database.connect(embedded.start(data), pool_size=2)
    try:
        yield
        await database.execute("ALTER SYSTEM RESET ALL")
        async with connection("CHECKPOINT") as one:
            await one.execute("CHECKPOINT", timeout=PATIENCE)
    finally:
        await _stop(data)


async def _stop(data: Path) -> None:
    await database.disconnect()
    embedded.stop(data)


async def write(tables: Iterable[str], rows: Iterable[tuple[str, str]]) -> None:
    """All of `rows`, by name and statement, in one transaction; the `tables` are the ones with many."""
    async with database.transaction(), connection("BEGIN") as one:
        await one.execute(SETTINGS)
        again = await _bare(one, list(tables))
        for name, statement in (*rows, *again):
            began = time.monotonic()
            await one.execute(statement, timeout=PATIENCE)
            if (seconds := time.monotonic() - began) > 1 or (name, statement) not in again:
                print(f"  {name:40} {seconds:6.1f} s", flush=True)
    async with connection("VACUUM") as one:
        began = time.monotonic()
        await one.execute("SET statement_timeout = 0; SET maintenance_work_mem = '1GB'")
        await one.execute("VACUUM (ANALYZE, PARALLEL 0)", timeout=PATIENCE)
        await one.execute("RESET ALL")
        print(f"  {'looked through':40} {time.monotonic() - began:6.1f} s", flush=True)


async def _bare(one: "asyncpg.pool.PoolConnectionProxy", tables: list[str]) -> list[tuple[str, str]]:
    """Takes indexes and references off, and returns the statements that make them again, in their order."""
    made: list[tuple[str, str]] = []
    for kinds in ("f", "pu"):
        found = await one.fetch(_CONSTRAINTS, tables, list(kinds))
        for row in found:
            await one.execute(f"ALTER TABLE {row['table']} DROP CONSTRAINT {row['name']}")
        if kinds == "pu":
            await _empty(one, tables)
        made = [
            (row["name"], f"ALTER TABLE {row['table']} ADD CONSTRAINT {row['name']} {row['made']}") for row in found
        ] + made
        if kinds == "pu":
            indexes = await one.fetch(_INDEXES, tables)
            for row in indexes:
                await one.execute(f"DROP INDEX {row['name']}")
            made = [(row["name"], row["made"]) for row in indexes] + made
    return made


async def _empty(one: "asyncpg.pool.PoolConnectionProxy", tables: list[str]) -> None:
    """A table that is emptied in the same transaction needs no log of what is written into it."""
    for table in tables:
        if not await one.fetchval(f"SELECT EXISTS (SELECT FROM {table})"):
            await one.execute(f"TRUNCATE {table}")
