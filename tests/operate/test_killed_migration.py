"""`clubfront migrate` killed in the middle leaves what was there; run again, it ends with the schema of the tables."""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from components.foundation.database import migrations
from tests.architecture.migrations_agree import KINDS
from tests.support import databases, demos

LEFT_TO_DO = 40
"""So many migrations does the former version not have yet."""
ROUNDS = int(os.environ.get("CLUBFRONT_KILLED_MIGRATIONS", "1"))
HELD = """SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock'
          AND database = (SELECT oid FROM pg_database WHERE datname = $1)"""
MOST_LOCKS = 80
"""Fewer than they hold in the end."""
PATIENCE, LOCK_TIMEOUT = 60, 3
FORMER = """
import asyncio, contextlib, io, sys
from components.foundation import database
from components.foundation.database import migrations
from piccolo.apps.migrations.commands.forwards import run_forwards

async def main():
    await database.connect(sys.argv[1], pool_size=2)
    with contextlib.redirect_stdout(io.StringIO()):
        async with database.transaction():
            await migrations._make_jobs_schema()
            await run_forwards("clubfront", migration_id=sys.argv[2])
    await database.disconnect()

asyncio.run(main())
"""


def address_of(name: str) -> str:
    return databases.server(Path(os.environ["CLUBFRONT_TEST_FOLDER"])).replace("/postgres?", f"/{name}?")


@asynccontextmanager
async def connected(name: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(address_of(name))
    try:
        yield connection
    finally:
        await connection.close()


async def create(name: str, template: str) -> None:
    async with connected("postgres") as connection:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


async def shape(name: str) -> dict[str, str]:
    async with connected(name) as connection:
        return {
            f"{kind} {row['name']}": row["what"] for kind, sql in KINDS.items() for row in await connection.fetch(sql)
        }


async def applied(name: str) -> int:
    async with connected(name) as connection:
        return int(await connection.fetchval("SELECT count(*) FROM migration WHERE app_name = 'clubfront'"))


def migrate(name: str, data: Path) -> subprocess.Popen[bytes]:
    environment = demos.environment(data, DATABASE_URL=address_of(name), LOG_LEVEL="error")
    return subprocess.Popen([*demos.PROGRAM, "migrate"], env=environment, cwd=demos.ROOT, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)  # fmt: skip


async def killed(name: str, data: Path, locks: int) -> None:
    """As soon as it holds so many tables and indexes for itself."""
    process, until = migrate(name, data), time.monotonic() + PATIENCE
    async with connected("postgres") as watching:
        while process.poll() is None and time.monotonic() < until:
            if await watching.fetchval(HELD, name) >= locks:
                break
    process.kill()
    assert await asyncio.to_thread(process.wait) == -9, process.stdout and process.stdout.read()


async def longest_read(name: str, done: asyncio.Event) -> float:
    """Of somebody who reads all the time, with the shop's own time limit for locks."""
    longest = 0.0
    async with connected(name) as connection:
        await connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}s'")
        while not done.is_set():
            began = time.monotonic()
            for table in ("product", "orders", "basket"):
                try:
                    await connection.fetchval(f"SELECT count(*) FROM {table}")
                except asyncpg.LockNotAvailableError:
                    continue
                finally:
                    longest, began = max(longest, time.monotonic() - began), time.monotonic()
            await asyncio.sleep(0.01)
    return longest


async def finished(name: str, data: Path) -> tuple[str, float]:
    """What it says, and how long a reader waited at most."""
    done = asyncio.Event()
    reading = asyncio.create_task(longest_read(name, done))
    process = migrate(name, data)
    said, _ = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
    done.set()
    return said.decode() if process.returncode else "", await reading


@pytest.fixture
def server() -> str:
    """Started before there is a loop."""
    return databases.server(Path(os.environ["CLUBFRONT_TEST_FOLDER"]))


@pytest.mark.xdist_group("served")
@pytest.mark.usefixtures("server")
async def test_a_migration_killed_anywhere_is_as_if_it_had_not_begun(tmp_path: Path) -> None:
    known = sorted(migrations.known())
    await create("former", "template0")
    building = [sys.executable, "-c", FORMER, address_of("former"), known[-LEFT_TO_DO - 1]]
    await asyncio.to_thread(subprocess.run, building, cwd=demos.ROOT, check=True, timeout=PATIENCE)
    rounds = {f"killed_{number}": random.Random(number).randint(1, MOST_LOCKS) for number in range(ROUNDS)}
    before = await shape("former")
    assert await applied("former") == len(known) - LEFT_TO_DO
    for name in rounds:
        await create(name, "former")
    await asyncio.gather(*(killed(name, tmp_path, locks) for name, locks in rounds.items()))
    for name in rounds:
        assert await shape(name) == before and await applied(name) == len(known) - LEFT_TO_DO
    ended = await asyncio.gather(*(finished(name, tmp_path) for name in rounds))
    wanted = await shape("clubfront_template")
    for name, (trouble, longest) in zip(rounds, ended, strict=True):
        assert not trouble, trouble
        assert await shape(name) == wanted, rounds
        assert longest < LOCK_TIMEOUT + 1, (rounds, longest)
