"""Whose an order is: a guest's becomes a person's when they open an account from its page."""

from uuid import UUID

from components.foundation import database
from components.orders.tables import Order


async def claim_order(token: str, *, person_id: UUID) -> bool:
    """Give a guest's order to the person who has just opened an account with its e-mail; False if it has an owner."""
    claimed = Order.update(person=person_id).returning(Order.id)
    return bool(await claimed.where(Order.token == token, Order.person.is_null()))


_ANONYMISE = """
UPDATE orders SET person = NULL, name = 'Erased', email = '', address = json_build_object(
  'name', 'Erased', 'line1', '', 'line2', '', 'city', '', 'postcode', '', 'country', address ->> 'country')
WHERE person = $1"""


async def anonymise(person_id: UUID) -> int:
    """Take the person out of their orders and keep the figures, as the law on accounts asks. How many there were."""
    return await database.execute(_ANONYMISE, person_id)
