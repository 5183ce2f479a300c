"""Who may use a route. Every handler states one of these; a test fails for a handler that does not.

They are coroutines: Litestar would send a plain function to a thread, twice for every request.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from components.foundation.languages.words import N_, _
from components.foundation.operations import security_events
from components.foundation.refusals import NotAllowed, Refusal
from components.people import api_keys
from components.people.api_keys import Key
from web.forms.sending import read_body
from web.visitor import Visitor

Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]


class SignInNeeded(Refusal):
    """A GET request leads to the sign-in page and back; a change is refused."""

    message = N_("Please sign in to continue.")
    status = 401


class SecondFactorNeeded(Refusal):
    """A GET request leads to the page where staff set one up; a change is refused."""

    message = N_("Please set up a second factor first. You find it in your account under “Sign-in and security”.")
    status = 403


class KeyNeeded(Refusal):
    message = "An API key is needed. Send it in the header “Authorization: Bearer …”."
    status = 401


def _visitor(connection: Connection) -> Visitor:
    visitor: Visitor = connection.scope["visitor"]  # type: ignore[typeddict-item]
    return visitor


async def anyone(connection: Connection, handler: BaseRouteHandler) -> None:
    """Open to everybody."""


async def machine(connection: Connection, handler: BaseRouteHandler) -> None:
    """For programs that authenticate with a signature or a key, which the handler checks."""


async def signed_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """Customers and members, each for their own data."""
    if not _visitor(connection).is_signed_in:
        raise SignInNeeded


async def member(connection: Connection, handler: BaseRouteHandler) -> None:
    """People with a membership now."""
    await signed_in(connection, handler)
    if not _visitor(connection).is_member:
        raise NotAllowed(_("This is for members only."))


async def any_staff(connection: Connection, handler: BaseRouteHandler) -> None:
    """All staff."""
    await signed_in(connection, handler)
    person = _visitor(connection).signed_in
    if person is not None and person.owes_factor:
        raise SecondFactorNeeded
    if not _visitor(connection).is_staff:
        await _note_refusal(connection)
        raise NotAllowed(_("This part of the shop is for staff only."))
    if isinstance(connection, Request) and connection.method == "POST":
        await read_body(connection)  # so that nothing is lost where what it was for is gone: `web.edge.kept_text`


async def owner(connection: Connection, handler: BaseRouteHandler) -> None:
    """Owners only."""
    await any_staff(connection, handler)
    if not _visitor(connection).is_owner:
        await _note_refusal(connection)
        raise NotAllowed(_("Only an owner can do this."))


def staff(permission: str) -> Guard:
    """Staff with `permission`, and owners."""

    async def has_permission(connection: Connection, handler: BaseRouteHandler) -> None:
        await any_staff(connection, handler)
        if not _visitor(connection).may(permission):
            await _note_refusal(connection)
            raise NotAllowed(f"Your account doesn’t have the “{permission}” permission. An owner can change that.")

    has_permission.__doc__ = f"Staff with “{permission}”, and owners."
    has_permission.__qualname__ = f"staff({permission})"
    return has_permission


async def _note_refusal(connection: Connection) -> None:
    path = str(connection.scope["path"])
    await security_events.note("staff page refused", person=_visitor(connection).person_id, detail=path)


async def caller(connection: Connection, handler: BaseRouteHandler) -> None:
    """Everybody; each caller sees only what is available to them. Requests with a key are counted by key, and see
    what a guest sees."""
    if "authorization" in connection.headers:
        await _opened(connection)


def program(scope: str) -> Guard:
    """Programs whose key has `scope`; cookies are ignored."""

    async def has_scope(connection: Connection, handler: BaseRouteHandler) -> None:
        if "authorization" not in connection.headers:
            raise KeyNeeded
        key = await _opened(connection)
        if not key.may(scope):
            await security_events.note("API key refused", detail=f"{key.name}: {scope}")
            raise NotAllowed(f"This key doesn’t have the “{scope}” scope. An owner can create one that does.")

    has_scope.__doc__ = f"Programs whose key has “{scope}”."
    has_scope.__qualname__ = f"program({scope})"
    return has_scope


async def _opened(connection: Connection) -> Key:
    """The key that was sent. Raises `UnknownKey`, `TooManyTries`."""
    scheme, _, secret = connection.headers["authorization"].partition(" ")
    if scheme.lower() != "bearer":
        raise KeyNeeded
    key = await api_keys.authenticate(secret.strip())
    connection.scope["visitor"] = Visitor(at=_visitor(connection).at)  # type: ignore[typeddict-unknown-key]
    connection.scope["key"] = key  # type: ignore[typeddict-unknown-key]
    return key
