"""A person's own copy of what they were credited and what became of it."""

from typing import Any
from uuid import UUID

from components.ledger.tables import Lot, Posting


async def credit_of(person_id: UUID, _confirmed_email: str | None) -> dict[str, list[dict[str, Any]]]:
    """Store credit and cashback: what was given, and every movement. Amounts in minor units."""
    lots = Lot.select(
        Lot.kind, Lot.words, Lot.amount, Lot.pending, Lot.remaining, Lot.given_at, Lot.due_at, Lot.expires_at
    )
    postings = Posting.select(Posting.kind, Posting.words, Posting.at)
    return {
        "credit": await lots.where(Lot.person == person_id).order_by(Lot.given_at, Lot.id),
        "credit_movements": await postings.where(Posting.person == person_id).order_by(Posting.turn),
    }
