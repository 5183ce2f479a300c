"""A new shop that is not open yet: one plain page at every address but those that open it."""

from typing import Any

from components.foundation import clock
from components.opening import setup_state
from web import templating
from web.api import problems
from web.visitor import Visitor

RETRY_AFTER = b"3600"
WORDS = "This shop is not open yet."
ALWAYS = ("/health/", "/up", "/metrics", "/hooks/", "/setup/link/", "/brand/", "/favicon.ico", "/site.webmanifest")
FOR_OWNER = ("/setup", "/sign-in", "/account/security", "/account/confirm", "/account/sign-out")
"""Once somebody has used the link: where they sign in again, and set up their second factor."""


def is_closed_to(path: str) -> bool:
    """Whether this address is answered with that page."""
    state = setup_state.current()
    if not state.is_closed or path.startswith(ALWAYS):
        return False
    return state.owner is None or not path.startswith(FOR_OWNER)


async def answer(scope: Any, send: Any) -> None:
    path, visitor = scope["path"], scope["visitor"]
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


async def _send(send: Any, status: int, body: bytes, header: tuple[bytes, bytes]) -> None:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"private, no-store"),
        header,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
