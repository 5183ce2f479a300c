"""Taking turns over something that has no row to hold: PostgreSQL's advisory locks."""

from components.foundation import database

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text"


async def take_turns(name: str) -> None:
    """Within a transaction: whoever comes second with this name waits until the first one's has ended."""
    await database.fetch_value(_LOCK, name)
