"""The owner of an order: a guest's order becomes a person's when they create an account from its page."""

from uuid import UUID

from components.foundation import database
from components.orders.tables import Order


async def claim_order(order_id: UUID, *, person_id: UUID) -> bool:
    """Give a guest's order to the person who has just created an account with its e-mail; False if it has an owner."""
    claimed = Order.update(person=person_id).returning(Order.id)
    return bool(await claimed.where(Order.id == order_id, Order.person.is_null()))


_THEIRS = """(person = $1 OR (person IS NULL AND encode(sha256(convert_to(email, 'UTF8')), 'hex') = $2
  AND (paid_at IS NULL AND cancelled_at IS NOT NULL OR fulfilled_at IS NOT NULL)))"""
_EMPTY_NOTES = f"""UPDATE order_note SET words = 'Deleted together with the customer’s account.'
WHERE "order" IN (SELECT id FROM orders WHERE {_THEIRS})"""
_ANONYMISE = f"""
UPDATE orders SET person = NULL, name = 'Erased', email = '', address = json_build_object(
  'name', 'Erased', 'line1', '', 'line2', '', 'city', '', 'postcode', '', 'country', address ->> 'country')
WHERE {_THEIRS}"""


async def anonymise(person_id: UUID, email_digest: str) -> None:
    """Remove the person from their orders and keep the figures, as accounting law requires.

    Notes about them say who they are, and go. An order they placed as a guest keeps its address until it is shipped.
    """
    async with database.transaction():
        await database.execute(_EMPTY_NOTES, person_id, email_digest)
        await database.execute(_ANONYMISE, person_id, email_digest)
