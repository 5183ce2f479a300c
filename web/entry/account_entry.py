"""Asking for an account from any form: the visitor is asked for the code in the e-mail, whoever the e-mail belongs to.

What is only known to whoever has read the e-mail is said here, after it: that the account is new, or was there before.
"""

from typing import Any

from litestar import Request, Response

from components.foundation import clock, text
from components.foundation.languages.words import _
from components.invoices import invoice_list
from components.orders import order_links, queries
from components.people import rate_limits, sign_in_links
from components.people.identity import account_requests
from components.people.tables import Person
from web.entry.pending_sign_in import PendingSignIn
from web.replies import see_other, with_notice
from web.sign_in_session import OPENED_FROM_ADDRESS, address_of, known_browser_of, own_path, sign_in

ORDERS = "/orders/"


async def ask_for_account(
    request: Request[Any, Any, Any],
    email: str,
    *,
    next: str,
    name: str = "",
    password: str | None = None,
    agreed: tuple[str, ...] = (),
) -> Response[Any]:
    """On to the page that asks for the code. Raises `WeakPassword`, `TooManyTries`."""
    address = address_of(request)
    await rate_limits.hit(OPENED_FROM_ADDRESS, address)
    where = {"address": address, "browser": known_browser_of(request)}
    opener = await account_requests.request(email, name=name, password=password, agreed=agreed, **where)
    return PendingSignIn(email=email, next=next, opener=opener).kept_by(see_other("/sign-in/code"))


async def enter(request: Request[Any, Any, Any], person: Person, *, by: str) -> Response[Any]:
    """Signed in by an e-mail, and back to where the visitor was."""
    asked = PendingSignIn.of(request)
    next = await _after(own_path(asked.next), person)
    response = asked.forgotten_by(await sign_in(request, person.id, next=next, by=by))
    return with_notice(response, _words(person)) if asked.opener else response


def _words(person: Person) -> str:
    if clock.now() - person.created_at > sign_in_links.LASTS:
        return _("You already have an account with %(email)s: you’re signed in to it.", email=person.email)
    return _("Thank you. %(email)s is confirmed, and you’re signed in.", email=person.email)


async def _after(path: str, person: Person) -> str:
    """Where to go. Who comes from a guest order with this e-mail, which is now known to be theirs, gets the order."""
    order = await queries.by_token(path.removeprefix(ORDERS)) if path.startswith(ORDERS) else None
    if order is None or not order.is_paid or order.person not in (None, person.id):
        return path
    if text.normal_email(order.email) != person.email:
        return path
    await order_links.claim_order(order.id, person_id=person.id)
    await invoice_list.claim(order.id, person_id=person.id)
    return f"/account/orders/{order.number}"
