"""An e-mail speaks the language of whoever gets it: its words, sums and days are made and sent inside `with` these."""

from contextlib import AbstractContextManager

from components.foundation.languages import language
from components.orders.views import OrderView
from components.people import customer_accounts
from components.people.tables import Person


def of(wish: str) -> AbstractContextManager[None]:
    """The language somebody wished, or the shop's own where it is not offered (any more)."""
    return language.speaking(language.chosen(wish))


def of_person(person: Person) -> AbstractContextManager[None]:
    return of(person.language)


async def of_address(email: str, *, else_of: Person | None) -> AbstractContextManager[None]:
    """Of whoever has an account with this address; otherwise that of the person on whose behalf it is sent."""
    known = await customer_accounts.by_email(email) or else_of
    return of(known.language if known else "")


async def of_order(order: OrderView) -> AbstractContextManager[None]:
    """Of the customer; a guest's is that in which they ordered."""
    person = await customer_accounts.by_id(order.person) if order.person else None
    return of((person.language if person else "") or order.language)


def of_staff() -> AbstractContextManager[None]:
    """Whoever runs the shop reads English."""
    return language.speaking(language.STAFF)
