"""The link that opens an order's page without signing in: made from its id, so that no table holds it.

A guest's order becomes a person's when they create an account from its page.
"""

from uuid import UUID

from components.foundation.secrecy import signing
from components.orders.tables import Order

_PURPOSE = "order link"


def token(order_id: UUID) -> str:
    return signing.stamp(order_id, purpose=_PURPOSE)


def order_id(token: str) -> UUID | None:
    """None for a link that is none of ours, and for one from before orders' links were made so."""
    return signing.stamped(token, purpose=_PURPOSE)


async def claim_order(order_id: UUID, *, person_id: UUID) -> bool:
    """Give a guest's order to the person who has just created an account with its e-mail; False if it has an owner."""
    claimed = Order.update(person=person_id).returning(Order.id)
    return bool(await claimed.where(Order.id == order_id, Order.person.is_null()))
