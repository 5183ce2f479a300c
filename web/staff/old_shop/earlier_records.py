"""What staff see on a member's page of the shop before this one."""

from dataclasses import dataclass

from components.old_shop import customer_import, old_orders
from components.old_shop.tables import OldCustomer
from components.people.tables import Person


@dataclass(frozen=True, kw_only=True)
class EarlierShop:
    """`orders` counts those under the person's e-mail, whether they have confirmed it or not."""

    kept: OldCustomer | None
    orders: int


async def earlier_shop(person: Person) -> EarlierShop:
    return EarlierShop(kept=await customer_import.of_person(person.id), orders=await old_orders.count(person.email))
