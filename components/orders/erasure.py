"""Erasing a person: what must be finished first, and what is removed from their orders."""

from uuid import UUID

from components.foundation import database
from components.orders import guest_claims
from components.people.facts import PersonErased

_YET_TO_SEND = """
SELECT o.number FROM orders o WHERE o.person = $1 AND o.paid_at IS NOT NULL AND o.fulfilled_at IS NULL
AND (SELECT coalesce(sum(r.amount), 0) FROM refund r WHERE r."order" = o.id AND r.status <> 'failed') < o.total
ORDER BY o.placed_at LIMIT 1"""


async def obstacle(person_id: UUID) -> str | None:
    """A parcel that is not sent yet needs its address."""
    waiting = await database.fetch_value(_YET_TO_SEND, person_id)
    return f"Order {waiting} has not been shipped yet. Please wait for it, or ask us to cancel it." if waiting else None


async def erase_person(fact: PersonErased) -> None:
    await guest_claims.anonymise(fact.person_id)
