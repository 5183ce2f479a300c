"""Staff previews: the shop as any kind of visitor at any time, and the visitor the shop then sees.

The request is a signed cookie, bound to the session that created it and valid for an hour. It grants nothing that its
creator may not see: the permission to preview is checked again at each request.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Response
from litestar.datastructures import Cookie

from components.checkout.basket import preview_basket
from components.foundation import clock, settings
from components.foundation.refusals import NotFound
from components.foundation.secrecy import signing
from components.memberships.entitlements import entitlements, hypothetical_member
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.people import customer_accounts
from components.people.sessions import SignedIn
from web.visitor import Visitor

COOKIE = "preview"
LASTS = timedelta(hours=1)
PERMISSION = "members"
FILES = ("/brand", "/favicon.ico", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png", "/site.webmanifest")
OWN = ("/staff", "/static", "/health", "/metrics", "/hooks", "/robots.txt", *FILES)
ALONE = frozenset({"/", "/gifts"})
OPEN = (
    "/products",
    "/collections",
    "/search",
    "/for-you",
    "/journal",
    "/join",
    "/basket",
    "/pictures",
    "/feed.xml",
    "/sitemap.xml",
)
READABLE = frozenset(
    {"/account", "/account/membership", "/account/savings", "/account/credit", "/account/gifts", "/account/orders"}
)
"""For a specific customer: what they have, but not their addresses, and nothing that changes it."""
ALLOWED = frozenset({"/staff/preview", "/staff/preview/end", "/account/sign-out"})
_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
BASKET = re.compile(rf"/basket(/lines/{_UUID}(/removal)?)?/?")
"""The requests that change a preview's own basket, and nothing else."""
ONLY_LOOKING = "In a preview you can only browse and use the preview basket. End the preview to do this."
NOBODYS = "You’re in a preview. To see an account, select Change and preview as a specific customer."
Who = Literal["guest", "customer", "member", "grace", "lapsed", "person"]


class PreviewRequest(msgspec.Struct, frozen=True):
    """The visitor to preview (`plan` for members, `person` for a specific customer) and the instant; `since` is when
    they became a member."""

    who: Who
    at: datetime
    words: str
    plan: str = ""
    since: datetime | None = None
    person: UUID | None = None


class RunningPreview(msgspec.Struct, frozen=True):
    """A running preview. `basket` is its own: units by variant, stored only here."""

    wish: PreviewRequest
    session: str
    until: datetime
    basket: dict[UUID, int] = {}


def start(wish: PreviewRequest, session_token: str) -> RunningPreview:
    """Start a preview with an empty basket, for one hour."""
    return RunningPreview(wish, _digest(session_token), clock.now() + LASTS)


def seal(running: RunningPreview) -> str:
    """The cookie's value: signed, and only valid for this session."""
    return signing.sealed(running, purpose=COOKIE)


def cookie_of(
    response: Response[Any], running: RunningPreview, basket: Mapping[UUID, int] | None = None
) -> Response[Any]:
    """The response with the preview cookie and this basket. The expiry does not change."""
    if basket is not None:
        running = msgspec.structs.replace(running, basket=dict(basket))
    response.set_cookie(cookie(seal(running), int(LASTS.total_seconds())))
    return response


def cookie(value: str, seconds: int) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.current().is_https,
    )


def open_cookie(cookie: str, visitor: Visitor) -> RunningPreview | None:
    """The preview, if this visitor's own session started it less than an hour ago and they may preview; else None."""
    if visitor.session_token is None or not visitor.may(PERMISSION):
        return None
    running = signing.opened(cookie, RunningPreview, purpose=COOKIE)
    if running is None:
        return None
    is_own = hmac.compare_digest(running.session, _digest(visitor.session_token))
    return running if is_own and clock.now() < running.until else None


def is_shown(path: str) -> bool:
    """Whether this page is previewed; the staff area is not."""
    return not _is_in(path, OWN)


def is_refused(method: str, path: str, wish: PreviewRequest) -> bool:
    """A preview is read-only apart from its own basket, and limited to the pages named here, never a payment."""
    if method not in {"GET", "HEAD", "OPTIONS"}:
        return path.rstrip("/") not in ALLOWED and not BASKET.fullmatch(path)
    if wish.who == "person" and path in READABLE:
        return False
    return is_shown(path) and path not in ALONE and not _is_in(path, OPEN)


def refusal(method: str, path: str, wish: PreviewRequest) -> str:
    """The reason, in words for the operator."""
    return NOBODYS if method == "GET" and path in READABLE and wish.who != "person" else ONLY_LOOKING


async def visitor(own: Visitor, running: RunningPreview) -> Visitor:
    """The visitor the shop sees: no session, no staff permissions and no basket but the preview's own."""
    wish = running.wish
    signed_in, standing = None, CustomerEntitlements.NONE
    if wish.who == "person" and wish.person is not None:
        signed_in, standing = await _person(wish.person), await entitlements.for_person(wish.person, wish.at)
    elif wish.who != "guest":
        signed_in = SignedIn(hypothetical_member.NOBODY, "", "", None, frozenset(), is_due=False)
        standing = await _standing(wish)
    return replace(
        own,
        at=wish.at,
        signed_in=signed_in,
        standing=standing,
        session_token=None,
        basket_token=None,
        basket_count=sum(running.basket.values()),
        tried=preview_basket.contents_of(running.basket, signed_in.person_id if signed_in else None),
        preview=wish.words,
    )


async def _person(person_id: UUID) -> SignedIn:
    person = await customer_accounts.by_id(person_id)
    if person is None:
        raise NotFound("This person no longer exists. Please end the preview.")
    wants = person.personal_off_at is None
    return SignedIn(person.id, person.name, person.email, None, frozenset(), is_due=False, wants_personal=wants)


async def _standing(wish: PreviewRequest) -> CustomerEntitlements:
    if wish.who not in ("member", "grace"):
        return CustomerEntitlements.NONE
    status = "past_due" if wish.who == "grace" else "active"
    return await hypothetical_member.holding_plan(wish.plan, since=wish.since or wish.at, at=wish.at, status=status)


def _is_in(path: str, rooms: tuple[str, ...]) -> bool:
    return any(path == room or path.startswith(f"{room}/") for room in rooms)


def _digest(session_token: str) -> str:
    return hashlib.sha256(b"preview:" + session_token.encode()).hexdigest()
