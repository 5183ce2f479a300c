"""A pooler in front of the database must lend whole sessions: the shop listens, and holds locks, for a session.

One that lends its connections for single transactions (PgBouncer's `pool_mode = transaction`) loses both without a
word: pages would show old prices. It is found out before anything is served.
"""

import secrets

import asyncpg


class SessionsAreShared(Exception):
    def __init__(self) -> None:
        super().__init__(
            "Between the shop and its database a pooler lends connections for single transactions, so changes would "
            "not be heard. Set it to sessions (PgBouncer: pool_mode = session), or let DATABASE_URL name PostgreSQL "
            "itself."
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
