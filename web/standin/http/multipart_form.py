"""A multipart request, as files are sent with, read as the form-encoded text that every other request has."""

import io
from collections.abc import Iterator
from urllib.parse import quote

from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartParser,
    MultipartPart,
    parse_options_header,
)

from web.standin.refusals import StripeRefusal

KIND = "multipart/form-data"
LARGEST = 6 * 1024 * 1024


def as_fields(sent: bytes, content_type: str) -> str:
    """A file becomes `file[name]` and `file[content]`, its bytes read as Latin-1 so that none is lost.

    Raises `StripeRefusal`.
    """
    boundary = parse_options_header(content_type)[1].get("boundary", "")
    try:
        parser = MultipartParser(io.BytesIO(sent), boundary, content_length=len(sent), memory_limit=2 * LARGEST)
        return "&".join(f"{name}={quote(text, safe='')}" for part in parser for name, text in _fields(part))
    except MultipartError:
        raise StripeRefusal("Invalid multipart request.") from None


def _fields(part: MultipartPart) -> Iterator[tuple[str, str]]:
    if part.filename is None:
        yield part.name, part.value
    else:
        yield f"{part.name}[name]", part.filename
        yield f"{part.name}[content]", part.raw.decode("latin-1")
