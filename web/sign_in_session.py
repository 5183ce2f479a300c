"""Signing in and out: the session cookie, the basket, and where to go next."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from litestar import Request, Response
from litestar.datastructures import Cookie

from components.checkout.basket import basket_merge, baskets
from components.foundation import settings
from components.people import operators, sessions
from components.people.identity import known_browsers
from components.people.rate_limits import RateLimit
from components.people.second_factor import second_factors
from web import client_address
from web.replies import see_other
from web.views import visitor_of

OPENED_FROM_ADDRESS = RateLimit("account from address", 20, timedelta(minutes=15))


SESSION, SECOND_STEP, KNOWN_BROWSER = "session", "second-step", "known-browser"
"""Over https their names have a prefix, as that of every cookie: `web/edge/host_cookies.py`."""


def session_cookie() -> str:
    return SESSION


def second_step_of(request: Request[Any, Any, Any]) -> str:
    """The token of a session that waits for its second step; empty when there is none."""
    return request.cookies.get(SECOND_STEP, "")


def known_browser_of(request: Request[Any, Any, Any]) -> str:
    """The cookie that says who has signed in with this browser before; empty when nobody has."""
    return request.cookies.get(KNOWN_BROWSER, "")


async def sign_in(request: Request[Any, Any, Any], person_id: UUID, *, next: str, by: str = "") -> Response[Any]:
    """A new session under a new token, the basket merged, and on to `next`, or home when there is none.

    An earlier session is ended. Staff with a second factor are asked for it first, unless they came `by` passkey.
    """
    before = visitor_of(request)
    if before.session_token:
        await sessions.end(before.session_token)
    awaits_factor = by != "passkey" and await second_factors.is_asked_for(person_id)
    agent, address = request.headers.get("user-agent", ""), client_address.client_address(request.scope)
    token = await sessions.start(person_id, agent=agent, address=address, by=by, awaits_factor=awaits_factor)
    if awaits_factor:
        way = f"/sign-in/second-step{'?next=' + quote(next, safe='') if next else ''}"
        asked = sign_out(see_other(way)) if before.session_token else see_other(way)
        asked.set_cookie(_cookie(SECOND_STEP, token, sessions.SECOND_STEP_WITHIN))
        return asked
    return cookie_with_known(await signed_in_with(request, token, person_id, next=next), request, person_id)


async def signed_in_with(request: Request[Any, Any, Any], token: str, person_id: UUID, *, next: str) -> Response[Any]:
    """The browser holds this session from now on, and its basket is the person's."""
    home = "/staff" if await operators.note_sign_in(person_id) else "/account"
    response = with_session(see_other(next or home), token)
    if second_step_of(request):
        response.set_cookie(_cookie(SECOND_STEP, "", timedelta(0)))
    if basket := await basket_merge.merge_into_person(visitor_of(request).basket_token, person_id):
        response.set_cookie(_cookie("basket", basket, baskets.KEPT))
    return response


def cookie_with_known(response: Response[Any], request: Request[Any, Any, Any], person_id: UUID) -> Response[Any]:
    """The browser is known from now on as one in which this person has signed in."""
    known = known_browsers.with_person(known_browser_of(request), person_id)
    response.set_cookie(_cookie(KNOWN_BROWSER, known, known_browsers.LASTS))
    return response


def with_session(response: Response[Any], token: str) -> Response[Any]:
    """The browser holds this token from now on; the row decides how long it is valid."""
    response.set_cookie(_cookie(session_cookie(), token, sessions.LONGEST))
    return response


def sign_out(response: Response[Any]) -> Response[Any]:
    """The browser forgets its session, the basket, which stays the person's, and what it has kept of pages.

    It is not told to forget all cookies: that would reach those of other sites below the same domain.
    """
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.set_cookie(_cookie(session_cookie(), "", timedelta(0)))
    response.set_cookie(_cookie("basket", "", timedelta(0)))
    return response


def _cookie(key: str, value: str, lasts: timedelta) -> Cookie:
    return Cookie(
        key=key,
        value=value,
        path="/",
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.current().is_https,
    )


def without_store(response: Response[Any]) -> Response[Any]:
    """The page holds a token or somebody's e-mail, so it must not be cached."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers.pop("ETag", None)
    return response


def own_path(wanted: str, otherwise: str = "") -> str:
    """`wanted` if it is a path of this shop, else `otherwise`: nobody is sent elsewhere after signing in."""
    if not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or "\\" in wanted:
        return otherwise
    if any(ord(sign) <= 32 or ord(sign) == 127 for sign in wanted):
        return otherwise
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc or parts.path.startswith("/sign-in") else wanted


def address_of(request: Request[Any, Any, Any]) -> str:
    """Where the request came from, for counting tries."""
    return client_address.neighbourhood(request.scope)
