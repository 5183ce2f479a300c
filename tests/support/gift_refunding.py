"""Refunding a bought gift as staff do."""

from uuid import UUID

from components.foundation import ids
from components.memberships.grants import gift_refunds


async def refund_gift(gift_id: UUID, *, by: UUID, amount: int | None = None) -> None:
    """Raises what `gift_refunds.create` and `send` raise."""
    made = await gift_refunds.create(gift_id, amount, by=by, key=ids.new())
    await gift_refunds.send(made.id)
