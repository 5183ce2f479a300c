"""The statement: every posting of a person's accounts with its reason, newest first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database, paging
from components.ledger.tables import Lot, Posting

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What one posting did to each of the person's accounts, in minor units; `balance` is what is left."""

    at: datetime
    kind: str
    words: str
    because_of: UUID | None
    spendable: int
    pending: int
    reserved: int
    owed: int
    balance: int


@dataclass(frozen=True, slots=True)
class Expiring:
    """What is left of one lot, and when it expires."""

    amount: int
    words: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PendingCredit:
    """Cashback that waits, and from when it may be spent."""

    amount: int
    words: str
    due_at: datetime


async def page_count(person_id: UUID) -> int:
    """How many pages of `PER_PAGE` lines the statement has; one when it is empty."""
    count = await Posting.count().where(Posting.person == person_id)
    return paging.last(int(count), PER_PAGE)


async def lines(person_id: UUID, *, page: int = 1) -> tuple[LedgerLine, ...]:
    """One page of it, from 1."""
    return tuple(await database.fetch_as(LedgerLine, _LINES, person_id, PER_PAGE, (page - 1) * PER_PAGE))


_LINES = """
SELECT at, kind, words, because_of, spendable, pending, reserved, owed,
  sum(spendable) OVER (ORDER BY turn)::bigint AS balance FROM (
    SELECT p.at, p.kind, p.words, p.because_of, row_number() OVER (ORDER BY p.at, p.turn) AS turn,
      coalesce(sum(e.amount) FILTER (WHERE a.kind IN ('cashback', 'store_credit')), 0)::bigint AS spendable,
      coalesce(sum(e.amount) FILTER (WHERE a.kind = 'cashback_pending'), 0)::bigint AS pending,
      coalesce(sum(e.amount) FILTER (WHERE a.kind = 'reserved'), 0)::bigint AS reserved,
      coalesce(sum(e.amount) FILTER (WHERE a.kind = 'owed'), 0)::bigint AS owed
    FROM ledger_posting p JOIN ledger_entry e ON e.posting = p.id
    JOIN ledger_account a ON a.id = e.account WHERE p.person = $1 GROUP BY p.id) one
ORDER BY turn DESC LIMIT $2 OFFSET $3
"""


async def expiring(person_id: UUID) -> tuple[Expiring, ...]:
    """What runs out, the soonest first."""
    runs_out = (Lot.person == person_id) & (Lot.remaining > 0) & (Lot.expires_at > clock.now())
    found = await Lot.objects().where(runs_out).order_by(Lot.expires_at, Lot.id)
    return tuple(Expiring(lot.remaining, lot.words, lot.expires_at) for lot in found)


async def pending(person_id: UUID) -> tuple[PendingCredit, ...]:
    """What waits, the soonest first."""
    waits = (Lot.person == person_id) & (Lot.pending > 0)
    found = await Lot.objects().where(waits).order_by(Lot.due_at, Lot.id)
    return tuple(PendingCredit(lot.pending, lot.words, lot.due_at) for lot in found)
