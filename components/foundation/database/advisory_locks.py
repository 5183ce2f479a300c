"""Taking turns over something that has no row to hold: PostgreSQL's advisory locks."""

from components.foundation import database
from components.foundation.database import time_limits

_LOCK = """
SELECT set_config('lock_timeout', $2, true), pg_advisory_xact_lock(hashtextextended($1, 0))::text,
  set_config('lock_timeout', $3, true)
"""
"""For this one wait, within this transaction."""


async def take_turns(name: str) -> None:
    """Within a transaction: whoever comes second with this name waits until the first one's has ended.

    That may be long, when the first one asks Stripe meanwhile: a job waits for it, a request is answered 503 before.
    """
    turn = f"{time_limits.current().turn:.0f}s"
    await database.fetch_value(_LOCK, name, turn, f"{time_limits.LOCK_SECONDS}s")
