"""Checks that a response of the stand-in matches the SDK's types."""

import re
from collections.abc import Iterator
from typing import Any

from web.standin.contract import shapes, source


def answer_faults(answer: Any, shape: shapes.Shape, at: str = "answer") -> list[str]:
    """Every difference, as `path: what is wrong`; empty when the answer is what the SDK declares."""
    return list(_faults(answer, shape, at))


def _faults(value: Any, shape: shapes.Shape, at: str) -> Iterator[str]:
    if isinstance(shape, str):
        if not _IS_WORD[shape](value):
            yield f"{at}: expected {shape}, got {value!r:.60}"
        return
    kind, inside = next(iter(shape.items()))
    yield from _CHECKS[kind](value, inside, at)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_IS_WORD: dict[str, Any] = {
    "str": lambda value: isinstance(value, str),
    "int": _is_integer,
    "bool": lambda value: isinstance(value, bool),
    "float": lambda value: isinstance(value, float) or _is_integer(value),
    "decimal": lambda value: isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value) is not None,
    "any": lambda value: True,
}


def _literal(value: Any, values: list[Any], at: str) -> Iterator[str]:
    if value not in values:
        yield f"{at}: {value!r:.60} is none of {values}"


def _list(value: Any, shape: shapes.Shape, at: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{at}: expected a list, got {value!r:.60}"
        return
    for index, item in enumerate(value):
        yield from _faults(item, shape, f"{at}[{index}]")


def _map(value: Any, shape: shapes.Shape, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: expected a map, got {value!r:.60}"
        return
    for key, item in value.items():
        yield from _faults(item, shape, f"{at}.{key}")


def _page(value: Any, shape: shapes.Shape, at: str) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("object") != "list":
        yield f"{at}: expected a list object, got {value!r:.60}"
        return
    for name in {"object", "data", "has_more", "url"} ^ set(value):
        yield f"{at}.{name}: missing or unknown in a list object"
    yield from _list(value.get("data"), shape, f"{at}.data")


def _record(value: Any, reference: str, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: expected {reference}, got {value!r:.60}"
        return
    fields = source.record(reference)
    is_deleted = value.get("deleted") is True
    for name in value:
        if name not in fields:
            yield f"{at}.{name}: unknown in {reference}"
    for name, (required, nullable, shape) in fields.items():
        if name not in value:
            if required and not is_deleted:
                yield f"{at}.{name}: missing in {reference}"
        elif value[name] is None:
            if not nullable:
                yield f"{at}.{name}: null is not allowed in {reference}"
        else:
            yield from _faults(value[name], shape, f"{at}.{name}")


def _union(value: Any, members: list[shapes.Shape], at: str) -> Iterator[str]:
    """No faults when one member matches; else the shortest list of faults, which belongs to the intended member."""
    shortest: list[str] | None = None
    for shape in _same_kind(value, members) or members:
        faults = list(_faults(value, shape, at))
        if not faults:
            return
        if shortest is None or len(faults) < len(shortest):
            shortest = faults
    yield from shortest or ()


def _same_kind(value: Any, members: list[shapes.Shape]) -> list[shapes.Shape]:
    nested = ("record", "map", "page", "list")
    is_nested = isinstance(value, dict | list)
    return [
        shape
        for shape in members
        if is_nested == (isinstance(shape, dict) and next(iter(shape)) in nested) or shape == "any"
    ]


_CHECKS: dict[str, Any] = {
    "literal": _literal,
    "list": _list,
    "map": _map,
    "page": _page,
    "record": _record,
    "union": _union,
}
