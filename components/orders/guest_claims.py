"""The owner of an order: a guest's order becomes a person's when they create an account from its page."""

from uuid import UUID

from components.foundation import database
from components.orders.tables import Order


async def claim_order(order_id: UUID, *, person_id: UUID) -> bool:
    """Give a guest's order to the person who has just created an account with its e-mail; False if it has an owner."""
    claimed = Order.update(person=person_id).returning(Order.id)
    return bool(await claimed.where(Order.id == order_id, Order.person.is_null()))


_ANONYMISE = """
UPDATE orders SET person = NULL, name = 'Erased', email = '', address = json_build_object(
  'name', 'Erased', 'line1', '', 'line2', '', 'city', '', 'postcode', '', 'country', address ->> 'country')
WHERE person = $1"""


async def anonymise(person_id: UUID) -> int:
    """Remove the person from their orders and keep the figures, as accounting law requires. Returns how many orders."""
    return await database.execute(_ANONYMISE, person_id)
