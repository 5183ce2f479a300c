"""Cursors: the position in a long list. Programs return them unchanged and never parse them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar.params import QueryParameter

from web.api.problems import WrongFields

Place = tuple[datetime, UUID]

Cursor = Annotated[
    str,
    QueryParameter(
        name="cursor", max_length=200, description="`next` from the previous answer, to continue from there."
    ),
]
Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=100, description="The maximum number of results.")]


def encode(place: object) -> str:
    return urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def decode(cursor: str, kind: Any) -> Any:
    """Raises `WrongFields` for a cursor that is not ours."""
    try:
        return msgspec.json.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=kind)
    except (ValueError, msgspec.MsgspecError):
        raise WrongFields({"cursor": "This cursor is not valid. Start without one."}) from None
