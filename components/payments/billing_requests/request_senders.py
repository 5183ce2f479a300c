"""Who may be sending a billing request just now: tasks, of any process, that were counted before they sent it.

One that knows that its own sending did nothing may only say so for all of them when it is the last.
"""

from enum import Enum, auto

from components.foundation import database
from components.payments.tables import BillingRequest


class Left(Enum):
    """What leaving a request came to."""

    WITHDRAWN = auto()
    """Nobody else sends it and nobody was told to wait: the row is gone, and the same key may be used again."""
    TO_BE_REFUSED = auto()
    """Nobody else sends it, but somebody waits to be told: it is free of its key, and open until it is settled."""
    OTHERS_SEND_IT = auto()
    SETTLED = auto()
    """By another, or withdrawn by it."""


async def join(request: BillingRequest) -> bool:
    """To be counted before sending. False when it has been settled or withdrawn since it was read."""
    table = BillingRequest
    is_open = (table.id == request.id) & table.settled_at.is_null()
    return bool(await table.update({table.senders: table.senders + 1}).where(is_open).returning(table.id))


async def leave(request: BillingRequest) -> Left:
    """Within a transaction: this sender's try surely carried nothing out."""
    table, is_its = BillingRequest, BillingRequest.id == request.id
    row = await database.locked(table, is_its & table.settled_at.is_null())
    if row is None:
        return Left.SETTLED
    if row.senders > 1:
        await table.update({table.senders: row.senders - 1, table.is_awaited: True}).where(is_its)
        return Left.OTHERS_SEND_IT
    if row.is_awaited:
        await table.update({table.senders: 0, table.key: f"{request.key[:80]}:{request.id}"}).where(is_its)
        return Left.TO_BE_REFUSED
    await table.delete().where(is_its)
    return Left.WITHDRAWN


async def wait(request: BillingRequest) -> bool:
    """Somebody is told to wait for its outcome. False when it has just been withdrawn."""
    table = BillingRequest
    return bool(await table.update({table.is_awaited: True}).where(table.id == request.id).returning(table.id))
