"""Lots: amounts received at one time. What expires first is spent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import clock, database
from components.ledger.tables import Lot


@dataclass(frozen=True, slots=True)
class Taken:
    """A part of one lot; `kind` is the account it stands in."""

    lot: UUID
    kind: str
    amount: int


async def add(lot: Lot) -> None:
    await Lot.insert(lot)


async def spendable_lots(person_id: UUID, *, kinds: Sequence[str]) -> list[Taken]:
    """Everything that can be spent now, soonest to expire first."""
    rows = await database.fetch(
        """SELECT id, kind, remaining FROM ledger_lot WHERE person = $1 AND remaining > 0 AND kind = ANY($2)
        AND (expires_at IS NULL OR expires_at > $3) ORDER BY expires_at NULLS LAST, given_at, id""",
        person_id, list(kinds), clock.now(),
    )  # fmt: skip
    return [Taken(row["id"], row["kind"], row["remaining"]) for row in rows]


def spend_from(available: Sequence[Taken], amount: int) -> list[Taken]:
    """From one lot after another until it is enough, or nothing is left. Pure."""
    taken, missing = [], amount
    for lot in available:
        if missing <= 0:
            break
        part = min(lot.amount, missing)
        taken.append(Taken(lot.lot, lot.kind, part))
        missing -= part
    return taken


async def by_id(lot_id: UUID) -> dict[str, Any]:
    row = await database.fetch_one("SELECT * FROM ledger_lot WHERE id = $1", lot_id)
    assert row is not None
    return row


async def due_lots(at: datetime, *, most: int) -> list[dict[str, Any]]:
    """Cashback that is no longer pending."""
    return await database.fetch(
        "SELECT id, person FROM ledger_lot WHERE pending > 0 AND due_at <= $1 ORDER BY due_at, id LIMIT $2", at, most
    )


async def expired_lots(at: datetime, *, most: int) -> list[dict[str, Any]]:
    """Expired lots with something left."""
    return await database.fetch(
        "SELECT id, person FROM ledger_lot WHERE remaining > 0 AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2",
        at, most,
    )  # fmt: skip
