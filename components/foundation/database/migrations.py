"""Updates the database schema to what the code expects: once, under a lock, all or nothing."""

import contextlib
import io
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg

from components.foundation import database
from components.foundation.database import time_limits

FOLDER = Path(__file__).parent.parent.parent.parent / "piccolo_migrations"
LOCK = 727_001
os.environ.setdefault("PICCOLO_CONF", "piccolo_conf")


class DatabaseOfEarlierVersion(Exception):
    """The database holds migrations from before the first one of this version; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "This database was made by an earlier version of Clubfront, which this version cannot upgrade. "
            "Nothing was changed. Keep using the earlier version, or set CLUBFRONT_DATA to an empty folder or "
            "DATABASE_URL to an empty database."
        )


async def apply(*, before_commit: Callable[[], Awaitable[None]] | None = None) -> int:
    """Run pending migrations; returns their number. Safe to call from two processes at once.

    `before_commit` is asked within the transaction, when all of them have run.
    """
    with time_limits.of_an_update():
        async with _alone(), database.transaction():
            count = await _apply_all()
            if before_commit is not None:
                await before_commit()
            return count


async def _apply_all() -> int:
    await database.execute(_WITHOUT_LIMITS)
    await refuse_earlier_version()
    await _make_jobs_schema()
    before = await _applied()
    if known() <= before:
        return 0  # without reading what they would do, which takes a third of a second of each start
    with contextlib.redirect_stdout(io.StringIO()):
        await _forwards()
    return len(await _applied()) - len(before)


_WITHOUT_LIMITS = """
SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = '90s'
"""
"""An index of a large table takes its time. A lock is waited for longer than any transaction may be idle."""


async def pending() -> list[str]:
    """Migrations in the code that the database does not have yet."""
    return sorted(known() - await _applied())


async def refuse_earlier_version() -> None:
    """Raises `DatabaseOfEarlierVersion` when this database has migrations from before the first one in the code."""
    first = min(known(), default="")
    if any(name < first for name in await _applied()):
        raise DatabaseOfEarlierVersion


def known() -> set[str]:
    return {_id_in(path) for path in FOLDER.glob("*.py") if path.stem != "__init__"}


def _id_in(path: Path) -> str:
    line = next(line for line in path.read_text().splitlines() if line.startswith("ID = "))
    return line.split("=", 1)[1].strip().strip("\"'")


async def _applied() -> set[str]:
    if await database.fetch_value("SELECT to_regclass('migration')") is None:
        return set()
    return set(await database.fetch_values("SELECT name FROM migration WHERE app_name = 'clubfront'"))


async def _forwards() -> None:
    from piccolo.apps.migrations.commands.forwards import run_forwards

    result = await run_forwards("clubfront")
    if not result.success:
        raise RuntimeError(result.message)


async def _make_jobs_schema() -> None:
    """The job queue's own tables and functions, as its package ships them."""
    if await database.fetch_value("SELECT to_regclass('procrastinate_jobs')") is None:
        from procrastinate.schema import SchemaManager

        await database.execute(SchemaManager.get_schema())


@contextlib.asynccontextmanager
async def _alone() -> AsyncIterator[None]:
    connection = await asyncpg.connect(database.dsn())
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        yield
    finally:
        await connection.close()
