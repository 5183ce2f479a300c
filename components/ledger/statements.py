"""The statement: every posting of a person's accounts with its reason, newest first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database, paging

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
class Coming:
    """Cashback that waits, and from when it may be spent."""

    amount: int
    words: str
    due_at: datetime


async def page_count(person_id: UUID) -> int:
    """How many pages of `PER_PAGE` lines the statement has; one when it is empty."""
    count = await database.fetch_value("SELECT count(*) FROM ledger_posting WHERE person = $1", person_id)
    return paging.last(int(count), PER_PAGE)


async def lines(person_id: UUID, *, page: int = 1) -> tuple[LedgerLine, ...]:
    """One page of it, from 1."""
    rows = await database.fetch(
        """SELECT *, sum(spendable) OVER (ORDER BY turn)::bigint AS balance FROM (
          SELECT p.at, p.kind, p.words, p.because_of, row_number() OVER (ORDER BY p.at, p.turn) AS turn,
            sum(e.amount) FILTER (WHERE a.kind IN ('cashback', 'store_credit')) AS spendable,
            sum(e.amount) FILTER (WHERE a.kind = 'cashback_pending') AS pending,
            sum(e.amount) FILTER (WHERE a.kind = 'reserved') AS reserved,
            sum(e.amount) FILTER (WHERE a.kind = 'owed') AS owed
          FROM ledger_posting p JOIN ledger_entry e ON e.posting = p.id
          JOIN ledger_account a ON a.id = e.account WHERE p.person = $1 GROUP BY p.id) one
        ORDER BY turn DESC LIMIT $2 OFFSET $3""",
        person_id, PER_PAGE, (page - 1) * PER_PAGE,
    )  # fmt: skip
    return tuple(
        LedgerLine(
            row["at"],
            row["kind"],
            row["words"],
            row["because_of"],
            int(row["spendable"] or 0),
            int(row["pending"] or 0),
            int(row["reserved"] or 0),
            int(row["owed"] or 0),
            int(row["balance"] or 0),
        )
        for row in rows
    )


async def expiring(person_id: UUID) -> tuple[Expiring, ...]:
    """What runs out, the soonest first."""
    rows = await database.fetch(
        """SELECT remaining, words, expires_at FROM ledger_lot WHERE person = $1 AND remaining > 0 AND expires_at > $2
        ORDER BY expires_at, id""",
        person_id, clock.now(),
    )  # fmt: skip
    return tuple(Expiring(row["remaining"], row["words"], row["expires_at"]) for row in rows)


async def pending(person_id: UUID) -> tuple[Coming, ...]:
    """What waits, the soonest first."""
    rows = await database.fetch(
        "SELECT pending, words, due_at FROM ledger_lot WHERE person = $1 AND pending > 0 ORDER BY due_at, id", person_id
    )
    return tuple(Coming(row["pending"], row["words"], row["due_at"]) for row in rows)
