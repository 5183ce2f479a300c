"""The link that opens an order's page without signing in: made from its id, so that no table holds it."""

from uuid import UUID

from components.foundation import signing

_PURPOSE = "order link"


def token(order_id: UUID) -> str:
    return signing.stamp(order_id, purpose=_PURPOSE)


def order_id(token: str) -> UUID | None:
    """None for a link that is none of ours, and for one from before orders' links were made so."""
    return signing.stamped(token, purpose=_PURPOSE)
