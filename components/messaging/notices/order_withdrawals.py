"""Which orders somebody has withdrawn from: said wherever staff see, or are about to send, such an order.

It is theirs where number and address belong together, as in `withdrawals`; a stranger's word about a number is not.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from components.foundation import database
from components.orders import order_list
from components.people import customer_accounts


class Withdrawable(Protocol):
    """What is asked of an order, or of a row of a list."""

    @property
    def id(self) -> UUID: ...
    @property
    def number(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def person(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWithdrawal:
    """`items` is "" for the whole order; `outcome` "" until staff have seen to it."""

    number: str
    email: str
    at: datetime
    items: str
    settled_at: datetime | None
    outcome: str

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    @property
    def stands(self) -> bool:
        """What was withdrawn from must not be sent, whether staff have seen to it or not."""
        return self.outcome != "refused"


_OF = """SELECT upper(btrim(number)) AS number, email, at, items, settled_at, outcome FROM withdrawal
WHERE about IN ('order', 'both') AND upper(btrim(number)) = ANY($1) ORDER BY at, id"""
_WAITING = _OF.replace("ORDER BY", "AND outcome <> 'refused' ORDER BY")
_NUMBERS = (
    """SELECT DISTINCT upper(btrim(number)) FROM withdrawal WHERE about IN ('order', 'both') AND outcome <> 'refused'"""
)


async def of_order(order: Withdrawable) -> tuple[OrderWithdrawal, ...]:
    """All of them, the first said first, whether or not staff have seen to them."""
    found = await database.fetch_as(OrderWithdrawal, _OF, [order.number])
    return tuple([one for one in found if await _is_theirs(order, one)])


async def waiting_on(orders: Collection[Withdrawable]) -> frozenset[UUID]:
    """Those of them that somebody has withdrawn from, unless staff said that there was no right to: what is refunded
    is not sent either."""
    found = await database.fetch_as(OrderWithdrawal, _WAITING, [one.number for one in orders]) if orders else ()
    by_number = {order.number: order for order in orders}
    return frozenset([by_number[one.number].id for one in found if await _is_theirs(by_number[one.number], one)])


async def count_unsent() -> int:
    """How many of the orders that are still to be sent somebody has withdrawn from."""
    return len(await waiting_on(await order_list.to_ship_among(await database.fetch_values(_NUMBERS))))


async def _is_theirs(order: Withdrawable, said: OrderWithdrawal) -> bool:
    if said.email == order.email:
        return True
    person = await customer_accounts.by_email(said.email) if order.person and said.email else None
    return person is not None and person.id == order.person
