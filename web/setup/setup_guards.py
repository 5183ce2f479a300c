"""Who may set a new shop up, once its link has been used: the owner, also before they have a second factor."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from components.foundation.languages.words import _
from components.foundation.refusals import NotAllowed
from components.opening import setup_state
from components.opening.setup_links import SetupOver
from web.guards import SignInNeeded
from web.visitor import Visitor


async def opening_owner(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """The owner who used the set-up link, until the shop is open."""
    state = setup_state.current()
    if not state.is_closed:
        raise SetupOver
    visitor: Visitor = connection.scope["visitor"]  # type: ignore[typeddict-item]
    if not visitor.is_signed_in:
        raise SignInNeeded
    if visitor.person_id != state.owner:
        raise NotAllowed(_("Only the owner who began can set this shop up."))
