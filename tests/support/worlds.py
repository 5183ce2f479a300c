"""Worlds that many tests begin with: built once a process by the shop's own verbs, and afterwards put back as rows.

A world is known by its name and must always be built the same, from an empty database and at the same instant.
"""

import hashlib
import io
from collections.abc import Awaitable, Callable

from components.foundation import database
from tests.support import databases

_kept: dict[str, dict[str, bytes]] = {}
beginnings: set[bytes] = set()
"""Digests of all worlds that are kept."""


def digest(rows: dict[str, bytes]) -> bytes:
    return hashlib.sha256(b"".join(name.encode() + each for name, each in sorted(rows.items()))).digest()


async def begin_with(name: str, build: Callable[[], Awaitable[None]]) -> None:
    """Fill the empty database with this world."""
    if name in _kept:
        await put_back(_kept[name])
    else:
        await build()
        _kept[name] = await copied()
        beginnings.add(digest(_kept[name]))


async def copied() -> dict[str, bytes]:
    assert database.DB.pool is not None
    rows = {}
    async with database.DB.pool.acquire() as connection:
        for table, _ in await connection.fetch(databases.FILLED):
            copy = io.BytesIO()
            await connection.copy_from_table(table, output=copy, format="binary")
            rows[table] = copy.getvalue()
    return rows


async def put_back(rows: dict[str, bytes]) -> None:
    """As they were: no trigger runs and no foreign key is asked, since both had their say when they were made."""
    assert database.DB.pool is not None
    async with database.DB.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for table, copy in rows.items():
            await connection.copy_to_table(table, source=io.BytesIO(copy), format="binary")
