"""A shop that sells nothing: one plain page at every address.

A new shop that is not open yet, but for the addresses that open it; and one that was packed to be served elsewhere.
"""

from typing import Any

from components.foundation import clock
from components.keeping import moved_shop
from components.keeping.moved_shop import Moved
from components.opening import setup_state
from web import templating
from web.api import problems
from web.visitor import Visitor

RETRY_AFTER = b"3600"
MOVED_RETRY_AFTER = b"600"
WORDS = "This shop is not open yet."
ALWAYS = ("/health/", "/up", "/metrics", "/hooks/", "/setup/link/", "/brand/", "/favicon.ico", "/site.webmanifest")
MOVED_WORDS = "This shop has moved to another server. Please try again in a few minutes."
EVEN_WHEN_MOVED = ("/health/", "/up", "/metrics", "/static/", "/brand/", "/favicon.ico", "/site.webmanifest")
"""Not the webhooks: Stripe sends what is refused here again, to the place where the shop is."""
FOR_OWNER = ("/setup", "/sign-in", "/account/security", "/account/confirm", "/account/sign-out")
"""Once somebody has used the link: where they sign in again, and set up their second factor."""


def is_closed_to(path: str) -> bool:
    """Whether this address is answered with that page."""
    if moved_shop.current() is not None:
        return not path.startswith(EVEN_WHEN_MOVED)
    state = setup_state.current()
    if not state.is_closed or path.startswith(ALWAYS):
        return False
    return state.owner is None or not path.startswith(FOR_OWNER)


async def answer(scope: Any, send: Any) -> None:
    path, visitor = scope["path"], scope["visitor"]
    if (moved := moved_shop.current()) is not None:
        await _say_it_moved(send, path, moved)
        return
    if problems.is_for_a_program(path):
        await problems.send(send, 503, WORDS)
        return
    is_owner = visitor.person_id is not None and visitor.person_id == setup_state.current().owner
    if is_owner and scope["method"] == "GET" and (path == "/staff" or path.startswith("/staff/")):
        await _send(send, 303, b"", (b"location", b"/setup"))
        return
    given = {"visitor": Visitor(at=clock.now()), "here": "/", "flash": (), "is_owner": is_owner}
    body = templating.render("errors/not_open.html", given).encode()
    await _send(send, 503, body, (b"retry-after", RETRY_AFTER))


async def _say_it_moved(send: Any, path: str, moved: Moved) -> None:
    if problems.is_for_a_program(path) or path.startswith("/hooks/"):
        await problems.send(send, 503, MOVED_WORDS)
        return
    given = {"visitor": Visitor(at=clock.now()), "here": "/", "flash": (), "to": moved.to}
    body = templating.render("errors/moved.html", given).encode()
    await _send(send, 503, body, (b"retry-after", MOVED_RETRY_AFTER))


async def _send(send: Any, status: int, body: bytes, header: tuple[bytes, bytes]) -> None:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"private, no-store"),
        header,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
