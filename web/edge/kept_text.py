"""What staff typed for something that is gone, or has another address by now: shown again, to be copied."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from web.forms.sending import SentForm, read_body

LEFT_OUT = frozenset({"as_it_was", "seen", "based_on", "key", "once", "look", "stripe_secret_key", "password"})
MOST = 60_000
"""Characters in all."""


async def keep(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Read what staff send before anything is looked up, which may not be there."""
    if isinstance(connection, Request) and connection.method == "POST" and _is_of_staff(connection):
        await read_body(connection)


def texts(request: Request[Any, Any, Any]) -> tuple[tuple[str, str], ...]:
    """Pairs of a field's name in words and what was typed; empty for everybody but staff in their own area."""
    sent: SentForm | None = request.scope.get("sent_form")  # type: ignore[assignment]
    if sent is None or not _is_of_staff(request):
        return ()
    found, left = [], MOST
    for name in sent:
        typed = "\n".join(value for value in sent.getall(name) if isinstance(value, str)).strip()[:left]
        if typed and name not in LEFT_OUT and "password" not in name:
            found.append((name.replace("_", " ").capitalize(), typed))
            left -= len(typed)
    return tuple(found)


def _is_of_staff(request: ASGIConnection[Any, Any, Any, Any]) -> bool:
    is_theirs = request.scope["path"].startswith("/staff/")
    return is_theirs and bool(getattr(request.scope.get("visitor"), "is_staff", False))
