"""Databases for tests: one embedded server, one template with the schema, one copy for each test process."""

import asyncio
import shutil
from pathlib import Path

import asyncpg
import fasteners

from components.foundation import database
from components.foundation.database import embedded, schema

FILLED = """
SELECT quote_ident(relname) AS name, pg_relation_size(oid) AS size FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'migration' AND pg_relation_size(oid) > 0
ORDER BY relname
"""
LARGE = 256 * 1024


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
    """No rows in any table, and each table's file as short as if there had never been any.

    Rows are deleted with no trigger and no foreign key asked, and then vacuumed away, so that rows come to lie in the
    order in which they are written, as in a new table. Measured: a fifth of what TRUNCATE costs, which makes new files
    for every table and index. Only large tables are truncated.
    """
    found = await database.fetch(FILLED)
    small = [row["name"] for row in found if row["size"] <= LARGE]
    if large := [row["name"] for row in found if row["size"] > LARGE]:
        await database.execute(f"TRUNCATE {', '.join(large)} CASCADE")
    if small:
        deleting = "; ".join(f"DELETE FROM {name}" for name in small)
        await database.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {deleting}; COMMIT")
        await database.execute(f"VACUUM (TRUNCATE, INDEX_CLEANUP ON) {', '.join(small)}")


def forget(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
