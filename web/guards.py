"""Who may come in. Every handler states one of these; a test fails for a handler that does not."""

from collections.abc import Callable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from components.foundation.refusals import NotAllowed, Refusal
from web.visitor import Visitor

Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], None]


class SignInNeeded(Refusal):
    """Reading leads to the sign-in page and back; a change is refused."""

    message = "Please sign in first."
    status = 401


def _visitor(connection: Connection) -> Visitor:
    visitor: Visitor = connection.scope["visitor"]  # type: ignore[typeddict-item]
    return visitor


def anyone(connection: Connection, handler: BaseRouteHandler) -> None:
    """Everybody may come in."""


def machine(connection: Connection, handler: BaseRouteHandler) -> None:
    """For programs that prove themselves by a signature or a key which the handler checks."""


def signed_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """Customers and members, each to what is their own."""
    if not _visitor(connection).is_signed_in:
        raise SignInNeeded


def member(connection: Connection, handler: BaseRouteHandler) -> None:
    """People with a membership now."""
    signed_in(connection, handler)
    if not _visitor(connection).is_member:
        raise NotAllowed("This is for members.")


def any_staff(connection: Connection, handler: BaseRouteHandler) -> None:
    """Everybody who works here."""
    signed_in(connection, handler)
    if not _visitor(connection).is_staff:
        raise NotAllowed("This part of the shop is for its staff.")


def owner(connection: Connection, handler: BaseRouteHandler) -> None:
    """Owners only."""
    any_staff(connection, handler)
    if not _visitor(connection).is_owner:
        raise NotAllowed("Only an owner may do this.")


def staff(permission: str) -> Guard:
    """Staff who have been given `permission`, and owners."""

    def has_permission(connection: Connection, handler: BaseRouteHandler) -> None:
        any_staff(connection, handler)
        if not _visitor(connection).may(permission):
            raise NotAllowed(f"Your account has not been given “{permission}”. An owner can change that.")

    has_permission.__doc__ = f"Staff with “{permission}”, and owners."
    has_permission.__qualname__ = f"staff({permission})"
    return has_permission
