"""Shared by the terminal commands: connects the database and applies migrations."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from components.foundation import database, settings
from components.foundation.database import embedded, migrations


@contextlib.asynccontextmanager
async def connected() -> AsyncIterator[str]:
    """The database, started if embedded, and migrated; yields its address."""
    known = settings.current()
    dsn = known.database_url or embedded.start(known.data)
    await database.connect(dsn, pool_size=known.database_pool)
    try:
        await migrations.apply()
        yield dsn
    finally:
        await database.disconnect()


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run a command's work with the database connected."""

    async def with_database() -> None:
        async with connected():
            await work()

    asyncio.run(with_database())
