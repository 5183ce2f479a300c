"""JSON to and from typed values."""

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def dump(value: Any) -> str:
    """Text for a JSON column or a job's arguments; supports ids, instants, decimals and dataclasses."""
    return msgspec.json.encode(value).decode()


def load(text: str | bytes) -> Any:
    return msgspec.json.decode(text)


def load_as(kind: type[T], text: str | bytes) -> T:
    """Raises `msgspec.ValidationError` if the text is not such a value."""
    return msgspec.json.decode(text, type=kind, strict=False)


def to_plain(value: Any) -> Any:
    """The value as dicts, lists and strings, ready to be part of a JSON document."""
    return msgspec.to_builtins(value)
