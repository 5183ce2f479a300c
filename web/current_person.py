"""The person whose account a request concerns: always the signed-in person."""

from typing import Any
from uuid import UUID

from litestar import Request

from web.guards import SignInNeeded
from web.views import visitor_of


def person_id_of(request: Request[Any, Any, Any]) -> UUID:
    """Raises `SignInNeeded`, although the guard has checked before."""
    person_id = visitor_of(request).person_id
    if person_id is None:
        raise SignInNeeded
    return person_id


def session_of(request: Request[Any, Any, Any]) -> str:
    """The token of the session this request came with. Raises `SignInNeeded`."""
    token = visitor_of(request).session_token
    if token is None:
        raise SignInNeeded
    return token
