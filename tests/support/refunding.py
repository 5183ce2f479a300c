"""Refunding what was paid for once as staff do."""

from uuid import UUID

from components.foundation import ids
from components.memberships.grants import paid_once_refunds


async def refund_gift(gift_id: UUID, *, by: UUID, amount: int | None = None) -> None:
    """All that is left, unless an amount is given. Raises what `paid_once_refunds.create` and `send` raise."""
    wanted = (await paid_once_refunds.left(gift_id)).amount if amount is None else amount
    made = await paid_once_refunds.create(gift_id, wanted, by=by, key=ids.new())
    await paid_once_refunds.send(made.id)
