"""Poolers in front of the database. The shop listens, and holds locks, for a session: that needs whole sessions.

A pooler that lends its connections for single transactions (PgBouncer's `pool_mode = transaction`) loses both without
a word: pages would show old prices. So it gets an address of its own, POOLED_DATABASE_URL, for everything that is one
transaction, and DATABASE_URL names PostgreSQL itself. All of it is looked at before anything is served.
"""

import secrets

import asyncpg

from components.foundation.database import time_limits


class PoolerUnfit(Exception):
    """The shop cannot work with this pooler; the message says what to do."""


class SessionsAreShared(PoolerUnfit):
    def __init__(self) -> None:
        super().__init__(
            "Between the shop and its database a pooler lends connections for single transactions, so changes would "
            "not be heard. Let DATABASE_URL name PostgreSQL itself, and POOLED_DATABASE_URL the pooler; or set the "
            "pooler to sessions (PgBouncer: pool_mode = session)."
        )


class PoolsAnotherDatabase(PoolerUnfit):
    def __init__(self) -> None:
        super().__init__("POOLED_DATABASE_URL leads to another database than DATABASE_URL.")


class PoolerHasNoLimits(PoolerUnfit):
    def __init__(self, name: str, found: str, wanted: str) -> None:
        said = "; ".join(f"SET {name} = '{value}'" for name, value in time_limits.SERVER_SETTINGS.items())
        super().__init__(
            f"Behind POOLED_DATABASE_URL {name} is {found} and not {wanted}: a held row or a slow query could stop the "
            f"shop. In PgBouncer add this to the database's line: connect_query='{said.replace(chr(39), chr(39) * 2)}'"
        )


async def refuse_shared(dsn: str) -> None:
    """Raises `SessionsAreShared`. Only in words that need no prepared statement, which such a pooler may not have."""
    mark = secrets.token_hex(8)
    is_marked = f"SELECT WHERE current_setting('clubfront.session', true) = '{mark}'"
    one, other = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    try:
        await one.execute(f"SELECT set_config('clubfront.session', '{mark}', false)")
        await other.execute("BEGIN")
        of_another, of_its_own = await other.execute(is_marked), await one.execute(is_marked)
        await other.execute("ROLLBACK")
    finally:
        one.terminate()
        other.terminate()
    if of_another != "SELECT 0" or of_its_own != "SELECT 1":
        raise SessionsAreShared


_WHICH = "SELECT current_database(), pg_postmaster_start_time()"


async def refuse_unfit(dsn: str, pooled: str) -> None:
    """Raises `PoolsAnotherDatabase` and `PoolerHasNoLimits`."""
    lent = await asyncpg.connect(pooled, statement_cache_size=0)
    direct = await asyncpg.connect(dsn)
    try:
        async with lent.transaction():
            if await lent.fetchrow(_WHICH) != await direct.fetchrow(_WHICH):
                raise PoolsAnotherDatabase
            for name, value in time_limits.SERVER_SETTINGS.items():
                found = await lent.fetchval("SELECT current_setting($1)", name)
                if found != await direct.fetchval("SELECT set_config($1, $2, false)", name, value):
                    raise PoolerHasNoLimits(name, found, value)
    finally:
        direct.terminate()
        lent.terminate()
