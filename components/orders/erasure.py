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
    if not waiting:
        return None
    return f"Order {waiting} has not been shipped yet. You can delete your account after that, or ask us to cancel it."


async def erase_person(fact: PersonErased) -> None:
    await guest_claims.anonymise(fact.person_id, fact.email_digest)
