"""Stripe's form encoding: `items[0][price]=x` as nested dicts and lists of strings."""

import re
from typing import Any
from urllib.parse import parse_qsl

from web.standin.refusals import StripeRefusal

MOST_FIELDS = 2000
DEEPEST = 8
_NAME = re.compile(r"[^\[\]]+(?:\[[^\[\]]*\])*")
_KEY = re.compile(r"\[([^\[\]]*)\]")


def decode(text: str) -> dict[str, Any]:
    root: dict[str, Any] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise StripeRefusal(f"A request may have {MOST_FIELDS} fields at most.") from None
    for key, value in pairs:
        if not _NAME.fullmatch(key):
            raise StripeRefusal(f"Invalid parameter name: {key}. Keys cannot contain square brackets.", param=key)
        _put(root, [key.partition("[")[0], *_KEY.findall(key)], value)
    return {name: _with_lists(value) for name, value in root.items()}


def _put(root: dict[str, Any], path: list[str], value: str) -> None:
    if len(path) > DEEPEST:
        raise StripeRefusal("Request parameters are nested too deeply.")
    place = root
    for name in path[:-1]:
        inner = place.setdefault(name, {})
        if not isinstance(inner, dict):
            raise StripeRefusal(f"Invalid request: {path[0]} is both a value and a hash.", param=path[0])
        place = inner
    last = path[-1] or str(len(place))
    place[last] = value


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(item) for name, item in value.items()}
    if inner and all(name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
