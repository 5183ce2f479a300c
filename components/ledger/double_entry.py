"""Posting: entries that sum to zero, stored under a unique cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database, ids
from components.foundation.database import any_of
from components.ledger.tables import Posting


@dataclass(frozen=True, slots=True)
class Side:
    """`amount` in minor units: above zero comes into the account, below zero leaves it."""

    account: UUID
    amount: int
    lot: UUID


async def post(
    cause: str,
    *,
    kind: str,
    person_id: UUID,
    words: str,
    sides: Sequence[Side],
    because_of: UUID | None = None,
    at: datetime | None = None,
) -> bool:
    """Within the transaction that holds the person's accounts. False, and nothing done, when the cause is known.

    The database refuses at commit what does not sum to zero, and at once what would take more than is there.
    """
    posting = ids.new()
    if not await database.execute(_POST, posting, cause, kind, person_id, because_of, words, at or clock.now()):
        return False
    moving = sorted((side for side in sides if side.amount), key=lambda side: side.amount)
    await database.execute_many(_MOVE, [(ids.new(), posting, side.account, side.lot, side.amount) for side in moving])
    return True


_POST = """
INSERT INTO ledger_posting (id, cause, kind, person, because_of, words, at, turn)
VALUES ($1, $2, $3, $4, $5, $6, $7, nextval('ledger_turn')) ON CONFLICT (cause) DO NOTHING
"""
_MOVE = "INSERT INTO ledger_entry (id, posting, account, lot, amount) VALUES ($1, $2, $3, $4, $5)"


async def exists(*causes: str) -> bool:
    """Whether one of them was posted."""
    return await Posting.exists().where(any_of(Posting.cause, causes))
