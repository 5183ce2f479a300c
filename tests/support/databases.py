"""Databases for tests: one embedded server, one template with the schema, one copy for each test process."""

import asyncio
import shutil
from pathlib import Path

import asyncpg
import fasteners

from components.foundation import database, embedded, schema

EMPTYING = """
DO $$ DECLARE name text; size bigint; filled boolean; large text[] := '{}'; BEGIN
  PERFORM set_config('session_replication_role', 'replica', true);
  FOR name, size IN
    SELECT quote_ident(relname), pg_relation_size(oid) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'migration'
    AND pg_relation_size(oid) > 0
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', name) INTO filled;
    IF size > 262144 THEN large := large || name;
    ELSIF filled THEN EXECUTE 'DELETE FROM ' || name;
    END IF;
  END LOOP;
  IF cardinality(large) > 0 THEN
    EXECUTE 'TRUNCATE ' || array_to_string(large, ', ') || ' CASCADE';
  END IF;
END $$
"""
"""Rows of small tables are deleted, with no trigger and no foreign key asked: a tenth of what TRUNCATE costs, which
makes new files for every table and index. A table that has grown large, or full of what was deleted, is truncated."""


def server(folder: Path) -> str:
    """The address of the run's server; started by whoever asks first."""
    return embedded.start(folder)


def own(folder: Path, name: str) -> str:
    """A fresh database for one test process, copied from a template that is made once a run."""
    with fasteners.InterProcessLock(folder / "template.lock"):
        address = server(folder)
        asyncio.run(_copied(address, f"test_{name}", folder / "template.made"))
    return address.replace("/postgres?", f"/test_{name}?")


async def _copied(address: str, name: str, made: Path) -> None:
    connection = await asyncpg.connect(address)
    try:
        if not made.exists():
            await _make_template(connection, address)
            made.touch()
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE clubfront_template')
    finally:
        await connection.close()


async def _make_template(connection: asyncpg.Connection, address: str) -> None:
    for speed in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
        await connection.execute(f"ALTER SYSTEM SET {speed}")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.execute("CREATE DATABASE clubfront_template")
    await database.connect(address.replace("/postgres?", "/clubfront_template?"), pool_size=1)
    try:
        await schema.create()
    finally:
        await database.disconnect()


async def empty() -> None:
    """No rows in any table."""
    await database.execute(EMPTYING)


def forget(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
