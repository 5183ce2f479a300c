"""The answer when nothing else could answer: refused before the shop was asked, or broken outside of it."""

from typing import Any

import structlog

from components.foundation import clock
from components.foundation.languages import language
from components.foundation.languages.words import _
from components.foundation.refusals import Refusal
from web import templating
from web.api import problems
from web.edge.error_texts import WORDS, brief_page, template_of
from web.edge.request_bodies import BodyNotSent
from web.edge.response_bodies import ReaderTooSlow
from web.visitor import Visitor

log = structlog.get_logger()


async def answer(scope: Any, send: Any, trouble: Exception) -> None:
    """In the language in which the rest would have been answered."""
    with language.speaking(scope.get("language")):
        await _answer(scope, send, trouble)


async def _answer(scope: Any, send: Any, trouble: Exception) -> None:
    """A refusal in its own words, anything else as a 500. Nothing is sent if an answer has begun."""
    status, words, headers = 500, _(WORDS[500]), []
    if isinstance(trouble, ReaderTooSlow):
        log.info("a reader was cut", path=scope["path"], request_id=scope["request_id"])
        return
    if isinstance(trouble, Refusal):
        status, words = trouble.status, str(trouble)
        if wait := getattr(trouble, "retry_after", None):
            headers.append((b"retry-after", str(int(wait)).encode()))
    else:
        log.error("an answer failed outside the shop", path=scope["path"], exc_info=trouble,
                  request_id=scope["request_id"])  # fmt: skip
    if send.status:
        return
    if problems.is_for_a_program(scope["path"]):
        await problems.send(send, status, words)
        return
    body = brief_page(words) if isinstance(trouble, BodyNotSent) else _page(scope, status, words)
    headers += [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"private, no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _page(scope: Any, status: int, words: str) -> bytes:
    given = {"visitor": Visitor(at=clock.now()), "here": "/", "flash": (), "request_id": scope["request_id"]}
    try:
        return templating.render(template_of(status), {**given, "words": words}).encode()
    except Exception:
        log.exception("the page of an error failed")
        return brief_page(words)
