"""Staff notes on an order, for each other."""

from uuid import UUID

from components.foundation import audit, clock, ids
from components.foundation.database import transaction
from components.foundation.refusals import Refusal
from components.orders.tables import OrderNote
from components.orders.views import OrderView

LONGEST = 2000


class EmptyNote(Refusal):
    message = "Enter a note first."


async def add_note(order: OrderView, words: str, *, by: UUID) -> OrderNote:
    """Raises `EmptyNote`. Text beyond 2,000 characters is cut off."""
    if not (text := words.strip()[:LONGEST]):
        raise EmptyNote
    note = OrderNote(id=ids.new(), order=order.id, at=clock.now(), by=by, words=text)
    async with transaction():
        await OrderNote.insert(note)
        await audit.record(by, "note added", "order", order.number, after={"note": str(note.id)})
    return note
