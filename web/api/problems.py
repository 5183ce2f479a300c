"""Refusals for programs: a problem document (RFC 9457) with readable text, never a page."""

import re
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Response
from litestar.exceptions import ValidationException

from components.foundation.refusals import Refusal

MEDIA_TYPE = "application/problem+json"
SOME_FIELDS = "Something you sent can’t be used. See the fields."
CHALLENGE = 'Bearer realm="api"'
_MISSING = re.compile(r"Missing required \w+ parameter '([^']+)'")


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """`detail` says what was wrong; `fields` says it for each parameter or place in the body."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    fields: dict[str, str] = {}


class WrongFields(Refusal):
    """An invalid body or parameter: a message for each place."""

    def __init__(self, fields: dict[str, str], *, words: str = SOME_FIELDS, status: int = 422) -> None:
        super().__init__(words)
        self.fields, self.status = fields, status


def is_for_a_program(path: str) -> bool:
    return path == "/api" or path.startswith("/api/")


def answer(status: int, words: str, fields: dict[str, str] | None = None) -> Response[Any]:
    headers = {"Cache-Control": "private, no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = CHALLENGE
    return Response(_body(status, words, fields or {}), status_code=status, media_type=MEDIA_TYPE, headers=headers)


def of_parameters(trouble: ValidationException) -> Response[Any]:
    """What the framework could not parse: an unknown path, or parameters, each with its message."""
    if missing := _MISSING.search(trouble.detail):
        return answer(422, SOME_FIELDS, {missing[1]: "This is required."})
    wrong: list[Any] = trouble.extra if isinstance(trouble.extra, list) else []
    if any(one.get("source") == "path" for one in wrong):
        return answer(404, "There is nothing at this address.")
    return answer(422, SOME_FIELDS, {str(one.get("key", "")): _said(str(one.get("message", ""))) for one in wrong})


async def send(send: Any, status: int, words: str) -> None:
    """The same response sent from the edge, outside the framework."""
    body = _body(status, words, {})
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"private, no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _body(status: int, words: str, fields: dict[str, str]) -> bytes:
    title = HTTPStatus(status).phrase
    return msgspec.json.encode(Problem(title=title, status=status, detail=words, fields=fields))


def _said(message: str) -> str:
    words = message.strip() or "This value can’t be used."
    return words if words.endswith(".") else f"{words}."
