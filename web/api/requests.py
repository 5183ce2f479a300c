"""Request bodies: JSON that matches the documented schema exactly, or a message on what is wrong with it."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request

from web.api.problems import WrongFields

MOST_BYTES = 256 * 1024
UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PLACE = re.compile(r"^(.*?)(?: - at `(.*)`)?$", re.DOTALL)


class NotJson(WrongFields):
    def __init__(self) -> None:
        super().__init__({}, words="Send JSON with the header Content-Type: application/json.", status=415)


def parse_strictly(kind: type[msgspec.Struct]) -> Callable[[Request[Any, Any, Any]], Awaitable[None]]:
    """Checks before the handler is called that the body has exactly this type. The framework would turn "3" into 3."""

    async def check(request: Request[Any, Any, Any]) -> None:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise NotJson
        body = await request.body()
        try:
            msgspec.json.decode(body, type=kind)
            _no_unreadable_signs(msgspec.json.decode(body), "")
        except msgspec.ValidationError as wrong:
            raise WrongFields(_placed(str(wrong))) from None
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, ValueError):
            raise WrongFields({}, words="This is not valid JSON.") from None

    return check


def _placed(message: str) -> dict[str, str]:
    """ "Expected `int`, got `str` - at `$.lines[0].quantity`" → {"lines[0].quantity": "Expected `int`, got `str`."}"""
    found = _PLACE.match(message)
    words, place = (found[1], found[2] or "") if found else (message, "")
    return {place.removeprefix("$").removeprefix(".") or "body": f"{words}."}


def _no_unreadable_signs(value: Any, place: str) -> None:
    if isinstance(value, str) and UNREADABLE.search(value):
        raise WrongFields({place or "body": "Remove the unreadable character."})
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        _no_unreadable_signs(part, f"{place}[{name}]" if isinstance(value, list) else f"{place}.{name}".strip("."))
