"""Tests make the schema from the tables; a shop that is restored or upgraded must know what was applied to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from components.foundation import database
from components.foundation.database import migrations

_TABLE = "CREATE TABLE migration (id serial, name text, app_name text, ran_on timestamp DEFAULT now())"


@asynccontextmanager
async def noted(*, but: str = "") -> AsyncIterator[None]:
    """While the block lasts, every migration is noted as applied but the one of this name."""
    await database.execute("DROP TABLE IF EXISTS migration")
    await database.execute(_TABLE)
    rows = [(name,) for name in migrations.known() if name != but]
    await database.execute_many("INSERT INTO migration (name, app_name) VALUES ($1, 'clubfront')", rows)
    try:
        yield
    finally:
        await database.execute("DROP TABLE migration")
