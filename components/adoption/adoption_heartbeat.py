"""A job says how far it is, and hears in the same statement that it is no longer wanted."""

from uuid import UUID

from components.foundation import database


class NoLongerWanted(Exception):
    """Staff have cancelled it: what is in hand is rolled back."""


async def heard(run_id: UUID, state: str, changes: str, *values: object) -> None:
    """Raises `NoLongerWanted`. `changes` are of this package's own constants."""
    sql = f"UPDATE adoption SET {changes}, heard_at = now() WHERE id = $1 AND state = $2"
    if not await database.execute(sql, run_id, state, *values):
        raise NoLongerWanted
