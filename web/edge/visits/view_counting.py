"""Counts what visitors are really shown, after it has been sent: pages kept for everybody and “304” too.

Not counted: what a browser only fetches ahead (it says so; if the page is then shown, `static/js/seen.js` does), parts
of pages, HEAD, robots, staff, previews, and answers that are no page.
"""

import re
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from litestar.datastructures import Cookie

from components.behaviour import visit_consents
from components.behaviour.page_views import Kind, SeenPage, searched
from components.behaviour.view_buffer import BUFFER
from components.foundation import clock, ids, settings
from web.edge.visits.known_robots import is_robot
from web.shop.counted import Counted
from web.visitor import Visitor

COOKIE = "visits"
NO = "no"
TOLD = "told-"
"""Begins the cookie of whoever was not asked: once the shop asks, they are asked too."""
LASTS = visit_consents.ANSWER_DAYS * 24 * 3600
LONGEST_WAY_BACK = 2000
SHOWN = frozenset({200, 304})
DONE = frozenset({200, 201, 303})
_SLUG = r"([\w.~-]{1,150})"
_PAGES: tuple[tuple[Kind, "re.Pattern[str]"], ...] = (
    ("product", re.compile(rf"/products/{_SLUG}")),
    ("collection", re.compile(rf"/collections/{_SLUG}")),
    ("article", re.compile(rf"/journal/{_SLUG}")),
    ("join", re.compile(r"/join(?:/[\w-]+)?()")),
    ("basket", re.compile(r"/basket()")),
    ("checkout", re.compile(r"/checkout()")),
)
NO_PAGES = frozenset({"/products/feed.xml", "/collections/all"})
_PLACES = ((re.compile(r"/?"), "home"), (re.compile(r"/search"), "search"), (re.compile(r"/account.*"), "account"))
Headers = dict[bytes, bytes]


def page_of(path: str) -> Counted | None:
    """What is to be seen at this address, if it is counted at all."""
    plain = path.rstrip("/") or "/"
    if plain in NO_PAGES:
        return None
    for kind, pattern in _PAGES:
        if found := pattern.fullmatch(plain):
            return Counted(kind, found[1])
    return None


def says_no(headers: Headers) -> bool:
    """The browser says it for its owner: Global Privacy Control, or its predecessor."""
    return headers.get(b"sec-gpc") == b"1" or headers.get(b"dnt") == b"1"


def is_fetched_ahead(headers: Headers) -> bool:
    """Nobody sees it yet, and perhaps nobody will: speculation rules, link prefetch, and what older browsers said."""
    purpose = headers.get(b"sec-purpose") or headers.get(b"purpose") or headers.get(b"x-moz") or b""
    return b"prefetch" in purpose or b"preview" in purpose


def way_back(scope: Any) -> str:
    """Where the answer to the question leads: to the page that asks, with what was asked of it."""
    path, query = quote(scope["path"]), scope.get("query_string", b"").decode("latin-1")
    whole = f"{path}?{query}" if query else path
    return whole if len(whole) <= LONGEST_WAY_BACK else path[:LONGEST_WAY_BACK]


def must_be_asked(headers: Headers, cookies: dict[str, str], visitor: Visitor) -> bool:
    """Whether the page asks whether visits may be kept."""
    if not visit_consents.keeps_visits() or not visit_consents.must_ask():
        return False
    is_open = COOKIE not in cookies or cookies[COOKIE].startswith(TOLD)
    return is_open and not visitor.is_staff and visitor.preview is None and not says_no(headers)


def consent_id(cookies: dict[str, str]) -> UUID | None:
    """Of this browser, whether it may be used or not."""
    written = re.fullmatch(f"(?:{TOLD})?([0-9a-f]{{32}})", cookies.get(COOKIE, ""))
    return UUID(written[1]) if written else None


def is_told(cookies: dict[str, str]) -> bool:
    return cookies.get(COOKIE, "").startswith(TOLD)


def visitor_id(headers: Headers, cookies: dict[str, str]) -> UUID | None:
    """Of the consent this browser gave, if it may be used."""
    if not visit_consents.keeps_visits() or says_no(headers) or (is_told(cookies) and visit_consents.must_ask()):
        return None
    return consent_id(cookies)


def note_visit(scope: Any, headers: Headers, cookies: dict[str, str]) -> None:
    """Whose visit this is, for when it is counted."""
    scope["visit"], scope["visit_is_told"] = visitor_id(headers, cookies), is_told(cookies)


def begun_untold(scope: Any, headers: Headers, cookies: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Where nobody has to be asked: the cookie of a new visitor, with the second page they come to.

    Sent only with a page that is shown. Their first is counted without it: programs that keep no cookies would be a new
    visitor with each page.
    """
    if COOKIE in cookies or not visit_consents.keeps_visits() or visit_consents.must_ask() or says_no(headers):
        return []
    if headers.get(b"sec-fetch-site") != b"same-origin" or not is_somebody(scope, headers):
        return []
    if is_fetched_ahead(headers):
        return []
    if scope["method"] != "GET" or page_of(scope["path"]) is None or headers.get(b"hx-request-type") == b"partial":
        return []
    scope["visit"], scope["visit_is_told"] = (new := ids.untimed()), True
    return [(b"set-cookie", cookie(TOLD + new.hex).to_header(header="").strip().encode())]


def cookie(value: str) -> Cookie:
    """The answer to the question: "no", or the id of the consent; of whoever was only told it says so."""
    return Cookie(
        key=COOKIE, value=value, max_age=LASTS, path="/", httponly=True, samesite="lax",
        secure=settings.current().is_https,
    )  # fmt: skip


def note(scope: Any, method: str, status: int) -> None:
    """The answer has been sent. Takes some microseconds, asks nobody and never fails."""
    if not visit_consents.is_counting() or method == "HEAD":
        return
    said: Counted | None = scope.get("counted")
    seen = said or (page_of(scope["path"]) if method == "GET" else None)
    if seen is None or status not in (DONE if said and method != "GET" else SHOWN):
        return
    headers = dict(scope["headers"])
    if (said is None and headers.get(b"hx-request-type") == b"partial") or is_fetched_ahead(headers):
        return
    if is_somebody(scope, headers):
        count(scope, headers, seen)


def count(scope: Any, headers: Headers, seen: Counted) -> None:
    visitor: Visitor = scope["visitor"]
    subject = _came_from(headers) if seen.kind == "join" else seen.subject
    BUFFER.note(
        SeenPage(
            at=clock.now(),
            kind=seen.kind,
            subject=searched(subject) if seen.kind == "search" else subject[:160],
            is_member=visitor.is_member,
            found=seen.found,
            visitor=scope.get("visit"),
            person=visitor.person_id if scope.get("visit") else None,
            is_told=scope.get("visit_is_told", False),
        )
    )


def is_somebody(scope: Any, headers: Headers) -> bool:
    """A visitor of the shop, as far as one can tell."""
    visitor: Visitor | None = scope.get("visitor")
    if visitor is None or visitor.is_staff or visitor.preview is not None or "preview" in scope:
        return False
    return not is_robot(headers.get(b"user-agent", b""))


def _came_from(headers: Headers) -> str:
    """The page of the shop whose link led here: what the joining page is opened from."""
    came = headers.get(b"referer", b"").decode("latin-1")[:2000]
    try:
        parts = urlsplit(came)
    except ValueError:
        return "unknown"
    if not came or parts.netloc != headers.get(b"host", b"").decode("latin-1"):
        return "elsewhere" if came else "unknown"
    if (page := page_of(parts.path)) is not None:
        return f"{page.kind}:{page.subject}" if page.subject else page.kind
    return next((name for pattern, name in _PLACES if pattern.fullmatch(parts.path)), "another page")
