"""Asking the real application, straight through its edge: no browser, no network, one address at a time."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.leaks import words
from tests.leaks.words import Canary


@dataclass(frozen=True)
class Address:
    """`is_part`: asked the way htmx asks for a part of a page. With a `body` that JSON is posted."""

    path: str
    is_part: bool = False
    body: bytes | None = None

    def __str__(self) -> str:
        return f"{self.path}{' (part)' if self.is_part else ''}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @cached_property
    def canaries(self) -> frozenset[Canary]:
        return words.found(self.text)

    @property
    def is_private(self) -> bool:
        return "no-store" in self.headers.get("cache-control", "")


async def ask(
    app: Any, address: Address, cookies: str, *, if_none_match: str = "", form: bytes | None = None
) -> Answer:
    """GET it; or, with a form or a body, POST that."""
    path, _, query = address.path.partition("?")
    headers = [(b"host", b"shop.test"), (b"sec-fetch-site", b"same-origin"), (b"accept", b"text/html")]
    if cookies:
        headers.append((b"cookie", cookies.encode()))
    if if_none_match:
        headers.append((b"if-none-match", if_none_match.encode()))
    if address.is_part:
        headers += [(b"hx-request", b"true"), (b"hx-request-type", b"partial")]
    sent = form if address.body is None else address.body
    if sent is not None:
        kind = b"application/x-www-form-urlencoded" if address.body is None else b"application/json"
        headers += [(b"content-type", kind), (b"content-length", b"%d" % len(sent))]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
        "method": "GET" if sent is None else "POST",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": headers, "server": ("shop.test", 80), "client": ("127.0.0.1", 50_000), "extensions": {},
    }  # fmt: skip
    return await _sent(app, scope, sent or b"")


async def _sent(app: Any, scope: dict[str, Any], body: bytes) -> Answer:
    start: dict[str, Any] = {}
    parts: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], headers, b"".join(parts).decode("utf-8", "replace"))
