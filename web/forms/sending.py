"""The form data as a browser sent it, read within bounds. Nothing of it is remembered after the request."""

import asyncio
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures import UploadFile
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
)

from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal

WITH_FILE = 12 * 1024 * 1024
"""`request_max_body_size` of a route that takes a file; others take `request_bodies.MOST_SENT`."""
MOST_FIELDS = 1_000
LONGEST_NAME = 200
LONGEST_PART_HEADER, MOST_PART_HEADERS = 4_096, 8
AT_ONCE = 64 * 1024
"""So many bytes are parsed before others get their turn."""


class FormUnreadable(Refusal):
    message = N_("Some of what you sent is not text. Please go back and submit the form again.")
    status = 400


class TooManyFields(Refusal):
    message = N_("This form has more fields than we can accept in one go.")
    status = 413


class SentForm:
    """Every value of every field, in the order sent."""

    def __init__(self) -> None:
        self._values: dict[str, list[Any]] = {}
        self._count = 0

    def add(self, name: str, value: Any) -> None:
        """Raises `TooManyFields`."""
        self._count += 1
        if self._count > MOST_FIELDS or len(name) > LONGEST_NAME:
            raise TooManyFields
        self._values.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def get(self, name: str) -> Any:
        """The first value, or None."""
        return next(iter(self.getall(name)), None)

    def getall(self, name: str) -> list[Any]:
        return self._values.get(name, [])


async def read_body(request: Request[Any, Any, Any]) -> SentForm:
    """Raises `FormUnreadable` for what is no form or no text, `TooManyFields` for more than is sensible.

    May be called again for the same request.
    """
    known: SentForm | None = request.scope.get("sent_form")  # type: ignore[assignment]
    if known is None:
        known = request.scope["sent_form"] = await _read(request)  # type: ignore[typeddict-unknown-key]
    return known


async def _read(request: Request[Any, Any, Any]) -> SentForm:
    kind, options = request.content_type
    try:
        if kind == "multipart/form-data":
            return await _parts(request, options.get("boundary", ""))
        if kind == "application/x-www-form-urlencoded":
            return _pairs(await request.body())
    except ParserLimitReached:
        raise TooManyFields from None
    except (UnicodeDecodeError, LookupError, MultipartError):
        raise FormUnreadable from None
    return SentForm()


def _pairs(body: bytes) -> SentForm:
    if body.count(b"&") >= MOST_FIELDS:
        raise TooManyFields
    form = SentForm()
    for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True):
        form.add(name, value)
    return form


async def _parts(request: Request[Any, Any, Any], boundary: str) -> SentForm:
    parser = PushMultipartParser(
        boundary,
        max_header_size=LONGEST_PART_HEADER,
        max_header_count=MOST_PART_HEADERS,
        max_segment_count=MOST_FIELDS,
    )
    reading, is_empty = _Parts(), True
    async for chunk in request.stream():
        for start in range(0, len(chunk), AT_ONCE):
            is_empty = False
            for event in parser.parse(chunk[start : start + AT_ONCE]):
                reading.take(event)
            await asyncio.sleep(0)
    if not is_empty:
        parser.close()
    return reading.form


class _Parts:
    """The parts of a multipart body as they come in."""

    def __init__(self) -> None:
        self.form = SentForm()
        self._part: MultipartSegment | None = None
        self._content = bytearray()

    def take(self, event: MultipartSegment | bytes | None) -> None:
        if isinstance(event, MultipartSegment):
            self._part, self._content = event, bytearray()
        elif event is not None:
            self._content += event
        elif self._part is not None:
            self._finish(self._part)
            self._part = None

    def _finish(self, part: MultipartSegment) -> None:
        if part.filename is None:
            self.form.add(part.name or "", self._content.decode(part.charset or "utf-8"))
            return
        kind = part.content_type or "application/octet-stream"
        self.form.add(part.name or "", UploadFile(kind, part.filename, bytes(self._content)))
