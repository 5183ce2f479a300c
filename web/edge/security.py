"""The edge: the outermost ASGI layer. It identifies each visitor, refuses cross-site writes, and puts the same
headers on every response, errors and 404s included (a framework's middleware is not run for those)."""

import contextlib
import time
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

import structlog
from litestar.connection import ASGIConnection

from components.foundation import clock, ids, settings
from components.foundation.database import time_limits
from components.foundation.languages import language
from components.foundation.languages.words import _
from components.foundation.operations import security_events
from components.foundation.shop_settings import shop_settings
from components.memberships.plans import plan_offers
from components.memberships.plans.plan_offers import PlanOffer
from components.payments.timeouts import request_time
from web import assets, client_address, previews, replies, templating, visitor
from web.api import problems
from web.edge import (
    asked_language,
    closed_shop,
    connections,
    draining,
    errors,
    host_cookies,
    last_resort,
    request_heads,
    response_bodies,
    traffic,
)
from web.edge.fair_turns import Turns
from web.edge.request_bodies import MOST_SENT, Body
from web.edge.visits import view_counting
from web.looks import brand_preview
from web.looks.content_policy import CSP
from web.shop import page_cache
from web.shop.join import plan_asking
from web.sign_in_session import session_cookie
from web.visitor import Visitor

Preview = datetime | Literal["refused"] | None
REFUSED: Literal["refused"] = "refused"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = frozenset({b"localhost", b"127.0.0.1"})
SIGNED_BY_SENDER = ("/hooks/", "/unsubscribe/")
"""What is sent there carries its own proof, so that it does not matter who made it be sent."""
FOR_PROGRAMS = ("/health/", "/up", "/metrics")


def _headers() -> list[tuple[bytes, bytes]]:
    always = [
        (b"content-security-policy", CSP.format(ancestors="'none'").encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"x-frame-options", b"DENY"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
    ]
    if settings.current().is_https:
        subdomains = b"; includeSubDomains" if settings.current().hsts_subdomains == "yes" else b""
        always.append((b"strict-transport-security", b"max-age=31536000" + subdomains))
    return always


def is_cross_site(method: str, path: str, headers: dict[bytes, bytes], own_origin: bytes) -> bool:
    """Whether another site made the browser send this write. Programs other than browsers send neither header."""
    if method in SAFE or path.startswith(SIGNED_BY_SENDER):
        return False
    if site := headers.get(b"sec-fetch-site"):
        return site not in {b"same-origin", b"none"}
    origin = headers.get(b"origin")
    if origin is None:
        return False
    return origin != own_origin and origin.split(b"://")[-1] != headers.get(b"host", b"")


log = structlog.get_logger()
AWAY: tuple[type[Exception], ...] = (*errors.DOWN, OSError)


class Edge:
    """Wraps the application. One instance per process."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.turns = Turns()
        self.headers = _headers()
        self.own_origin = settings.current().base_url.encode()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        began, method = time.perf_counter(), scope["method"]
        scope["request_id"] = ids.new().hex
        address = client_address.client_address(scope)
        security_events.origin.set(security_events.Origin(address, scope["request_id"]))
        body = Body(receive, most=MOST_SENT if scope["path"].startswith("/offline-payments") else None)
        answered = _Answer(send, self.headers, scope, body)
        connections.answering[scope["client"]] = body
        try:
            await self.turns.take(address)
            request_heads.refuse_oversized(scope)
            if settings.current().is_https:
                scope["headers"] = host_cookies.received(scope["headers"])
            if scope["path"].startswith("/static/") and await assets.respond(scope, answered):
                return
            with time_limits.of_a_request():
                await self._pass_on(scope, body, answered)
        except Exception as trouble:
            await last_resort.answer(scope, answered, trouble)
        finally:
            body.finish()
            connections.answering.pop(scope["client"], None)
        traffic.note(scope, method, answered.status, time.perf_counter() - began)
        view_counting.note(scope, method, answered.status)

    async def _pass_on(self, scope: Any, receive: Any, answered: "_Answer") -> None:
        headers = dict(scope["headers"])
        if self._is_other_name_of_this_machine(scope["method"], scope["path"], headers.get(b"host", b"")):
            await _send_to(self.own_origin + scope.get("raw_path", b"/") + _query(scope), answered)
            return
        scope["visitor"] = Visitor(at=clock.now())
        if is_cross_site(scope["method"], scope["path"], headers, self.own_origin):
            await _refuse_cross_site(scope, answered)
            return
        in_address = asked_language.take_from_address(scope)
        cookies = ASGIConnection(scope).cookies
        answered.more = asked_language.kept_header(cookies, in_address)
        session, basket = cookies.get(session_cookie()), cookies.get("basket")
        structlog.contextvars.bind_contextvars(request_id=scope["request_id"])
        preview: Preview = None
        looks: dict[str, str] | None = None
        offers: tuple[PlanOffer, ...] = ()
        try:
            if session or basket:
                scope["visitor"] = await visitor.resolve(session, basket)
            looks = await brand_preview.tried(scope, cookies, scope["visitor"])
            preview = await _previewed(scope, answered, cookies.get(previews.COOKIE))
            offers = await plan_asking.offers_of(scope)
        except Exception as trouble:
            scope["visitor_trouble"] = trouble
        _ask_about_visits(scope, headers, cookies, answered)
        try:
            scope["language"] = asked_language.of_request(scope, cookies, in_address)
            with _tried(looks, answered), language.speaking(scope["language"]), plan_offers.offering(offers):
                if preview == REFUSED:
                    await _refuse_in_preview(scope, answered)
                elif closed_shop.is_closed_to(scope["path"]):
                    await closed_shop.answer(scope, answered)
                elif (drawn := _drawn_before(scope, headers, cookies)) is not None:
                    await drawn.send(answered, headers.get(b"if-none-match"))
                else:
                    shown_at = clock.frozen(preview) if isinstance(preview, datetime) else contextlib.nullcontext()
                    with shown_at, request_time.timeouts():
                        await self.inner(scope, receive, answered)
            await _note_session_use(scope["visitor"])
        finally:
            structlog.contextvars.unbind_contextvars("request_id")

    def _is_other_name_of_this_machine(self, method: str, path: str, host: bytes) -> bool:
        """Opened as localhost while the shop's address is 127.0.0.1: cookies and payment would use different hosts."""
        name, own = host.split(b":")[0], self.own_origin.split(b"://")[-1].split(b":")[0]
        return method in SAFE and name != own and {name, own} <= LOOPBACK and not path.startswith(FOR_PROGRAMS)


def _ask_about_visits(scope: Any, headers: dict[bytes, bytes], cookies: dict[str, str], answered: "_Answer") -> None:
    """Not on the answer to a form that was refused: there is no such page to come back to."""
    view_counting.note_visit(scope, headers, cookies)
    answered.with_pages = view_counting.begun_untold(scope, headers, cookies)
    if view_counting.says_no(headers):
        scope["visitor"] = replace(scope["visitor"], uses_visits=False)
    if scope["method"] == "GET" and view_counting.must_be_asked(headers, cookies, scope["visitor"]):
        scope["visitor"] = replace(scope["visitor"], asks_about_visits=view_counting.way_back(scope))


def _tried(looks: dict[str, str] | None, answered: "_Answer") -> contextlib.AbstractContextManager[None]:
    """Pages in looks that are only tried are never kept."""
    if looks is None:
        return contextlib.nullcontext()
    answered.is_preview = True
    return shop_settings.trying(looks)


async def _note_session_use(of: Visitor) -> None:
    """The answer has been sent: a database that is away now is no trouble of this request."""
    try:
        await visitor.note_session_use(of)
    except AWAY as trouble:
        log.warning("the use of a session was not noted", trouble=repr(trouble))


def _drawn_before(scope: Any, headers: dict[bytes, bytes], cookies: dict[str, str]) -> page_cache.CachedPage | None:
    """A page cached for everybody who sees the same; it needs no routes or guards."""
    if "visitor_trouble" in scope:
        return None
    drawn = page_cache.cached(scope, headers, scope["visitor"], has_flash=replies.FLASH in cookies)
    if drawn is not None:
        scope["route_handler"] = drawn.handler
    return drawn


class _Answer:
    """Adds the headers to what is sent, and drops the body of a HEAD request."""

    def __init__(self, send: Any, headers: list[tuple[bytes, bytes]], scope: Any, body: Body) -> None:
        self.send, self.headers, self.status, self.body = send, headers, 0, body
        self.request_id, self.sent = scope["request_id"].encode(), scope["headers"]
        self.is_head = scope["method"] == "HEAD"
        self.is_preview = False
        self.more: list[tuple[bytes, bytes]] = []
        self.with_pages: list[tuple[bytes, bytes]] = []
        if self.is_head:
            scope["method"] = "GET"

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if not self.body.is_complete and self.status != 408 and _has_body(self.sent):
                await self.body.drain()
            if self.status in view_counting.SHOWN:
                self.more += self.with_pages
            given = {name for name, _ in message["headers"]}
            own = [(name, value) for name, value in self.headers if name not in given]
            own += asked_language.content_header(message["headers"])
            message["headers"] = [*message["headers"], *own, *self.more, (b"x-request-id", self.request_id)]
            if settings.current().is_https:
                message["headers"] = host_cookies.sent(message["headers"])
            if self.is_preview or self.more:
                message["headers"] = _unkept(message["headers"])
            if draining.has_begun():
                message["headers"] = [*message["headers"], draining.CLOSE]
        elif self.is_head:
            message = {**message, "body": b""}
        elif len(message.get("body", b"")) > response_bodies.AT_ONCE or message.get("more_body"):
            await response_bodies.send_in_pieces(self.send, message)
            return
        await self.send(message)


def _has_body(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether something is still being sent. Answered before it was read, the connection would be cut, perhaps before
    the answer is read or while the next request is on its way."""
    return any((k == b"content-length" and v != b"0") or k == b"transfer-encoding" for k, v in headers)


async def _previewed(scope: Any, answered: _Answer, cookie: str | None) -> Preview:
    """On previewed pages the previewed visitor replaces the member of staff. Returns the instant to show, if any."""
    own: Visitor = scope["visitor"]
    running = previews.open_cookie(cookie, own) if cookie else None
    if running is None:
        return None
    wish = running.wish
    answered.is_preview = True
    scope["visitor"], scope["preview"] = replace(own, preview=wish.words), running
    if previews.is_refused(scope["method"], scope["path"], wish):
        return REFUSED
    if not previews.is_shown(scope["path"]):
        return None
    scope["visitor"] = await previews.visitor(own, running)
    return wish.at


def _unkept(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Pages of a preview are never cached, whatever the page would allow for other visitors."""
    left = [(name, value) for name, value in headers if name.lower() not in {b"cache-control", b"etag"}]
    return [*left, (b"cache-control", b"private, no-store")]


async def _refuse_in_preview(scope: Any, send: Any) -> None:
    """A page with the reason; an htmx request shows it among the page's notices instead."""
    if problems.is_for_a_program(scope["path"]):
        await problems.send(send, 403, previews.ONLY_LOOKING)
        return
    headers = [(b"content-type", b"text/html; charset=utf-8")]
    given = {"visitor": scope["visitor"], "here": scope["path"], "flash": (), "request_id": scope["request_id"]}
    name = "errors/403.html"
    words = previews.refusal(scope["method"], scope["path"], scope["preview"].wish)
    if (b"hx-request", b"true") in scope["headers"]:
        name = "errors/_only_looking.html"
        headers += [(b"hx-retarget", b"#notices"), (b"hx-reswap", b"innerHTML")]
    body = templating.render(name, {**given, "words": words}).encode()
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _refuse_cross_site(scope: Any, send: Any) -> None:
    words = _("This request came from another site and was refused.")
    if problems.is_for_a_program(scope["path"]):
        await problems.send(send, 403, words)
        return
    body = words.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _query(scope: Any) -> bytes:
    return b"?" + scope["query_string"] if scope.get("query_string") else b""


async def _send_to(address: bytes, send: Any) -> None:
    headers = [(b"location", address), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
