"""Converts form fields to typed parameters; refusals have Stripe's wording."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from web.standin.contract import shapes, source

# `expand` is accepted by every call, the rest of RequestOptions never reaches the wire.
EVERYWHERE: dict[str, shapes.Field] = {"expand": (False, False, {"list": "str"})}


class BadParameter(ValueError):
    """A parameter Stripe would refuse: `code` is Stripe's, `param` its bracketed name."""

    def __init__(self, words: str, *, code: str | None, param: str) -> None:
        super().__init__(words)
        self.code = code
        self.param = param


def read_parameters(form: Mapping[str, Any], reference: str | None) -> dict[str, Any]:
    """`form` is the decoded request: nested dicts and lists of strings."""
    fields = source.record(reference) if reference else {}
    return _record(form, {**EVERYWHERE, **fields}, "")


def _record(form: Mapping[str, Any], fields: Mapping[str, shapes.Field], at: str) -> dict[str, Any]:
    for name in form:
        if name not in fields:
            unknown = _within(at, name)
            raise BadParameter(f"Received unknown parameter: {unknown}", code="parameter_unknown", param=unknown)
    for name, (required, _, _) in fields.items():
        if required and name not in form:
            missing = _within(at, name)
            raise BadParameter(f"Missing required param: {missing}.", code="parameter_missing", param=missing)
    return {name: _value(text, fields[name][2], _within(at, name)) for name, text in form.items()}


def _within(at: str, name: str | int) -> str:
    return f"{at}[{name}]" if at else str(name)


def _value(text: Any, shape: shapes.Shape, at: str) -> Any:
    if isinstance(shape, str):
        return _scalar(text, shape, at)
    kind, inside = next(iter(shape.items()))
    return _READERS[kind](text, inside, at)


def _scalar(text: Any, word: str, at: str) -> Any:
    if word == "any":
        return text
    if not isinstance(text, str):
        raise BadParameter(f"Invalid {_NAMES[word]}: {at} must not be nested.", code=None, param=at)
    try:
        return _SCALARS[word](text)
    except (ValueError, KeyError, InvalidOperation):
        code = "parameter_invalid_integer" if word == "int" else None
        raise BadParameter(f"Invalid {_NAMES[word]}: {text}", code=code, param=at) from None


def _integer(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise ValueError(text)
    return int(text)


_NAMES = {"str": "string", "int": "integer", "bool": "boolean", "float": "number", "decimal": "decimal"}
_SCALARS: dict[str, Any] = {
    "str": str,
    "int": _integer,
    "bool": {"true": True, "false": False}.__getitem__,
    "float": float,
    "decimal": lambda text: str(Decimal(text)),
}


def _literal(text: Any, values: list[str], at: str) -> Any:
    if text in values:
        return text
    *first, last = values
    listed = f"{', '.join(first)} or {last}" if first else last
    raise BadParameter(f"Invalid {at}: must be {'one of ' if first else ''}{listed}", code=None, param=at)


def _list(value: Any, shape: shapes.Shape, at: str) -> Any:
    if not isinstance(value, list):
        raise BadParameter(f"Invalid array: {at}", code=None, param=at)
    return [_value(item, shape, _within(at, index)) for index, item in enumerate(value)]


def _map(value: Any, shape: shapes.Shape, at: str) -> Any:
    if not isinstance(value, Mapping):
        raise BadParameter(f"Invalid hash: {at}", code=None, param=at)
    return {str(key): _value(item, shape, _within(at, key)) for key, item in value.items()}


def _nested(value: Any, reference: str, at: str) -> Any:
    if not isinstance(value, Mapping):
        raise BadParameter(f"Invalid object: {at}", code=None, param=at)
    return _record(value, source.record(reference), at)


def _union(value: Any, members: list[shapes.Shape], at: str) -> Any:
    """The first member that accepts the value; else the refusal of the most similar member."""
    refusals: list[tuple[bool, BadParameter]] = []
    for shape in members:
        try:
            return _value(value, shape, at)
        except BadParameter as refusal:
            is_nested = isinstance(shape, dict) and "literal" not in shape
            refusals.append((is_nested == isinstance(value, Mapping | list), refusal))
    raise next((refusal for is_near, refusal in refusals if is_near), refusals[0][1])


_READERS: dict[str, Any] = {"literal": _literal, "list": _list, "map": _map, "record": _nested, "union": _union}
