"""Databases for tests: one embedded server, one template with the schema, one copy for each test process."""

import asyncio
import hashlib
import os
import shutil
from pathlib import Path

import asyncpg
import fasteners
from procrastinate.schema import SchemaManager

from components.foundation import database
from components.foundation.database import embedded, schema
from tests.support import kept

FILLED = """
SELECT quote_ident(relname) AS name, pg_relation_size(oid) AS size FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'migration' AND pg_relation_size(oid) > 0
ORDER BY relname
"""
LARGE = 256 * 1024


def server(folder: Path) -> str:
    """The address of the run's server, with the template in it; started by whoever asks first."""
    with fasteners.InterProcessLock(folder / "server.lock"):
        if not (folder / "postgres").exists():
            kept.unpack(f"server-{_digest()}", folder / "postgres", _make_server)
        return embedded.start(folder)


def own(folder: Path, name: str) -> str:
    """A fresh database for one test process."""
    address = server(folder)
    asyncio.run(_execute(address, f'CREATE DATABASE "test_{name}" TEMPLATE clubfront_template'))
    return address.replace("/postgres?", f"/test_{name}?")


def _digest() -> str:
    """Of the whole schema: a server is kept from run to run as long as it stays the same."""
    statements = [str(query) for table in schema.tables() for query in table.create_table().ddl]
    known = "\n".join(
        (*statements, *schema.ddl(), SchemaManager.get_schema(), str(embedded.TARGET_POSTGRES_VERSION), SPEED)
    )
    return hashlib.sha256(known.encode()).hexdigest()[:16]


SPEED = f"""
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 200
plan_cache_mode = {os.environ.get("PLANS", "force_generic_plan")}
"""
"""What is lost when the machine fails is made again; and no row is old enough for a vacuum. A statement is planned once
a connection and not five times before: emptying the tables makes each plan anew as it is. `PLANS=auto`
plans as a shop does."""


def _make_server(postgres: Path) -> None:
    address = embedded.start(postgres.parent)
    with (postgres / "postgresql.conf").open("a") as settings:
        settings.write(SPEED)
    asyncio.run(_make_template(address))
    embedded.stop(postgres.parent)


async def _make_template(address: str) -> None:
    await _execute(address, "SELECT pg_reload_conf()", "CREATE DATABASE clubfront_template")
    await database.connect(address.replace("/postgres?", "/clubfront_template?"), pool_size=1)
    try:
        await schema.create()
    finally:
        await database.disconnect()


async def _execute(address: str, *statements: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


OTHERS = """
SELECT pid, backend_type, application_name, state, xact_start, left(query, 200) AS query FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND (xact_start IS NOT NULL OR state <> 'idle')
"""


async def empty() -> None:
    """No rows in any table, and each table's file as short as if there had never been any.

    Rows are deleted with no trigger and no foreign key asked, and then vacuumed away, so that rows come to lie in the
    order in which they are written, as in a new table. Measured: a fifth of what TRUNCATE costs, which makes new files
    for every table and index. Only large tables are truncated.
    """
    found = await database.fetch(FILLED)
    small = [row["name"] for row in found if row["size"] <= LARGE]
    if large := [row["name"] for row in found if row["size"] > LARGE]:
        try:
            await database.execute(f"TRUNCATE {', '.join(large)} CASCADE")
        except asyncpg.LockNotAvailableError as held:
            held.add_note(f"{large} are held by {await database.fetch(OTHERS)}")
            raise
    if small:
        deleting = "; ".join(f"DELETE FROM {name}" for name in small)
        await database.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {deleting}; COMMIT")
        await database.execute(f"VACUUM (TRUNCATE, INDEX_CLEANUP ON) {', '.join(small)}")


def forget(folder: Path) -> None:
    embedded.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)
